"""Marking people dirty, so that they will be settled. Call it in the transaction that changes their facts."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import connection

from courses.achievements.models import NEIGHBOURS
from programs.models import Program


def mark_sql(people: str, *, program: str = "%(program)s", at: str = "%(at)s") -> str:
    """An INSERT that marks the people of a SELECT of `person_id`, for a statement that changes facts; it can be a CTE.

    `program` and `at` are the placeholders of the program's key and the moment.
    """
    return f"""
    INSERT INTO achievements_dirtypeople (program_id, people, marked_at)
    SELECT {program}::bigint, array_agg(DISTINCT person_id), {at}::timestamptz
    FROM ({people}) changed (person_id) GROUP BY person_id / {NEIGHBOURS}"""  # noqa: S608 - our own SQL


def mark_dirty(program: Program, person_ids: Iterable[int], *, at: datetime) -> int:
    """Says that the facts of these people have changed; answers how many they are."""
    return _mark(program, "SELECT unnest(%(people)s::bigint[])", people=list(person_ids), at=at)


def mark_everybody_dirty(program: Program, *, at: datetime) -> int:
    """Marks everybody with a fact in the program, as when a new measure is opened; answers how many."""
    return _mark(program, "SELECT person_id FROM achievements_achievement WHERE program_id = %(program)s", at=at)


def _mark(program: Program, select: str, *, at: datetime, people: Sequence[int] = ()) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH marked AS ({mark_sql(select)} RETURNING number) SELECT coalesce(sum(number), 0) FROM marked",  # noqa: S608
            {"program": program.pk, "at": at, "people": list(people)},
        )
        return int(cursor.fetchone()[0])
