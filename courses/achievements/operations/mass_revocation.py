"""What can happen to a mass revocation: proposed, decided by another person, carried out by a worker, undone."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from courses.achievements.models import Achievement, MassRevocation, Reach
from programs.access import OPERATOR
from programs.models import Membership, Partner, Program, Role
from programs.templatetags.figures import number

from .marking import mark_sql

MAY_ORDER = (Role.PROGRAM_MANAGER, OPERATOR)
Decision = MassRevocation.Decision
# What a later fact repeats of the achievement that it refers to.
COPIED = (
    "program_id", "person_id", "course_id", "partner_id", "evidence", "achieved_on",
    "region", "sector", "employer", "employer_size", "age_band", "occupation",
)  # fmt: skip


class MassRevocationRefusedError(Exception):
    """It cannot be proposed or decided like this; the message says why and what to do, and `field` what is wrong."""

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class NumberChangedError(MassRevocationRefusedError):
    """It would take another number of achievements than the approver has seen."""


@transaction.atomic
def propose_mass_revocation(
    program: Program,
    partner: Partner,
    *,
    first_on: date,
    last_on: date,
    reason: str,
    proposed_by: User,
    at: datetime,
) -> MassRevocation:
    """Proposes to revoke all that was achieved with the partner from the first day to the last, both included.

    Nothing is revoked until another person approves. Proposing the same again answers the first proposal while nobody
    has decided on it. Raises `MassRevocationRefusedError` as `check_proposal` does, or if somebody else proposed it.
    """
    asked = {"program": program, "partner": partner, "first_on": first_on, "last_on": last_on}
    said = {"reason": reason.strip(), "proposed_by": proposed_by, "proposed_at": at}
    check_proposal(MassRevocation(**asked, **said))
    proposed, _is_new = MassRevocation.objects.get_or_create(**asked, decision="", undoes=None, defaults=said)
    return _refuse_unless_by(proposed_by, proposed)


def check_proposal(proposed: MassRevocation) -> Reach:
    """How much the proposal, which is not saved yet, would take now.

    Raises `MassRevocationRefusedError` for days that make no period or lie ahead, without a reason, by somebody without
    the role, for another program's partner, or where nothing stands in the period.
    """
    _refuse_unless_may(proposed.proposed_by, proposed.program)
    today = timezone.localdate(proposed.proposed_at, ZoneInfo(proposed.program.time_zone))
    if proposed.partner.program_id != proposed.program_id:
        raise MassRevocationRefusedError(
            _("%(partner)s is no partner of %(program)s.") % {"partner": proposed.partner, "program": proposed.program},
            field="partner",
        )
    if proposed.last_on < proposed.first_on:
        raise MassRevocationRefusedError(_("The last day lies before the first day."), field="last_on")
    if proposed.last_on > today:
        raise MassRevocationRefusedError(_("The last day lies ahead. Choose today or an earlier day."), field="last_on")
    if not proposed.reason.strip():
        raise MassRevocationRefusedError(_("Say why. The reason is kept with every fact."), field="reason")
    reach = proposed.takes().reach()
    if not reach.achievements:
        raise MassRevocationRefusedError(_nothing(proposed))
    return reach


@transaction.atomic
def propose_undo(order: MassRevocation, *, reason: str, proposed_by: User, at: datetime) -> MassRevocation:
    """Proposes to restore what a mass revocation has revoked, but for what was changed since then; twice is once.

    Raises `MassRevocationRefusedError` for one that was not carried out, is itself an undo, or has an undo of somebody
    else; without a reason; by somebody without the role; or where nothing is left to restore.
    """
    locked = MassRevocation.objects.select_for_update(of=("self",), no_key=True).get(pk=order.pk)
    if locked.carried_out_at is None or locked.is_undo:
        raise MassRevocationRefusedError(_("Only a mass revocation that was carried out can be undone."))
    known = locked.undos.in_force().first()
    if known is not None and known.is_open:
        return _refuse_unless_by(proposed_by, known)
    if known is not None:
        raise MassRevocationRefusedError(_("It was undone already: see number %(number)s.") % {"number": known.pk})
    proposed = MassRevocation(
        program=locked.program,
        partner=locked.partner,
        first_on=locked.first_on,
        last_on=locked.last_on,
        reason=reason.strip(),
        undoes=locked,
        proposed_by=proposed_by,
        proposed_at=at,
    )
    check_proposal(proposed)
    proposed.save(force_insert=True)
    return proposed


@transaction.atomic
def approve_mass_revocation(order: MassRevocation, *, approved_by: User, seen: int, at: datetime) -> MassRevocation:
    """Approves that `seen` achievements are taken, and rings for a worker; approving twice is once, whatever is seen.

    Raises `NumberChangedError` if it would take another number now, and `MassRevocationRefusedError` for the person
    who proposed it, unless both of them have the role, if it was decided otherwise, or if nothing is left to take.
    """
    locked = _locked(order, approved_by)
    if _is_decided(locked, Decision.APPROVED, approved_by):
        return locked
    if locked.proposed_by_id == approved_by.pk:
        raise MassRevocationRefusedError(_("You proposed this. Another person has to approve it."))
    _refuse_unless_may(locked.proposed_by, locked.program)
    reach = locked.takes().reach()
    if reach.achievements != seen:
        raise NumberChangedError(
            _(
                "It is not %(seen)s achievements now, but %(achievements)s of %(people)s people."
                " Look at it again, and approve that number if it is right."
            )
            % {"seen": number(seen), "achievements": number(reach.achievements), "people": number(reach.people)}
        )
    if not reach.achievements:
        raise MassRevocationRefusedError(_nothing(locked))
    _decide(locked, Decision.APPROVED, by=approved_by, at=at, approved=seen)
    _ring(locked.pk)
    return locked


@transaction.atomic
def refuse_mass_revocation(order: MassRevocation, *, refused_by: User, at: datetime) -> MassRevocation:
    """Refuses a proposal for good; refusing twice is once. Who proposed it withdraws it instead.

    Raises `MassRevocationRefusedError` for the person who proposed it, for somebody without the role, or if it was
    decided otherwise.
    """
    locked = _locked(order, refused_by)
    if _is_decided(locked, Decision.REFUSED, refused_by):
        return locked
    if locked.proposed_by_id == refused_by.pk:
        raise MassRevocationRefusedError(_("You proposed this. Withdraw it, if it should not be carried out."))
    return _decide(locked, Decision.REFUSED, by=refused_by, at=at)


@transaction.atomic
def withdraw_mass_revocation(order: MassRevocation, *, withdrawn_by: User, at: datetime) -> MassRevocation:
    """Takes one's own proposal back; withdrawing twice is once.

    Raises `MassRevocationRefusedError` for anybody else, for somebody without the role, or if it was decided otherwise.
    """
    locked = _locked(order, withdrawn_by)
    if locked.proposed_by_id != withdrawn_by.pk:
        raise MassRevocationRefusedError(
            _("Only %(proposed_by)s, who proposed this, can withdraw it. Refuse it.")
            % {"proposed_by": locked.proposed_by}
        )
    if _is_decided(locked, Decision.WITHDRAWN, withdrawn_by):
        return locked
    return _decide(locked, Decision.WITHDRAWN, by=withdrawn_by, at=at)


@transaction.atomic
def carry_out_mass_revocation(order_id: int, *, at: datetime, wait: bool = True) -> None:
    """Adds a later fact for every achievement that an approved order takes: all of them, or none. Twice is once.

    With `wait=False` an order that somebody else is carrying out is left to them.
    """
    waiting = MassRevocation.objects.waiting().filter(pk=order_id)
    order = waiting.select_for_update(of=("self",), skip_locked=not wait).first()
    if order is None:
        return
    # One change of a partner's facts at a time: a return that is being loaded is finished first.
    Partner.objects.select_for_update(of=("self",), no_key=True).get(pk=order.partner_id)
    taken = _take(order, at)
    changes = {"carried_out_at": at, "achievements": taken.achievements, "people": taken.people}
    MassRevocation.objects.filter(pk=order.pk).update(**changes)


def carry_out_waiting_mass_revocations(*, at: datetime) -> None:
    """Carries out every approved order that waits and that nobody is carrying out."""
    for order_id in MassRevocation.objects.waiting().values_list("pk", flat=True):
        carry_out_mass_revocation(order_id, at=at, wait=False)


def _take(order: MassRevocation, at: datetime) -> Reach:
    """Adds the facts and marks their people dirty in one statement.

    A turn that somebody else has taken in the meantime is left to them. The key of a fact is `fact_key("later", id of
    the achievement, turn)`.
    """
    rows = order.takes().values_list("achievement_id", "next_turn", *COPIED)
    chosen, chosen_with = rows.query.sql_with_params()
    columns = ", ".join(COPIED)
    kind = Achievement.Kind.RESTORED if order.is_undo else Achievement.Kind.REVOKED
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH added AS (
                INSERT INTO achievements_achievement
                    (refers_to_id, turn, fact_key, kind, reason, recorded_at, source, source_id, {columns})
                SELECT id, turn, substr(sha256(%s || id::text::bytea || %s || turn::text::bytea), 1, 16),
                    %s, %s, %s, %s, %s, {columns}
                FROM ({chosen}) AS chosen (id, turn, {columns})
                ON CONFLICT DO NOTHING
                RETURNING person_id
            ), marked AS (
                {mark_sql("SELECT person_id FROM added", program="%s", at="%s")}
            )
            SELECT count(*), count(DISTINCT person_id) FROM added
            """,  # noqa: S608 - names of our own columns, and a query that Django wrote
            [
                *(b"later\0", b"\0", kind, order.reason, at, Achievement.Source.MASS_REVOCATION, order.pk),
                *chosen_with,
                *(order.program_id, at),
            ],
        )
        return Reach(*cursor.fetchone())


def _ring(order_id: int) -> None:
    from courses.achievements.tasks import carry_out_mass_revocation as task

    # The ring may be lost without harm: beat finds the row.
    transaction.on_commit(lambda: task.delay(order_id), robust=True)


def _locked(order: MassRevocation, user: User) -> MassRevocation:
    _refuse_unless_may(user, order.program)
    rows = MassRevocation.objects.select_related("partner", "proposed_by", "decided_by", "undoes", "program")
    return rows.select_for_update(of=("self",)).get(pk=order.pk)


def _refuse_unless_may(user: User, program: Program) -> None:
    is_manager = Membership.objects.filter(program=program, user=user, role=Role.PROGRAM_MANAGER).exists()
    if not (user.is_active and (is_manager or user.is_operator)):
        raise MassRevocationRefusedError(
            _("%(user)s is neither a program manager of %(program)s nor an operator.")
            % {"user": user, "program": program}
        )


def _refuse_unless_by(user: User, proposed: MassRevocation) -> MassRevocation:
    """The proposal, if it is the user's; raises `MassRevocationRefusedError` if somebody else has made it before."""
    if proposed.proposed_by_id != user.pk:
        raise MassRevocationRefusedError(
            _("%(proposed_by)s has proposed this already: decide on number %(number)s.")
            % {"proposed_by": proposed.proposed_by, "number": proposed.pk}
        )
    return proposed


def _is_decided(order: MassRevocation, decision: Decision, by: User) -> bool:
    """Whether this person has decided just so; raises `MassRevocationRefusedError` if it was decided otherwise."""
    if order.is_open:
        return False
    if (order.decision, order.decided_by_id) != (decision, by.pk):
        raise MassRevocationRefusedError(
            _("%(decided_by)s has decided already: %(decision)s.")
            % {"decided_by": order.decided_by, "decision": order.get_decision_display()}
        )
    return True


def _decide(
    order: MassRevocation, decision: Decision, *, by: User, at: datetime, approved: int | None = None
) -> MassRevocation:
    order.decision, order.decided_by, order.decided_at, order.approved = decision, by, at, approved
    order.save(update_fields=["decision", "decided_by", "decided_at", "approved"])
    return order


def _nothing(order: MassRevocation) -> str:
    if order.is_undo:
        return _("Nothing is left to restore: all that it revoked was changed since then.")
    said = _("Nothing that was achieved with %(partner)s in these days stands. Look at the partner and the days.")
    return said % {"partner": order.partner}
