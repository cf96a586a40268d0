"""The rows of one return in temporary tables of the connection that loads it: outside them nothing changes here.

`staged` is what the rows say, in the words of the program and with keyed hashes for identifiers, the key of each
record, and how the row ends; `held` has the rows for the quarantine. `staged_flag` has what each rule finds in a row,
`staged_flagged` what that comes to.
"""

import io
from collections.abc import Iterable

import pyarrow as pa
import pyarrow.csv as pa_csv
from django.db import connection

from courses.returns.profiles import DESCRIBING, Definition

from . import records
from .checking import Held
from .sealing import Seal

TABLES = (
    "staged", "held", "staged_link", "staged_known", "contradicted", "unborne", "hanging", "staged_person",
    "staged_member", "staged_pair", "staged_flag", "staged_flagged", "staged_employer", "staged_register",
    "staged_before",
)  # fmt: skip
# What a record says. The same record saying something else is a contradiction.
SAID = ("course_id", "achieved_on", *DESCRIBING)
UNQUOTED = pa_csv.WriteOptions(include_header=False)


def plan() -> None:
    """For the transaction: whole files are sorted and joined in memory as far as that is no burden."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '64MB'; SET LOCAL jit = off")


def drop() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {', '.join(TABLES)}")


def create(definition: Definition) -> None:
    """The empty tables, in place of any that are left from before."""
    drop()
    describing = ", ".join(f"{name} text NOT NULL DEFAULT %({name})s" for name in DESCRIBING)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            CREATE TEMPORARY TABLE staged (
                number integer NOT NULL, person bytea, reference bytea, key bytea NOT NULL, course_id bigint NOT NULL,
                evidence smallint NOT NULL, achieved_on date NOT NULL, finished_at timestamp, started_at timestamp,
                minutes integer, employees integer, name text, born_on date, email bytea, phone bytea, account bytea,
                is_borrowed boolean NOT NULL DEFAULT false, {describing}, suspect smallint NOT NULL DEFAULT 0,
                outcome text NOT NULL DEFAULT 'accepted', reason text NOT NULL DEFAULT ''
            );
            CREATE TEMPORARY TABLE held (
                number integer PRIMARY KEY, "column" text NOT NULL, value text NOT NULL, reason text NOT NULL,
                sealed bytea
            );
            CREATE TEMPORARY TABLE staged_flag (
                number integer NOT NULL, place smallint NOT NULL, rule text NOT NULL, "group" text NOT NULL,
                weight bigint NOT NULL, evidence jsonb NOT NULL
            );
            CREATE TEMPORARY TABLE staged_flagged (
                number integer NOT NULL, rule text NOT NULL, "group" text NOT NULL, also text NOT NULL,
                evidence jsonb NOT NULL
            )
            """,
            {name: definition.constants.get(name, "") for name in DESCRIBING},
        )


def stage(rows: pa.RecordBatch) -> None:
    """Copies checked rows into `staged`."""
    if not rows.num_rows:
        return
    written = io.BytesIO()
    pa_csv.write_csv(rows, written, UNQUOTED)
    columns = ", ".join(rows.schema.names)
    with connection.cursor() as cursor, cursor.copy(f"COPY staged ({columns}) FROM STDIN (FORMAT csv)") as copy:
        copy.write(written.getbuffer())


def hold(rows: Iterable[Held], seal: Seal) -> None:
    """Puts rows into `held`, their cells encrypted."""
    with connection.cursor() as cursor, cursor.copy("COPY held FROM STDIN") as copy:
        for row in rows:
            copy.write_row((row.number, row.column, row.value, row.reason, seal.closed(row.cells)))


def look_over() -> None:
    """After the last row: what the planner must know of what is staged."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE INDEX ON staged USING brin (number); ANALYZE staged (number, person, reference, key, outcome)"
        )


def decide_repeated(definition: Definition) -> None:
    """Of rows that say the same of a record the first is accepted; rows that contradict each other go to quarantine.

    Which rows these are does not depend on their order. The row that a contradiction names is the first that differs.
    """
    record = records.record_sql(definition)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH repeated AS MATERIALIZED (
                SELECT {record} AS record FROM staged WHERE outcome = 'accepted' GROUP BY 1 HAVING count(*) > 1
            ), said AS MATERIALIZED (
                SELECT {record} AS record, number, sha256(convert_to(row({", ".join(SAID)})::text, 'UTF8')) AS said
                FROM staged WHERE outcome = 'accepted' AND {record} IN (SELECT record FROM repeated)
            ), sayings AS (
                SELECT record, said, min(number) AS first, count(*) OVER (PARTITION BY record) AS different,
                    row_number() OVER (PARTITION BY record ORDER BY min(number)) AS place
                FROM said GROUP BY record, said
            ), judged AS (
                SELECT mine.record, mine.said, mine.first, other.first AS other
                FROM sayings AS mine
                LEFT JOIN sayings AS other ON other.record = mine.record AND mine.different > 1
                    AND other.place = CASE mine.place WHEN 1 THEN 2 ELSE 1 END
            )
            UPDATE staged SET
                outcome = CASE WHEN judged.other IS NULL THEN 'duplicate' ELSE 'quarantined' END,
                reason = CASE WHEN judged.other IS NULL THEN ''
                    ELSE format('differs from row %s of this file, which has the same key', judged.other) END
            FROM said JOIN judged USING (record, said)
            WHERE staged.number = said.number AND (judged.other IS NOT NULL OR staged.number > judged.first)
            """  # noqa: S608 - names of our own columns
        )
