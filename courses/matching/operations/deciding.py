"""What people decide of candidates: one person, two persons, or later. Every decision is logged and can be undone."""

from collections.abc import Collection, Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from courses.achievements.operations import (
    MergeRefusedError,
    merge_between,
    merge_persons,
    merging_order,
    unmerge,
)
from courses.matching.models import Candidate, Decided, Decision
from people.models import Merge
from programs.models import Membership, Program, Role
from programs.templatetags.figures import day

MOST_AT_ONCE = 50  # candidates with the same evidence, decided together after they were shown
MAY_DECIDE = (Role.PROGRAM_MANAGER,)
State = Candidate.State
Verdict = Decision.Verdict


class DecisionRefusedError(Exception):
    """It cannot be decided like this; the message says why and what to do."""


@transaction.atomic
def decide_same(candidate: Candidate, *, because: str = "", at: datetime, by: User) -> Decision:
    """Merges the two persons, whomever they are counted as today. Deciding it twice is deciding it once.

    Raises `DecisionRefusedError` for somebody without the role, for a candidate that was decided otherwise or is none
    any more, for different national identifiers, and where nothing but name and birth date agrees and `because` does
    not say what else is known.
    """
    return _decide([candidate], Verdict.SAME, because=because.strip(), at=at, by=by)


@transaction.atomic
def decide_different(candidate: Candidate, *, at: datetime, by: User) -> Decision:
    """Says that they are two people. They are proposed again only if more speaks for it later on than does today.

    Whoever else waits between the same two persons is decided with it. Raises as `decide_same` does, but asks for no
    reason, and also for two who were merged meanwhile: that merge is to be undone first.
    """
    return _decide([candidate], Verdict.DIFFERENT, because="", at=at, by=by)


@transaction.atomic
def decide_later(candidate: Candidate, *, at: datetime, by: User) -> Decision:
    """Puts the candidate off until the queue is empty. Raises as `decide_different` does."""
    return _decide([candidate], Verdict.LATER, because="", at=at, by=by)


@transaction.atomic
def decide_alike(candidates: Collection[Candidate], verdict: str, *, at: datetime, by: User) -> Decision:
    """Decides candidates whose evidence is the same in every field, all of them or none, as one decision.

    Raises `DecisionRefusedError` as the others do, for more than `MOST_AT_ONCE`, for evidence that differs, and for
    merging where nothing but name and birth date agrees: of those, each needs a reason of its own. Several together may
    lead to different national identifiers where each alone does not: then none is merged.
    """
    if not 1 <= len(candidates) <= MOST_AT_ONCE:
        raise DecisionRefusedError(
            _("Between 1 and %(most)s candidates can be decided at once.") % {"most": MOST_AT_ONCE}
        )
    if len({(candidate.program_id, candidate.pattern) for candidate in candidates}) > 1:
        raise DecisionRefusedError(_("Their evidence is not the same. Load the page again, and look at them."))
    return _decide(candidates, Verdict(verdict), because="", at=at, by=by)


@transaction.atomic
def undo_decision(decision: Decision, *, at: datetime, by: User) -> Decision:
    """Takes a decision back: its candidates are open again, and the merges that it made are undone. Twice is once.

    Candidates of which it is not the last word, because they were decided anew since or are no longer alike, stay as
    they are. Raises `DecisionRefusedError` for somebody without the role, and if that is so of all of them.
    """
    refuse_unless_may(by, decision.program)
    locked = Decision.objects.select_for_update(of=("self",)).select_related("program").get(pk=decision.pk)
    if locked.undone_at is not None:
        return locked
    decided = list(locked.decided.select_related("merge").order_by("candidate_id"))
    again = _last_decided_by(locked, [row.candidate_id for row in decided])
    for row in reversed(decided):
        if row.merge is not None and row.candidate_id in {candidate.pk for candidate in again}:
            unmerge(row.merge, because="the decision of a candidate was undone", at=at, by=by)
    _change(again, state=State.OPEN, because="", decided_at=None, decided_by=None, merge=None)
    locked.undone_at, locked.undone_by = at, by
    locked.save(update_fields=["undone_at", "undone_by"])
    return locked


def _last_decided_by(decision: Decision, numbers: list[int]) -> list[Candidate]:
    """Those of the candidates of which this decision is the last word."""
    newer = Decided.objects.filter(decision__gt=decision, decision__undone_at__isnull=True, candidate__in=numbers)
    anew = set(newer.values_list("candidate", flat=True))
    last = [row for row in _locked(numbers) if row.state == State(decision.verdict) and row.pk not in anew]
    if not last:
        raise DecisionRefusedError(_("Nothing of this decision holds any more: undo what was decided after it."))
    return last


def _decide(
    chosen: Collection[Candidate], verdict: Decision.Verdict, *, because: str, at: datetime, by: User
) -> Decision:
    program = next(iter(chosen)).program
    refuse_unless_may(by, program)
    locked = _locked([candidate.pk for candidate in chosen])
    if known := _decided_already(locked, verdict):
        return known
    for candidate in locked:
        _refuse_unless_open(candidate, verdict, because)
    if verdict == Verdict.DIFFERENT:
        for candidate in locked:
            _refuse_if_merged(candidate)
        locked = _with_all_between(locked)
    made = Decision.objects.create(
        program=program, verdict=verdict, because=because, candidates=len(locked), decided_at=at, decided_by=by
    )
    merges = {row.pk: _merged(row, at=at, by=by) if verdict == Verdict.SAME else None for row in locked}
    rows = [Decided(program=program, decision=made, candidate=row, merge=merges[row.pk]) for row in locked]
    Decided.objects.bulk_create(rows)
    for row in locked:
        changes = {"state": State(verdict), "because": because, "merge": merges[row.pk]}
        _change([row], **changes, decided_at=at, decided_by=by)
    return made


def _locked(numbers: Iterable[int]) -> list[Candidate]:
    """In the order of their numbers, so that two who decide on many do not wait for each other in a circle."""
    rows = Candidate.objects.filter(pk__in=list(numbers)).select_related("program", "one", "other").order_by("pk")
    return list(rows.select_for_update(of=("self",)))


def _decided_already(locked: list[Candidate], verdict: Decision.Verdict) -> Decision | None:
    """The decision that has said so already of all of them; somebody else's as well."""
    if any(candidate.state != State(verdict) for candidate in locked):
        return None
    return Decision.objects.standing().filter(decided__candidate=locked[0], verdict=verdict).order_by("-pk").first()


def _refuse_unless_open(candidate: Candidate, verdict: Decision.Verdict, because: str) -> None:
    if candidate.state not in Candidate.UNDECIDED:
        raise DecisionRefusedError(_otherwise(candidate))
    if verdict != Verdict.SAME:
        return
    if candidate.is_alone and not because:
        raise DecisionRefusedError(
            _("Only name and birth date agree, and many people share those. Say what else you know, or put it off.")
        )


def _refuse_if_merged(candidate: Candidate) -> None:
    merge = merge_between(candidate.one, candidate.other)
    if merge is None:
        return
    merged_on = merge.merged_at.astimezone(ZoneInfo(candidate.program.time_zone)).date()
    by = merge.merged_by or Merge.Reason(merge.reason).label
    raise DecisionRefusedError(
        _("They are one person since %(day)s, merged by %(by)s. Undo that merge first.")
        % {"day": day(merged_on, candidate.program), "by": by}
    )


def _otherwise(candidate: Candidate) -> str:
    if candidate.state == State.GONE:
        return _("What is said of them has changed, and they are no longer alike.")
    said = _("%(decided_by)s has decided already: %(decision)s. Undo that first.")
    return said % {"decided_by": candidate.decided_by, "decision": candidate.get_state_display()}


def _with_all_between(locked: list[Candidate]) -> list[Candidate]:
    """Them, and all others that wait between the same two persons because somebody was merged meanwhile."""
    rooted = Candidate.objects.with_roots().filter(pk__in=[candidate.pk for candidate in locked])
    numbers = {candidate.pk for candidate in locked}
    for candidate in rooted:
        between = Candidate.objects.of(candidate.program).between({candidate.one_root, candidate.other_root})
        numbers.update(between.values_list("pk", flat=True))
    return [row for row in _locked(numbers) if row.state in Candidate.UNDECIDED]


def _merged(candidate: Candidate, *, at: datetime, by: User) -> Merge | None:
    """The merge that this decision makes, or nothing if the two are one person already by another."""
    person, into = merging_order(candidate.program, candidate.one, candidate.other)
    evidence = candidate.evidence | {"candidate": candidate.pk, "score": candidate.score}
    try:
        merge = merge_persons(
            candidate.program, person, into, reason=Merge.Reason.REVIEW, evidence=evidence, at=at, by=by
        )
    except MergeRefusedError as refusal:
        raise DecisionRefusedError(str(refusal)) from refusal
    return merge if merge.merged_at == at and merge.evidence.get("candidate") == candidate.pk else None


def _change(candidates: list[Candidate], **changes: object) -> None:
    for candidate in candidates:
        for name, value in changes.items():
            setattr(candidate, name, value)
    Candidate.objects.bulk_update(candidates, list(changes))


def refuse_unless_may(user: User, program: Program) -> None:
    """Raises `DecisionRefusedError` unless the user manages the program."""
    is_manager = Membership.objects.filter(program=program, user=user, role__in=MAY_DECIDE).exists()
    if not (user.is_active and is_manager):
        raise DecisionRefusedError(
            _("%(user)s is no program manager of %(program)s.") % {"user": user, "program": program}
        )
