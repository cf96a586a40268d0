"""Settling: every write of ledger, contributions and counts."""

from collections.abc import Callable
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Exists, OuterRef

from courses.achievements.operations import mark_everybody_dirty
from programs.models import MeasureVersion, Program
from reporting.counting.models import OpenedMeasure
from reporting.counting.settlement import CLAIM, RECOUNT, SETTLE

BATCH = 20_000  # people a transaction


def settle(*, clock: Callable[[], datetime], batch: int = BATCH) -> int:
    """Settles dirty people until none is left that nobody else is settling; answers how many it settled.

    Safe to run by any number of workers at once, and to be killed: each batch is one transaction.
    """
    open_measures(at=clock())
    total = 0
    while settled := settle_batch(at=clock(), limit=batch):
        total += settled
    return total


@transaction.atomic
def settle_batch(*, at: datetime, limit: int = BATCH) -> int:
    """Books the difference between what up to `limit` dirty people should contribute and what is booked for them.

    Two statements on purpose: the second takes its snapshot when the people are locked, so it sees whatever another
    worker has booked for them. Answers how many people were settled; working on a person twice books nothing.
    """
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, {"limit": limit})
        people = sorted({person for (person,) in cursor.fetchall()})
        if people:
            cursor.execute(SETTLE, {"people": people, "at": at})
    return len(people)


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
    rows = OpenedMeasure.objects.filter(program=program, marked_at__isnull=True).select_for_update()
    waiting = [row.pk for row in rows]
    if waiting:
        mark_everybody_dirty(program, at=at)
        OpenedMeasure.objects.filter(pk__in=waiting).update(marked_at=at)


def recount(programs: list[Program]) -> dict[str, int]:
    """Counts from scratch and compares, on one snapshot; answers the number of differences by what was compared.

    The facts must give the contributions, the ledger's sums must be the contributions, the counts must be their totals.
    People who wait to be settled are left out of the first comparison. It changes nothing.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION READ ONLY")
        cursor.execute(RECOUNT, {"programs": [program.pk for program in programs]})
        return dict(cursor.fetchall())
