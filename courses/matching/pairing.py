"""The pairs that share a block, compared one by one: read from the database as a stream, in bounded memory."""

from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

import orjson
from django.db import connection
from rapidfuzz import fuzz, process

from .agreement import Frequencies, Saying
from .comparing import Shared, compare_if_worthwhile
from .scoring import evidence_of, is_candidate, pattern_of, score_of

BATCH = 50_000  # pairs
LOOKS_ALIKE = (
    55  # % of similarity, below which two names are compared no further, unless an initial or a contact agrees
)
NAME_KEY = "SELECT string_agg(word, ' ' ORDER BY word COLLATE \"C\") FROM unnest(words) AS word"  # names.name_key
# Two sayings of two people side by side. How many share a contact is 0 where the two differ, and nothing if one is
# silent; what only these two can share is not counted anew.
PAIRS = """
    SELECT one.id, other.id, array_to_string(one.words, ' '), array_to_string(other.words, ' '),
        one.born_on, other.born_on, one.employer, other.employer,
        CASE WHEN one.email <> other.email THEN 0 WHEN one.email = other.email THEN coalesce(emails.sharing, 2) END,
        CASE WHEN one.phone <> other.phone THEN 0 WHEN one.phone = other.phone THEN coalesce(phones.sharing, 2) END,
        CASE WHEN one.account <> other.account THEN 0
            WHEN one.account = other.account THEN coalesce(accounts.sharing, 2) END
    FROM matching_pair pair
    JOIN matching_said one ON one.id = pair.one
    JOIN matching_said other ON other.id = pair.other
    LEFT JOIN matching_shared emails ON emails.contact = one.email
    LEFT JOIN matching_shared phones ON phones.contact = one.phone
    LEFT JOIN matching_shared accounts ON accounts.contact = one.account
    WHERE one.root <> other.root
"""


class Found(NamedTuple):
    """Two sayings that make a candidate."""

    one: int
    other: int
    score: int
    is_alone: bool
    pattern: str
    evidence: str


class Pair(NamedTuple):
    """Two sayings as the database sends them; None is not stated."""

    one: int
    other: int
    name: str
    other_name: str
    born_on: date | None
    other_born_on: date | None
    employer: str
    other_employer: str
    email: int | None
    phone: int | None
    account: int | None


def frequencies(sayings: int) -> Frequencies:
    """How often words, names, birth dates and employers are said; things that only one or two say are left out."""
    return Frequencies(
        sayings,
        words=_counts("SELECT DISTINCT id, unnest(words) FROM matching_said"),
        names=_counts(f"SELECT id, ({NAME_KEY}) FROM matching_said"),  # noqa: S608 - our own SQL
        days=_counts("SELECT id, born_on FROM matching_said"),
        employers=_counts("SELECT id, nullif(employer, '') FROM matching_said"),
    )


def _counts(select: str) -> dict[Any, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT thing, count(*) FROM ({select}) said (id, thing) WHERE thing IS NOT NULL"  # noqa: S608 - our own SQL
            " GROUP BY thing HAVING count(*) > 1"
        )
        return dict(cursor.fetchall())


def make_shared() -> None:
    """Makes the temporary table of contacts that more than two sayings share."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            CREATE TEMPORARY TABLE matching_shared ON COMMIT DROP AS
            SELECT contact, count(*) AS sharing
            FROM (
                SELECT email AS contact FROM matching_said UNION ALL SELECT phone FROM matching_said
                UNION ALL SELECT account FROM matching_said
            ) said WHERE contact IS NOT NULL GROUP BY contact HAVING count(*) > 2
            """
        )
        cursor.execute("ANALYZE matching_shared")


def found_among_pairs(known: Frequencies) -> Iterator[Found]:
    """The pairs that are candidates; no more than a batch of pairs is in memory."""
    for batch in _batches():
        names = [pair.name for pair in batch], [pair.other_name for pair in batch]
        similar = process.cpdist(*names, scorer=fuzz.token_sort_ratio, score_cutoff=LOOKS_ALIKE)
        for pair, similarity in zip(batch, similar.tolist(), strict=True):
            if similarity or _may_be_alike_still(pair):
                yield from _found(pair, known)


def _may_be_alike_still(pair: Pair) -> bool:
    """Whether two names that look different may be one: of people with one contact, or where there are initials."""
    return bool(pair.email or pair.phone or pair.account or _has_initial(pair.name) or _has_initial(pair.other_name))


@lru_cache(maxsize=100_000)
def _has_initial(name: str) -> bool:
    return any(len(word) == 1 for word in name.split())


def _found(pair: Pair, known: Frequencies) -> Iterator[Found]:
    one = Saying(_words(pair.name), pair.born_on, pair.employer)
    other = Saying(_words(pair.other_name), pair.other_born_on, pair.other_employer)
    comparison = compare_if_worthwhile(one, other, Shared(pair.email, pair.phone, pair.account), known)
    if comparison and is_candidate(comparison):
        yield Found(
            pair.one,
            pair.other,
            score_of(comparison),
            not comparison.has_further_agreement,
            pattern_of(comparison),
            orjson.dumps(evidence_of(comparison)).decode(),
        )


def _batches() -> Iterator[list[Pair]]:
    with connection.cursor() as cursor:  # all of it will be read: what comes first soonest is of no use
        cursor.execute("SET LOCAL cursor_tuple_fraction = 1")
    with connection.chunked_cursor() as cursor:
        cursor.execute(PAIRS)
        while rows := cursor.fetchmany(BATCH):
            yield [Pair(*row) for row in rows]


@lru_cache(maxsize=100_000)
def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())
