"""Which sayings are new or have changed since they were last searched for, and what is compared of them.

Nothing is found by moments: a saying that was committed late would have an early one and never be seen. Each saying's
content is compared with the fingerprint of what was last searched for, so that a saying that is repeated word for word
costs nothing, and one that was missed is found by the next search. Everything here works in the transaction that
searches.
"""

from collections.abc import Iterable, Iterator

from django.db import connection

from programs.models import Program

from .names import plain_employer, plain_words, sounds

RULES_VERSION = 1  # with another one, all that is said counts as changed: raise it with every change of the rules
BATCH = 20_000
FINGERPRINT = """
    hash_record_extended(
        ROW(said.name, said.born_on, said.employer, said.email, said.phone, said.account, said.person_id), %(version)s
    )
"""


def make_changed(program: Program, *, everything: bool) -> int:
    """Makes the temporary table of sayings that are new or have changed, and of all else of the same people."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            CREATE TEMPORARY TABLE matching_changed ON COMMIT DROP AS
            WITH said AS (
                SELECT said.id, said.name, said.employer, {FINGERPRINT} AS fingerprint,
                    coalesce(alias.stands_for_id, said.person_id) AS root
                FROM people_particulars said LEFT JOIN people_alias alias ON alias.person_id = said.person_id
                WHERE said.program_id = %(program)s
            ), changed AS (
                SELECT said.root FROM said
                LEFT JOIN matching_comparable known ON known.particulars_id = said.id
                WHERE %(everything)s OR known.fingerprint IS DISTINCT FROM said.fingerprint
            )
            SELECT id, name, employer, fingerprint, root FROM said WHERE root IN (SELECT root FROM changed)
            """,  # noqa: S608 - our own SQL
            {"program": program.pk, "version": RULES_VERSION, "everything": everything},
        )
        made = int(cursor.rowcount)
        cursor.execute("ALTER TABLE matching_changed ADD PRIMARY KEY (id)")
        cursor.execute("ANALYZE matching_changed")
    return made


def keep_comparables(program: Program) -> None:
    """Writes down what is compared of the changed sayings, a batch at a time."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            CREATE TEMPORARY TABLE matching_fresh (
                id bigint, fingerprint bigint, words text[], sounds text[], employer text
            ) ON COMMIT DROP
            """
        )
    for batch in _batches():
        _copy(_comparables(batch))
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO matching_comparable (program_id, particulars_id, fingerprint, words, sounds, employer)
            SELECT %s, id, fingerprint, words, sounds, employer FROM matching_fresh
            ON CONFLICT (particulars_id) DO UPDATE SET
                fingerprint = excluded.fingerprint, words = excluded.words, sounds = excluded.sounds,
                employer = excluded.employer
            """,
            [program.pk],
        )
        cursor.execute("DROP TABLE matching_fresh")


def note_comparables(program: Program) -> None:
    """Before hashes change, and nothing else that is said: makes the temporary table of what was searched for."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            CREATE TEMPORARY TABLE matching_searched ON COMMIT DROP AS
            SELECT known.particulars_id AS id FROM matching_comparable known
            JOIN people_particulars said ON said.id = known.particulars_id AND known.fingerprint = {FINGERPRINT}
            WHERE known.program_id = %(program)s
            """,  # noqa: S608 - our own SQL
            {"program": program.pk, "version": RULES_VERSION},
        )


def renew_comparables(program: Program) -> int:
    """Afterwards: what had been searched for still has, and no fingerprint is left of the old hashes. How many rows."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            UPDATE matching_comparable known
            SET fingerprint = CASE WHEN searched.id IS NULL THEN 0 ELSE {FINGERPRINT} END
            FROM people_particulars said LEFT JOIN matching_searched searched USING (id)
            WHERE said.id = known.particulars_id AND known.program_id = %(program)s
            """,  # noqa: S608 - our own SQL
            {"program": program.pk, "version": RULES_VERSION},
        )
        renewed = int(cursor.rowcount)
        cursor.execute("DROP TABLE matching_searched")
    return renewed


def _batches() -> Iterator[list[tuple[int, str, str, int]]]:
    """Changed sayings by number: (number, name, employer, fingerprint)."""
    last = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT id, name, employer, fingerprint FROM matching_changed WHERE id > %s ORDER BY id LIMIT %s",
                [last, BATCH],
            )
            batch = cursor.fetchall()
        if not batch:
            return
        last = batch[-1][0]
        yield batch


def _comparables(batch: Iterable[tuple[int, str, str, int]]) -> Iterator[tuple[object, ...]]:
    for number, name, employer, fingerprint in batch:
        words = plain_words(name)
        yield number, fingerprint, list(words), sounds(words), plain_employer(employer)


def _copy(rows: Iterable[tuple[object, ...]]) -> None:
    with (
        connection.cursor() as cursor,
        cursor.copy("COPY matching_fresh (id, fingerprint, words, sounds, employer) FROM STDIN") as copy,
    ):
        for row in rows:
            copy.write_row(row)
