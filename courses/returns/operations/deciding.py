"""What people decide of flagged rows: they go in, they stay out, or a decision is taken back. All of it is logged."""

from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.models import User
from courses.achievements.models import Achievement
from courses.achievements.operations import change_chosen
from courses.returns.models import Group, HeldRow, HeldRowQuerySet, QuarantineDecision, Return
from courses.returns.profiles import Definition
from programs.models import Membership, Partner, Program, Role

from .loading import LOCK

CELLS_ARE_KEPT = timedelta(days=30)  # after a decision, so that it can be undone
FAULTY_CELLS_ARE_KEPT = timedelta(days=90)  # after loading, so that the partner can download and mend the rows
MAY_DECIDE = (Role.PROGRAM_MANAGER,)
State = HeldRow.State
Verdict = QuarantineDecision.Verdict


class QuarantineRefusedError(Exception):
    """It cannot be decided like this; the message says why and what to do."""


@transaction.atomic
def release_rows(
    program: Program, group: Group, *, because: str, at: datetime, by: User, row: HeldRow | None = None
) -> QuarantineDecision:
    """Says that the waiting rows of a group go in after all, or one `row` of it, and rings for a worker.

    Releasing twice is once: the answer is the decision that holds. Raises `QuarantineRefusedError` for somebody without
    the role, without a reason, if they were decided otherwise, and if their cells or columns are no longer there.
    """
    _refuse_unless_readable(_chosen(program, group, row))
    made = _decide(program, group, row, Verdict.RELEASE, because=because, at=at, by=by)
    _ring()
    return made


@transaction.atomic
def dismiss_rows(
    program: Program, group: Group, *, because: str, at: datetime, by: User, row: HeldRow | None = None
) -> QuarantineDecision:
    """Says that the waiting rows of a group stay out, or one `row` of it. Their cells are let go 30 days later.

    Dismissing twice is once. Raises as `release_rows` does, but needs no cells.
    """
    return _decide(program, group, row, Verdict.DISMISS, because=because, at=at, by=by)


@transaction.atomic
def undo_quarantine_decision(
    decision: QuarantineDecision, *, because: str, at: datetime, by: User
) -> QuarantineDecision:
    """Takes a release or dismissal back: its rows wait again. Undoing twice is once.

    What a release brought is revoked by later facts that name this decision; released again, it is restored. Dismissed
    rows whose cells were let go stay out. Raises `QuarantineRefusedError` for somebody without the role, without a
    reason, for an undoing, where no row is left that could wait, and while the partner's rows are being taken in.
    """
    _refuse_unless_may(decision.program, by, because)
    partner = _locked_partner(decision.partner_id)
    if known := QuarantineDecision.objects.filter(undoes=decision).first():
        return known
    rows = HeldRow.objects.filter(decision=decision).exclude(state=State.DISMISSED, sealed__isnull=True)
    number = rows.count()
    if decision.verdict == Verdict.UNDO or not number:
        raise QuarantineRefusedError(_("Nothing of this decision is left to undo: the cells of its rows were let go."))
    _refuse_while_loading(partner)
    made = QuarantineDecision.objects.create(
        program=decision.program, partner=partner, verdict=Verdict.UNDO, rule=decision.rule, group=decision.group,
        rows=number, because=because.strip(), decided_at=at, decided_by=by, undoes=decision,
    )  # fmt: skip
    if decision.verdict == Verdict.RELEASE:
        for return_id in list(rows.order_by().values_list("of_return", flat=True).distinct()):
            _take_back(made, decision, return_id)
    rows.update(state=State.WAITING, decision=None)
    return made


def forget_cells(*, at: datetime) -> int:
    """Lets go of the cells of rows in quarantine whose time is over; answers of how many rows."""
    return forget_decided_cells(at=at) + forget_faulty_cells(at=at)


@transaction.atomic
def forget_decided_cells(*, at: datetime) -> int:
    """Lets go of the cells of rows that were decided 30 days ago or earlier; answers of how many rows."""
    old = HeldRow.objects.filter(
        decision__decided_at__lte=at - CELLS_ARE_KEPT, sealed__isnull=False,
        state__in=[State.RELEASED, State.KNOWN, State.DISMISSED],
    )  # fmt: skip
    return old.update(sealed=None)


@transaction.atomic
def forget_faulty_cells(*, at: datetime) -> int:
    """Lets go of the cells of faulty rows of returns that were loaded 90 days ago or earlier; answers of how many rows.

    What was wrong with each stays, without the row.
    """
    old = HeldRow.objects.filter(
        state=State.FAULTY, sealed__isnull=False, of_return__loaded_at__lte=at - FAULTY_CELLS_ARE_KEPT
    )
    return old.update(sealed=None)


def _decide(
    program: Program, group: Group, row: HeldRow | None, verdict: Verdict, *, because: str, at: datetime, by: User
) -> QuarantineDecision:
    _refuse_unless_may(program, by, because)
    partner = _locked_partner(group.partner_id)
    chosen = _chosen(program, group, row)
    waiting = chosen.filter(state=State.WAITING)
    number = waiting.count()
    if not number:
        return _decided_already(chosen, verdict)
    made = QuarantineDecision.objects.create(
        program=program, partner=partner, verdict=verdict, rule=group.rule, group=group.group, rows=number,
        because=because.strip(), decided_at=at, decided_by=by,
    )  # fmt: skip
    state = State.RELEASING if verdict == Verdict.RELEASE else State.DISMISSED
    HeldRow.objects.filter(pk__in=waiting.order_by().values("pk")).update(state=state, decision=made)
    return made


def _chosen(program: Program, group: Group, row: HeldRow | None) -> HeldRowQuerySet:
    rows = HeldRow.objects.flagged(program).in_group(group)
    return rows.filter(pk=row.pk) if row else rows


def _decided_already(chosen: HeldRowQuerySet, verdict: Verdict) -> QuarantineDecision:
    """The newest decision on these rows, which has said the same."""
    last = chosen.filter(decision__isnull=False).select_related("decision__decided_by").order_by("-decision").first()
    decision: QuarantineDecision | None = last.decision if last else None
    if decision is None:
        raise QuarantineRefusedError(_("No row of this group waits here. Load the page again."))
    if decision.verdict != verdict:
        said = decision.get_verdict_display()
        raise QuarantineRefusedError(
            _("%(decided_by)s has decided that %(said)s. Undo that first.")
            % {"decided_by": decision.decided_by, "said": said}
        )
    return decision


def _refuse_unless_may(program: Program, by: User, because: str) -> None:
    may = Membership.objects.filter(program=program, user=by, role__in=MAY_DECIDE).exists()
    if not (may and by.is_active):
        raise QuarantineRefusedError(_("%(by)s is no program manager of %(program)s.") % {"by": by, "program": program})
    if not because.strip():
        raise QuarantineRefusedError(_("Say why: whoever looks at this number later will ask."))


def _refuse_unless_readable(chosen: HeldRowQuerySet) -> None:
    waiting = chosen.filter(state=State.WAITING)
    if waiting.filter(sealed__isnull=True).exists():
        raise QuarantineRefusedError(_("The cells of these rows were let go. The partner can send them again."))
    returns = Return.objects.filter(pk__in=waiting.order_by().values("of_return")).select_related("profile")
    for sent in returns:
        missing = set(Definition.of(sent.profile.definition).columns) - set(sent.columns)
        if missing:
            raise QuarantineRefusedError(
                _(
                    "The profile reads columns now that return %(number)s was not read by: %(columns)s."
                    " The partner can send the rows again."
                )
                % {"number": sent.pk, "columns": ", ".join(sorted(missing))}
            )


def _locked_partner(partner_id: int) -> Partner:
    """One decision on a partner's rows at a time."""
    return Partner.objects.select_for_update(of=("self",), no_key=True).get(pk=partner_id)


def _refuse_while_loading(partner: Partner) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [LOCK, partner.pk])
        if not cursor.fetchone()[0]:
            raise QuarantineRefusedError(
                _("Rows of %(partner)s are being taken in just now. Try again in a minute.") % {"partner": partner}
            )


def _take_back(undo: QuarantineDecision, decision: QuarantineDecision, return_id: int) -> None:
    """Revokes what the decision's rows of one return have brought, and counts them as in quarantine again."""
    given = {"return": return_id, "decision": decision.pk, "partner": decision.partner_id}
    change_chosen(
        decision.program, chosen=BROUGHT, given=given, kind=Achievement.Kind.REVOKED, recorded_at=undo.decided_at,
        reason=undo.reason_of_revocation,
    )  # fmt: skip
    rows = HeldRow.objects.filter(of_return=return_id, decision=decision)
    accepted, duplicate = (rows.filter(state=state).count() for state in (State.RELEASED, State.KNOWN))
    count_again(return_id, accepted=-accepted, duplicate=-duplicate, facts=_brought(given))
    Return.objects.filter(pk=return_id).update(recorded_at=undo.decided_at)


def _brought(given: dict[str, int]) -> dict[int, int]:
    """How many facts of rows that were counted as accepted, by level of evidence, as a loss."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT evidence, -count(*) FROM ({BROUGHT} AND held.state = 'released') brought"  # noqa: S608
            " JOIN achievements_achievement USING (id) GROUP BY evidence", given,
        )  # fmt: skip
        return dict(cursor.fetchall())


# Facts of a partner lie together, which is how they are found.
BROUGHT = """
SELECT fact.id FROM returns_heldrow held
JOIN achievements_achievement fact ON fact.source_row = held.number
WHERE held.decision_id = %(decision)s AND held.of_return_id = %(return)s AND held.state IN ('released', 'releasing')
  AND fact.partner_id = %(partner)s AND fact.kind = 'achieved' AND fact.source = 'return'
  AND fact.source_id = %(return)s
"""


def count_again(return_id: int, *, accepted: int, duplicate: int, facts: dict[int, int]) -> None:
    """Moves rows of a return from quarantine to accepted and duplicate, or back; the sum stays what was sent."""
    locked = Return.objects.select_for_update(of=("self",), no_key=True).get(pk=return_id)
    levels = {str(level): locked.facts.get(str(level), 0) + number for level, number in facts.items()}
    Return.objects.filter(pk=return_id).update(
        accepted=F("accepted") + accepted,
        duplicate=F("duplicate") + duplicate,
        quarantined=F("quarantined") - accepted - duplicate,
        facts={level: number for level, number in (locked.facts | levels).items() if number},
    )


def _ring() -> None:
    from courses.returns.tasks import release_waiting_rows

    # The ring may be lost without harm: beat finds the rows.
    transaction.on_commit(release_waiting_rows.delay, robust=True)
