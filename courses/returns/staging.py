"""The rows of one return in a temporary table, and what is decided about all of them at once, in SQL.

Every function here works inside the transaction that decides on the return.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice

from django.db import connection

from programs.models import Program

from .checking import Staged

FACTS = "staged_facts"
BATCH = 5_000
COLUMNS = ", ".join(f'"{name}"' for name in Staged._fields)


def stage(rows: Iterable[Staged]) -> int:
    """Copies the rows into the temporary table, a batch at a time; answers how many there were."""
    number = 0
    with connection.cursor() as cursor:
        cursor.execute(
            """
            CREATE TEMPORARY TABLE staged_return (
                number integer, outcome text, "column" text, value text, reason text, key bytea, said bytea,
                person bytea, course_id bigint, evidence smallint, achieved_on date, region text, sector text,
                employer text, employer_size text, age_band text, occupation text
            ) ON COMMIT DROP
            """
        )
        for batch in _batches(rows):
            number += len(batch)
            # Read before the copy begins: reading the file needs the same connection.
            with cursor.copy(f"COPY staged_return ({COLUMNS}) FROM STDIN") as copy:
                for row in batch:
                    copy.write_row(row)
        cursor.execute("CREATE INDEX ON staged_return (key)")
        cursor.execute("ANALYZE staged_return")
    return number


def _batches(rows: Iterable[Staged]) -> Iterator[list[Staged]]:
    source = iter(rows)
    while batch := list(islice(source, BATCH)):
        yield batch


def drop() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE staged_return, staged_facts")


def settle_known_records(program: Program) -> None:
    """A record that an earlier return brought is a duplicate if it says the same, else it is put in quarantine."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE staged_return AS staged SET
                outcome = CASE WHEN staged.said = known.said THEN 'duplicate' ELSE 'quarantined' END,
                reason = CASE WHEN staged.said = known.said THEN '' ELSE format(
                    'differs from row %%s of return %%s, which has the same key', known.number, known.of_return_id
                ) END
            FROM returns_returnrow AS known
            WHERE staged.outcome = 'accepted'
                AND known.program_id = %s AND known.key = staged.key AND known.outcome = 'accepted'
            """,
            [program.pk],
        )


def settle_repeated_records() -> None:
    """Of rows that say the same of a record the first is accepted; rows that contradict each other go to quarantine.

    Which rows these are does not depend on their order. The row that a contradiction names is the first that differs.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH sayings AS (
                SELECT key, said, min(number) AS first, count(*) OVER (PARTITION BY key) AS different,
                    row_number() OVER (PARTITION BY key ORDER BY min(number)) AS place
                FROM staged_return WHERE outcome = 'accepted' GROUP BY key, said
            ), judged AS (
                SELECT mine.key, mine.said, mine.first, other.first AS other
                FROM sayings AS mine
                LEFT JOIN sayings AS other ON other.key = mine.key AND mine.different > 1
                    AND other.place = CASE mine.place WHEN 1 THEN 2 ELSE 1 END
            )
            UPDATE staged_return AS staged SET
                outcome = CASE WHEN judged.other IS NULL THEN 'duplicate' ELSE 'quarantined' END,
                reason = CASE WHEN judged.other IS NULL THEN ''
                    ELSE format('differs from row %s of this file, which has the same key', judged.other) END
            FROM judged
            WHERE staged.outcome = 'accepted' AND judged.key = staged.key AND judged.said = staged.said
                AND (judged.other IS NOT NULL OR staged.number > judged.first)
            """
        )


def add_persons(program: Program, scheme: str, *, at: datetime) -> None:
    """Makes a person for each identifier that is new to the program and comes with an achievement.

    The identity goes in first, under the number of a person to come: where another return brings the same identifier
    at the same moment, one of the two waits and then makes nobody.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH brought AS MATERIALIZED (
                SELECT DISTINCT person FROM staged_return AS staged
                WHERE outcome = 'accepted' AND evidence > 0 AND NOT EXISTS (
                    SELECT FROM people_identity
                    WHERE program_id = %(program)s AND scheme = %(scheme)s AND digest = staged.person
                )
                ORDER BY person
            ), added AS (
                INSERT INTO people_identity (program_id, person_id, scheme, digest, created_at)
                SELECT %(program)s, nextval(pg_get_serial_sequence('people_person', 'id')), %(scheme)s, person, %(at)s
                FROM brought
                ON CONFLICT (program_id, scheme, digest) DO NOTHING
                RETURNING person_id
            )
            INSERT INTO people_person
                (id, program_id, name, region, sector, employer_size, age_band, created_at)
            SELECT person_id, %(program)s, '', '', '', '', '', %(at)s FROM added
            """,
            {"program": program.pk, "scheme": scheme, "at": at},
        )


def stage_facts(program: Program, scheme: str) -> dict[int, int]:
    """Makes the temporary table of facts for `record_staged`; answers how many there are on each level of evidence."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            CREATE TEMPORARY TABLE staged_facts ON COMMIT DROP AS
            SELECT identity.person_id, staged.course_id, staged.evidence, staged.achieved_on,
                staged.number AS source_row, staged.key AS fact_key, staged.region, staged.sector,
                staged.employer, staged.employer_size, staged.age_band, staged.occupation
            FROM staged_return AS staged
            JOIN people_identity AS identity
                ON identity.program_id = %s AND identity.scheme = %s AND identity.digest = staged.person
            WHERE staged.outcome = 'accepted' AND staged.evidence > 0
            """,
            [program.pk, scheme],
        )
        cursor.execute("SELECT evidence, count(*) FROM staged_facts GROUP BY evidence")
        return dict(cursor.fetchall())


def keep_outcomes(program: Program, return_id: int) -> dict[str, int]:
    """Writes down how every row ended; answers how many rows ended in which way."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO returns_returnrow
                (program_id, of_return_id, number, outcome, "column", value, reason, key, said)
            SELECT %s, %s, number, outcome, "column", value, reason,
                CASE outcome WHEN 'accepted' THEN key END, CASE outcome WHEN 'accepted' THEN said END
            FROM staged_return ORDER BY number
            """,
            [program.pk, return_id],
        )
        cursor.execute("SELECT outcome, count(*) FROM staged_return GROUP BY outcome")
        return dict(cursor.fetchall())
