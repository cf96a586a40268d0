"""What tests of counting do again and again."""

from datetime import datetime

from django.db import connection

from courses.achievements.models import Achievement, DirtyPeople
from courses.achievements.operations import mark_dirty
from programs.models import MeasureVersion
from reporting.counting.models import Count, LedgerEntry
from reporting.counting.operations import recount, settle
from tests.factories import NOW, AchievementFactory, PersonFactory


def achieve(version: MeasureVersion, **fields: object) -> Achievement:
    """A fact in the measure's program whose person waits to be settled."""
    if "person" not in fields:
        fields["person"] = PersonFactory.create(program=version.program)
    made = AchievementFactory.create(**fields)
    mark_dirty(made.program, [made.person_id], at=NOW)
    return made


def settle_now(at: datetime = NOW) -> int:
    return settle(clock=lambda: at)


def people(version: MeasureVersion, grouping: str = "day-region") -> int:
    return sum(Count.objects.filter(measure_version=version, grouping=grouping).values_list("people", flat=True))


def booked(version: MeasureVersion) -> list[tuple[str, int, int]]:
    """Cause, part and whole of every entry, in the order of booking."""
    entries = LedgerEntry.objects.filter(measure_version=version).order_by("posting_id", "person", "step", "partner")
    return [(entry.cause, entry.part, entry.whole) for entry in entries]


def assert_equals_recount(version: MeasureVersion) -> None:
    found = recount(version.program, at=NOW)
    assert found.differences == 0, (found.facts_unlike_ledger, found.broken_entries, found.examples)


def change_entries(sql: str) -> None:
    """What only somebody with rights over the database could do."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in ("counting_ledgerentry", "counting_posting"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {table}_is_append_only")
        cursor.execute(sql)
        for table in ("counting_ledgerentry", "counting_posting"):
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER {table}_is_append_only")


def forget_marks() -> None:
    DirtyPeople.objects.all().delete()
