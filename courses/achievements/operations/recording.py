"""Recording achievements. Whatever records facts marks their people dirty in the same transaction."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction

from courses.achievements.models import Achievement
from courses.catalogue.models import Course
from people.models import Person
from programs.models import Partner, Program

from .marking import mark_dirty, mark_sql

STAGED_COLUMNS = (
    "person_id", "course_id", "evidence", "achieved_on", "source_row", "fact_key",
    "region", "sector", "employer", "employer_size", "age_band", "occupation",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Codes:
    """What describes the person on the day; codes of the program's lists, empty where not stated."""

    region: str = ""
    sector: str = ""
    employer_size: str = ""
    age_band: str = ""


def fact_key(*parts: object) -> bytes:
    """16 bytes that are equal exactly for the same source saying the same thing: the first half of a SHA-256."""
    return hashlib.sha256("\0".join(str(part) for part in parts).encode()).digest()[:16]


@transaction.atomic
def record_achievement(
    person: Person,
    course: Course,
    *,
    evidence: int,
    achieved_on: date,
    recorded_at: datetime,
    source_id: int,
    codes: Codes,
) -> Achievement:
    """Records what a person achieved in a course taken here. The first such fact of a person and level stands.

    `source_id` is the attempt that proves it, or the enrolment where the lessons do (evidence "completed").
    """
    key = fact_key("learning", person.pk, course.pk, evidence)
    known = Achievement.objects.filter(person=person, fact_key=key).first()
    if known:
        return known
    made = Achievement.objects.create(
        program_id=person.program_id,
        person=person,
        course=course,
        partner=Partner.objects.own_courses_of(person.program),
        kind=Achievement.Kind.ACHIEVED,
        evidence=evidence,
        achieved_on=achieved_on,
        recorded_at=recorded_at,
        source=Achievement.Source.LEARNING,
        source_id=source_id,
        fact_key=key,
        region=codes.region,
        sector=codes.sector,
        employer_size=codes.employer_size,
        age_band=codes.age_band,
    )
    mark_dirty(person.program, [person.pk], at=recorded_at)
    return made


def record_staged(
    program: Program, partner: Partner, *, return_id: int, rows: str, given: Mapping[str, Any], recorded_at: datetime
) -> dict[int, int]:
    """Records facts of a partner's return, and marks their people dirty; answers how many, by level of evidence.

    `rows` is a SELECT of `STAGED_COLUMNS` with the parameters `given`, of new facts: the database refuses a
    key that the person has already. Call it inside the transaction that decides on these rows.
    """
    columns = ", ".join(STAGED_COLUMNS)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH recorded AS (
                INSERT INTO achievements_achievement
                    (program_id, partner_id, kind, reason, recorded_at, source, source_id, {columns})
                SELECT %(program)s, %(partner)s, 'achieved', '', %(at)s, 'return', %(return)s, {columns}
                FROM ({rows}) brought
                RETURNING person_id, evidence
            ), marked AS (
                {mark_sql("SELECT person_id FROM recorded")}
            )
            SELECT evidence, count(*) FROM recorded GROUP BY evidence
            """,  # noqa: S608 - names of our own columns
            {**given, "program": program.pk, "partner": partner.pk, "at": recorded_at, "return": return_id},
        )
        return dict(cursor.fetchall())
