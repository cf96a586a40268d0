"""Settling: the people whose facts have changed are booked, a lane at a time."""

import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import DataError, IntegrityError, connection, transaction
from django.db.models import Exists, OuterRef

from courses.achievements.models import LANES
from courses.achievements.operations import mark_everybody_dirty
from programs.models import MeasureVersion, Program
from reporting.counting.clock import clocks_of
from reporting.counting.models import Lane, Ledger, OpenedMeasure
from reporting.counting.settlement import CLAIM, PLAN, SETTLE

logger = logging.getLogger(__name__)
BATCH = 65_536  # people a transaction, or a few thousand more: the rows in which they wait are taken whole
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


class LaneFailedError(Exception):
    """The database refuses to book what waits in a lane. Nothing of it was booked, and it goes on waiting."""

    def __init__(self, program: int, lane: int) -> None:
        super().__init__(f"lane {lane} of program {program} cannot be settled; a recount may say why")
        self.key = (program, lane)


@dataclass(frozen=True)
class Settled:
    """A batch: how many people it settled, and the posting by which it booked what had changed, if anything had."""

    people: int
    posting_id: int | None


def settle(*, clock: Callable[[], datetime], batch: int = BATCH) -> int:
    """Settles dirty people until none is left that nobody else is settling; answers how many it settled.

    Safe to run by any number of workers at once, and to be killed: each batch is one transaction. A lane that cannot be
    settled stops no other: its `LaneFailedError` is raised at the end.
    """
    open_ledgers()
    open_measures(at=clock())
    total, failed = 0, dict[tuple[int, int], LaneFailedError]()
    while True:
        try:
            settled = settle_batch(at=clock(), limit=batch, besides=failed)
        except LaneFailedError as failure:
            logger.exception("%s", failure)
            failed[failure.key] = failure
            continue
        if settled is None:
            break
        total += settled.people
    OpenedMeasure.objects.now_settled().update(settled_at=clock())
    if failed:
        raise next(iter(failed.values()))
    return total


@transaction.atomic
def settle_batch(*, at: datetime, limit: int = BATCH, besides: Collection[tuple[int, int]] = ()) -> Settled | None:
    """Books the difference between what dirty people should contribute and what is booked for them.

    They are `limit` people, or up to a row of the queue more, or all that wait in the lane if they are fewer.

    Claims the lane that has waited longest and that nobody else holds, but none of `besides` (program, number); then
    settles by one statement, which begins when the lane is held and so sees whatever others booked before. None if
    there is no such lane. `at` is the moment of the posting, unless the ledger is closed until a later one. Working on
    a person twice books nothing. Raises `LaneFailedError` if the database refuses what would be booked.
    """
    with connection.cursor() as cursor:
        cursor.execute(PLAN)
        cursor.execute(CLAIM, {"besides": [f"{program}/{lane}" for program, lane in besides]})
        claimed = cursor.fetchone()
        if claimed is None:
            return None
        program, lane = claimed
        try:
            cursor.execute(SETTLE, {"program": program, "lane": lane, "limit": limit, "at": at, "reason": ""})
        except (IntegrityError, DataError) as error:
            raise LaneFailedError(program, lane) from error
        people, posting = cursor.fetchone()
    return Settled(people, posting)


@transaction.atomic
def close_ledger(program: Program, *, until: datetime) -> None:
    """Makes sure that nothing will ever be posted at or before `until`; waits for a batch that is being posted.

    What is read as of that moment afterwards reads the same for ever. Raises ValueError for a moment that is still to
    come by the ledger's clock.
    """
    clocks = clocks_of(program)
    if until > clocks.ledger:
        raise ValueError(f"{until} is still to come.")
    if clocks.closed_until is None:
        open_ledgers()
    if clocks.closed_until is None or clocks.closed_until < until:
        Ledger.objects.filter(program=program, closed_until__lt=until).update(closed_until=until)


@transaction.atomic
def open_ledgers() -> None:
    """Gives programs that are new their ledger and their lanes."""
    for program in Program.objects.exclude(pk__in=Ledger.objects.values("program")):
        lanes = [Lane(program=program, number=number) for number in range(LANES)]
        Lane.objects.bulk_create(lanes, ignore_conflicts=True)
        Ledger.objects.bulk_create([Ledger(program=program, closed_until=LONG_AGO)], ignore_conflicts=True)


def open_measures(*, at: datetime) -> None:
    """Makes settling look at measure versions that are new, and marks everybody with facts dirty for them."""
    opened = OpenedMeasure.objects.filter(measure_version=OuterRef("pk"))
    for version in MeasureVersion.objects.filter(~Exists(opened)):
        OpenedMeasure.objects.get_or_create(
            measure_version=version, defaults={"program_id": version.program_id, "opened_at": at}
        )
    unmarked = OpenedMeasure.objects.filter(marked_at__isnull=True)
    for program in Program.objects.filter(pk__in=unmarked.values("program")):
        _mark_for_opened(program, at=at)


@transaction.atomic
def _mark_for_opened(program: Program, *, at: datetime) -> None:
    rows = OpenedMeasure.objects.filter(program=program, marked_at__isnull=True).select_for_update(skip_locked=True)
    waiting = [row.pk for row in rows]
    if waiting:
        mark_everybody_dirty(program, at=at)
        OpenedMeasure.objects.filter(pk__in=waiting).update(marked_at=at)
