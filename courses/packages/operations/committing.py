"""What an item reports, and what follows from it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from courses.learning.operations import finish_lesson
from courses.packages.elements.claims import checked_claims
from courses.packages.manifests import Standard
from courses.packages.models import Launch, PackageState
from courses.packages.outcomes import OF_A_SESSION, Outcome, PlayedItem, outcome_of

MOST_SECONDS = Decimal(10**9)  # of an attempt


class SupersededError(Exception):
    """The item was opened again since, in another window: only the newest may change anything."""


class LaunchEndedError(Exception):
    """The item has ended this session; nothing more is taken of it."""


@dataclass(frozen=True, kw_only=True)
class Commit:
    """`sequence` numbers the commits of a launch from 1; one that is sent again has its number again."""

    sequence: int
    values: Mapping[str, Any]
    is_finished: bool


@transaction.atomic
def record_commit(launch: Launch, item: PlayedItem, commit: Commit, *, at: datetime) -> PackageState:
    """Keeps what the item has set, by the rules of its standard, and finishes the lesson if that is what it means.

    A commit that was recorded before, or that comes after a later one, changes nothing. Raises `SupersededError`,
    `LaunchEndedError`, and `courses.packages.elements.claims.ClaimRefusedError` for values that the standard forbids.
    """
    state, locked = locked_of(launch)
    if commit.sequence <= locked.sequence:
        return state
    if locked.ended_at is not None:
        raise LaunchEndedError
    values = checked_claims(item.standard, state.values, commit.values)
    outcome = outcome_of(item, values, is_finished=commit.is_finished)
    count_time(state, locked, outcome)
    locked.sequence = commit.sequence
    locked.ended_at = at if commit.is_finished else None
    locked.save(update_fields=["sequence", "seconds", "ended_at"])
    keep_outcome(state, item, outcome, is_finished=commit.is_finished, at=at)
    if item.reports and outcome.is_done:
        finish_item(state, launch.language, at=at)
    return state


def locked_of(launch: Launch) -> tuple[PackageState, Launch]:
    """State and launch, locked. Raises `SupersededError` for a launch that is not the newest."""
    related = ("enrolment__version", "enrolment__course", "enrolment__program", "lesson")
    states = PackageState.objects.select_for_update(of=("self",)).select_related(*related)
    state = states.get(pk=launch.state_id)
    if state.launched != launch.number:
        raise SupersededError
    return state, Launch.objects.get(pk=launch.pk)


def count_time(state: PackageState, launch: Launch, outcome: Outcome) -> None:
    """The session's time is said as a whole each time; the attempt's is the sum of its sessions."""
    said = bounded(outcome.seconds)
    state.seconds = min(state.seconds + said - launch.seconds, MOST_SECONDS)
    launch.seconds = said


def bounded(seconds: float) -> Decimal:
    """To hundredths, neither less than nothing nor more than the database holds."""
    return max(Decimal(0), min(Decimal(str(round(seconds, 2))), MOST_SECONDS))


def keep_outcome(state: PackageState, item: PlayedItem, outcome: Outcome, *, is_finished: bool, at: datetime) -> None:
    kept = outcome.values.items()
    state.values = {name: value for name, value in kept if not (is_finished and name in OF_A_SESSION)}
    state.entry = entry_after(item, outcome, is_finished=is_finished)
    state.is_completed, state.is_passed = outcome.is_completed, outcome.is_passed
    if outcome.score is not None:
        state.score = max(state.score or Decimal(0), Decimal(str(round(outcome.score, 2))))
    state.changed_at = at
    state.save()


def entry_after(item: PlayedItem, outcome: Outcome, *, is_finished: bool) -> PackageState.Entry:
    """An item that was cut off goes on where it was; so does one that has suspended itself."""
    if not is_finished or outcome.is_suspended:
        return PackageState.Entry.RESUMED
    return PackageState.Entry.AGAIN if item.standard == Standard.SCORM_12 else PackageState.Entry.FIRST


def finish_item(state: PackageState, language: str, *, at: datetime) -> None:
    """The lesson is done, once; with the last lesson so is a course without an assessment."""
    if state.done_at is not None:
        return
    finish_lesson(state.enrolment, state.lesson, at=at, language=language)
    state.done_at = at
    state.save(update_fields=["done_at"])
