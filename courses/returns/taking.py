"""Taking in what was decided, a chunk of rows at a time: each function is called in a transaction of its own."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import F, IntegerField, Value
from django.db.models.functions import Greatest, Least

from courses.achievements.operations import record_staged
from courses.returns.profiles import DESCRIBING, Definition
from programs.models import Program

from . import records
from .models import Return

FACTS = f"""
SELECT brought.person_id, course_id, evidence, achieved_on, number AS source_row, key AS fact_key,
       {", ".join(DESCRIBING)}
FROM staged JOIN staged_person brought ON brought.unit = coalesce(staged.person, staged.reference)
WHERE number BETWEEN %(first)s AND %(last)s AND outcome = 'accepted' AND evidence > 0
ORDER BY brought.person_id
"""  # noqa: S608 - names of our own columns

EMPTY = """
INSERT INTO returns_emptyrecord (program_id, partner_id, key, person, of_return_id, row)
SELECT %(program)s, %(partner)s, key, {person}, %(return)s, number FROM staged
WHERE number BETWEEN %(first)s AND %(last)s AND outcome = 'accepted' AND evidence = 0
ORDER BY 3, 4
"""
# A contact that is left out stays as it was: a second record without it does not free it for others.
PARTICULARS = """
INSERT INTO people_particulars
    (program_id, person_id, partner_id, name, born_on, employer, email, phone, account, said_at)
SELECT DISTINCT ON (brought.person_id) %(program)s, brought.person_id, %(partner)s,
       coalesce(name, ''), born_on, employer, email, phone, account, %(at)s
FROM staged JOIN staged_person brought ON brought.unit = coalesce(staged.person, staged.reference)
WHERE number BETWEEN %(first)s AND %(last)s AND outcome = 'accepted' AND evidence > 0
ORDER BY brought.person_id, number DESC
ON CONFLICT (person_id, partner_id) DO UPDATE SET
    name = excluded.name, born_on = excluded.born_on, employer = excluded.employer,
    email = coalesce(excluded.email, people_particulars.email),
    phone = coalesce(excluded.phone, people_particulars.phone),
    account = coalesce(excluded.account, people_particulars.account), said_at = excluded.said_at
WHERE (people_particulars.name, people_particulars.born_on, people_particulars.employer, people_particulars.email,
       people_particulars.phone, people_particulars.account)
    IS DISTINCT FROM (excluded.name, excluded.born_on, excluded.employer,
       coalesce(excluded.email, people_particulars.email), coalesce(excluded.phone, people_particulars.phone),
       coalesce(excluded.account, people_particulars.account))
"""
# The same for a person of several rows, of which the last one was kept.
CONTACTS = """
WITH several AS (
    SELECT brought.person_id, (array_agg(email) FILTER (WHERE email IS NOT NULL))[1] AS email,
           (array_agg(phone) FILTER (WHERE phone IS NOT NULL))[1] AS phone,
           (array_agg(account) FILTER (WHERE account IS NOT NULL))[1] AS account
    FROM staged JOIN staged_person brought ON brought.unit = coalesce(staged.person, staged.reference)
    WHERE number BETWEEN %(first)s AND %(last)s AND outcome = 'accepted' AND evidence > 0
    GROUP BY brought.person_id HAVING count(*) > 1
)
UPDATE people_particulars kept SET email = coalesce(kept.email, several.email),
    phone = coalesce(kept.phone, several.phone), account = coalesce(kept.account, several.account)
FROM several WHERE kept.person_id = several.person_id AND kept.partner_id = %(partner)s
  AND (kept.email, kept.phone, kept.account) IS DISTINCT FROM
      (coalesce(kept.email, several.email), coalesce(kept.phone, several.phone),
       coalesce(kept.account, several.account))
"""


class Wanted(NamedTuple):
    """What is to be taken in: facts, records without a fact, and the number of the last row."""

    facts: int
    empty: int
    last: int


@dataclass
class Tally:
    """Rows by outcome; rows that could be read by month, as "2026-03", however they ended; facts by evidence."""

    outcomes: Counter[str] = field(default_factory=Counter)
    months: Counter[str] = field(default_factory=Counter)
    facts: Counter[int] = field(default_factory=Counter)


def take_facts(loading: Return, definition: Definition, *, first: int, last: int, at: datetime) -> dict[int, int]:
    """Records the facts of the rows from `first` to `last`, and what they say of persons; answers by level how many."""
    given: dict[str, Any] = {"first": first, "last": last}
    recorded = record_staged(
        loading.program, loading.partner, return_id=loading.pk, rows=FACTS, given=given, recorded_at=at
    )
    of: dict[str, Any] = {"program": loading.program_id, "partner": loading.partner_id, "return": loading.pk, "at": at}
    with connection.cursor() as cursor:
        cursor.execute(EMPTY.format(person=records.person_sql(definition)), given | of)
        if definition.particulars:
            cursor.execute(PARTICULARS, given | of)
            if cursor.rowcount < sum(recorded.values()):
                cursor.execute(CONTACTS, given | of)
    so_far = Greatest(F("rows_taken"), Least(F("rows_read"), Value(last, IntegerField())))
    Return.objects.filter(pk=loading.pk).update(rows_taken=so_far, recorded_at=at)
    return recorded


def wanted() -> Wanted:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FILTER (WHERE evidence > 0), count(*) FILTER (WHERE evidence = 0),"
            " coalesce(max(number), 0) FROM staged WHERE outcome = 'accepted'"
        )
        return Wanted(*cursor.fetchone())


def tally() -> Tally:
    """How the rows ended, those that were recorded before among the accepted."""
    found = Tally()
    with connection.cursor() as cursor:
        cursor.execute("SELECT outcome, evidence, achieved_on, count(*) FROM staged GROUP BY 1, 2, 3 ORDER BY 3")
        for outcome, evidence, day, rows in cursor.fetchall():
            ended = "accepted" if outcome == "recorded" else outcome
            found.outcomes[ended] += rows
            found.months[f"{day:%Y-%m}"] += rows
            if ended == "accepted" and evidence:
                found.facts[evidence] += rows
        cursor.execute("SELECT count(*) FROM held LEFT JOIN staged USING (number) WHERE staged.number IS NULL")
        found.outcomes["quarantined"] += int(cursor.fetchone()[0])
    return found


def quarantined_numbers() -> list[tuple[int, str]]:
    """Rows that are in quarantine for what they say beside others, with the reason, in the order of the file."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT number, reason FROM staged WHERE outcome = 'quarantined' ORDER BY number")
        return list(cursor.fetchall())


def keep_held(program: Program, return_id: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO returns_heldrow (program_id, of_return_id, number, "column", value, reason, sealed, state,
                                         rule, "group", also, evidence)
            SELECT %s, %s, number, "column", value, reason, sealed,
                   CASE WHEN rule IS NULL THEN 'faulty' ELSE 'waiting' END, coalesce(rule, ''),
                   coalesce("group", ''), coalesce(also, ''), coalesce(evidence, '{}')
            FROM held LEFT JOIN staged_flagged USING (number) ORDER BY number
            ON CONFLICT (of_return_id, number) DO NOTHING
            """,
            [program.pk, return_id],
        )
