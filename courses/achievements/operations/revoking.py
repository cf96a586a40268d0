"""Revoking and restoring one achievement. Each is a fact of its own: the achievement itself is never edited."""

from copy import copy
from datetime import datetime

from django.db import transaction

from courses.achievements.models import Achievement

from .marking import mark_dirty
from .recording import fact_key


class RevocationRefusedError(Exception):
    """The achievement cannot be revoked or restored; the message says why."""


@transaction.atomic
def revoke_achievement(achievement: Achievement, *, reason: str, recorded_at: datetime) -> Achievement:
    """Records that the achievement does not stand. Revoking what is revoked answers the revocation that holds.

    Raises `RevocationRefusedError` for a fact that is itself a revocation or restoration, or without a reason.
    """
    locked = _locked(achievement, reason)
    last = locked.later_facts.order_by("-turn").first()
    if last is not None and last.kind == Achievement.Kind.REVOKED:
        return last
    return _change(locked, Achievement.Kind.REVOKED, after=last, reason=reason, at=recorded_at)


@transaction.atomic
def restore_achievement(achievement: Achievement, *, reason: str, recorded_at: datetime) -> Achievement:
    """Records that a revoked achievement stands again. Restoring what was restored answers that restoration.

    Raises `RevocationRefusedError` for an achievement that was never revoked: there is no fact to answer, and it is
    most likely the wrong one. Likewise for a fact that is no achievement, or without a reason.
    """
    locked = _locked(achievement, reason)
    last = locked.later_facts.order_by("-turn").first()
    if last is None:
        raise RevocationRefusedError("This achievement was never revoked, so there is nothing to restore.")
    if last.kind == Achievement.Kind.RESTORED:
        return last
    return _change(locked, Achievement.Kind.RESTORED, after=last, reason=reason, at=recorded_at)


def _locked(achievement: Achievement, reason: str) -> Achievement:
    if achievement.kind != Achievement.Kind.ACHIEVED or not reason.strip():
        raise RevocationRefusedError("Only an achievement can be revoked or restored, and a reason must be given.")
    # A mass revocation locks no achievements, but its facts refer to them: a stronger lock could deadlock with it.
    return Achievement.objects.select_for_update(of=("self",), no_key=True).get(pk=achievement.pk)


def _change(
    achievement: Achievement, kind: Achievement.Kind, *, after: Achievement | None, reason: str, at: datetime
) -> Achievement:
    """Adds the fact of the next turn; if a mass revocation has just taken that turn, its fact is the answer."""
    turn = (after.turn or 0) + 1 if after else 1
    made = copy(achievement)
    made.pk = None
    made.kind, made.refers_to, made.turn, made.reason = kind, achievement, turn, reason.strip()
    made.recorded_at, made.fact_key = at, fact_key("later", achievement.pk, turn)
    Achievement.objects.bulk_create([made], ignore_conflicts=True)
    mark_dirty(achievement.program, [achievement.person_id], at=at)
    return Achievement.objects.get(refers_to=achievement, turn=turn)
