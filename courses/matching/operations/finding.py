"""Searching for candidates: all that is new or has changed against all that is said in the program."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime, timedelta
from time import monotonic
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from courses.matching import blocking, freshness, pairing
from courses.matching.models import AskedSearch, Search
from courses.matching.pairing import Found
from programs.models import Program

from .contradicting import IS_KNOWN_APART, national_schemes

NIGHT = 3  # o'clock in the program's time zone
FOUND = "one, other, score, is_alone, pattern, evidence"


@transaction.atomic
def find_candidates(program: Program, *, at: datetime, everything: bool = False) -> Search | None:
    """Searches the program's sayings for persons who may be one human being, and keeps them as candidates.

    Only sayings that are new or have changed since the last search are compared with all others, or, if asked for, all
    of them. A search is one transaction: one that is killed leaves nothing, and the next one does its work. Twice finds
    nothing more. What was asked for before it began is answered by it. Answers None if somebody else is searching this
    program.
    """
    if not search_alone(program):
        return None
    begun, asked = monotonic(), list(AskedSearch.objects.of(program).waiting())
    changed = freshness.make_changed(program, everything=everything)
    freshness.keep_comparables(program)
    sayings = blocking.make_sayings(program)
    cut = blocking.make_blocks(changed=changed, sayings=sayings)
    pairs = blocking.make_pairs()
    pairing.make_shared()
    _keep_found(pairing.found_among_pairs(pairing.frequencies(sayings)) if pairs else [])
    _make_between_persons(program)
    found, gone = _keep_candidates(program, at), _drop_candidates(program)
    _drop_temporary_tables()
    search = Search.objects.create(
        program=program,
        searched_at=at,
        took=timedelta(seconds=monotonic() - begun),
        sayings=sayings,
        changed=changed,
        pairs=pairs,
        found=found,
        gone=gone,
        cut=[asdict(rule) for rule in cut],
    )
    AskedSearch.objects.filter(pk__in=[each.pk for each in asked]).update(search=search)
    return search


def find_candidates_due(*, at: datetime) -> None:
    """Searches each program that was not searched since three o'clock of its night, unless somebody is at it."""
    for program in Program.objects.all():
        if not Search.objects.of(program).filter(searched_at__gte=last_night(program, at)).exists():
            find_candidates(program, at=at)


def last_night(program: Program, at: datetime) -> datetime:
    """The last three o'clock in the program's time zone that was not after `at`."""
    local = at.astimezone(ZoneInfo(program.time_zone))
    night = local.replace(hour=NIGHT, minute=0, second=0, microsecond=0)
    return night if night <= local else night - timedelta(days=1)


def search_alone(program: Program) -> bool:
    """Tries to keep all other searches of the program away until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext('candidates'), %s)", [program.pk])
        return bool(cursor.fetchone()[0])


def _keep_found(found: Iterable[Found]) -> None:
    """Gathers first and writes then: what is found is little, and is read from the same connection."""
    rows = list(found)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            CREATE TEMPORARY TABLE matching_found (
                one bigint, other bigint, score smallint, is_alone boolean, pattern text, evidence jsonb
            ) ON COMMIT DROP
            """
        )
        with cursor.copy(f"COPY matching_found ({FOUND}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute("ANALYZE matching_found")


def _make_between_persons(program: Program) -> None:
    """Of several sayings of the same two persons the one that speaks most for it.

    Persons with different national identifiers of one kind are two people, whatever else is said.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            CREATE TEMPORARY TABLE matching_between ON COMMIT DROP AS
            SELECT DISTINCT ON (one_root, other_root)
                one_root AS one, other_root AS other, score, is_alone, pattern, evidence
            FROM (
                SELECT least(a.root, b.root) AS one_root, greatest(a.root, b.root) AS other_root,
                    found.score, found.is_alone, found.pattern, found.evidence
                FROM matching_found found
                JOIN matching_said a ON a.id = found.one
                JOIN matching_said b ON b.id = found.other
            ) of_roots
            WHERE NOT {IS_KNOWN_APART}
            ORDER BY one_root, other_root, score DESC, pattern
            """,  # noqa: S608 - our own SQL
            {"program": program.pk, "national": national_schemes(program)},
        )
        cursor.execute("ALTER TABLE matching_between ADD PRIMARY KEY (one, other)")
        cursor.execute("ANALYZE matching_between")


# Candidates by whom their persons are counted as today.
ROOTED = """
    SELECT candidate.id, candidate.state, candidate.score,
        least(coalesce(a.stands_for_id, one_id), coalesce(b.stands_for_id, other_id)) AS one,
        greatest(coalesce(a.stands_for_id, one_id), coalesce(b.stands_for_id, other_id)) AS other
    FROM matching_candidate candidate
    LEFT JOIN people_alias a ON a.person_id = one_id
    LEFT JOIN people_alias b ON b.person_id = other_id
    WHERE candidate.program_id = %(program)s
"""


def _keep_candidates(program: Program, at: datetime) -> int:
    """Adds new candidates and renews undecided ones whose evidence has changed; answers how many that are.

    Who was told apart is proposed again only when more speaks for it than when that was decided.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            INSERT INTO matching_candidate AS known
                (program_id, one_id, other_id, score, is_alone, pattern, evidence, found_at, state, because)
            SELECT %(program)s, {FOUND}, %(at)s, 'open', '' FROM matching_between found
            WHERE NOT EXISTS (
                SELECT FROM ({ROOTED} AND state = 'different') apart
                WHERE apart.one = found.one AND apart.other = found.other AND apart.score >= found.score
            )
            ORDER BY one, other
            ON CONFLICT (one_id, other_id) DO UPDATE SET
                score = excluded.score, is_alone = excluded.is_alone, pattern = excluded.pattern,
                evidence = excluded.evidence, found_at = excluded.found_at,
                state = CASE known.state WHEN 'later' THEN 'later' ELSE 'open' END,
                decided_at = CASE known.state WHEN 'later' THEN known.decided_at END,
                decided_by_id = CASE known.state WHEN 'later' THEN known.decided_by_id END
            WHERE known.state <> 'same' AND (
                known.state IN ('gone', 'different')
                OR (known.score, known.evidence) <> (excluded.score, excluded.evidence)
            )
            """,  # noqa: S608 - our own SQL
            {"program": program.pk, "at": at},
        )
        return int(cursor.rowcount)


def _drop_candidates(program: Program) -> int:
    """Takes back undecided candidates of which something has changed so that they are no longer alike."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH waiting AS (
                {ROOTED} AND state IN ('open', 'later')
            ), looked_at AS (
                SELECT waiting.* FROM waiting JOIN matching_changed ON root = one
                UNION SELECT waiting.* FROM waiting JOIN matching_changed ON root = other
            )
            UPDATE matching_candidate known
            SET state = 'gone', decided_at = NULL, decided_by_id = NULL
            FROM looked_at
            WHERE known.id = looked_at.id AND looked_at.one <> looked_at.other AND NOT EXISTS (
                SELECT FROM matching_between found
                WHERE found.one = looked_at.one AND found.other = looked_at.other
            )
            """,  # noqa: S608 - our own SQL
            {"program": program.pk},
        )
        return int(cursor.rowcount)


def _drop_temporary_tables() -> None:
    """Now, so that two searches may share a transaction, as tests do."""
    names = ("changed", "said", "block", "pair", "shared", "found", "between")
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE " + ", ".join(f"matching_{name}" for name in names))
