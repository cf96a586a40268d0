"""Persons and facts of a population, brought in by COPY as if partners had returned them month by month."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from django.db import connection, transaction

from programs.models import Program

from . import binary_copy as binary
from .nation import Lists
from .population import FIRST_MONTH, Facts, Month, Numbers, months

CHUNK = 50_000  # rows
MICROSECONDS_A_DAY = 24 * 3600 * 1_000_000
PERSON = ("id", "program_id", "name", "region", "sector", "employer_size", "age_band", "created_at")
FACT = (
    "program_id", "person_id", "partner_id", "course_id", "kind", "reason", "evidence", "achieved_on", "recorded_at",
    "source", "source_id", "source_row", "fact_key", "region", "sector", "employer", "employer_size", "age_band",
    "occupation",
)  # fmt: skip
POSTGRES_EPOCH = np.datetime64("2000-01-01", "D").astype(int)


@dataclass(frozen=True)
class Loaded:
    """The numbers of the persons are consecutive, both ends included."""

    first_person: int
    last_person: int
    facts: int

    @property
    def people(self) -> int:
        return self.last_person - self.first_person + 1


@transaction.atomic
def populate(program: Program, *, persons: int, seed: int) -> Loaded:
    """Adds that many new persons with all their achievements, and marks nobody dirty. The same seed says the same."""
    lists, first, facts = Lists.of(program), reserve(persons), 0
    rng = np.random.default_rng([seed, 1])
    begun = first
    for month in months(persons, seed=seed):
        copy("people_person", PERSON, persons_of(lists, month, first=begun))
        copy("achievements_achievement", FACT, facts_of(lists, month, first=first, rng=rng))
        begun += len(month.people)
        facts += len(month.facts)
    return Loaded(first, begun - 1, facts)


def reserve(persons: int) -> int:
    """The first of as many consecutive numbers for persons, that nobody else will get."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('people_person', 'id'))")
        (first,) = cursor.fetchone()
        cursor.execute("SELECT setval(pg_get_serial_sequence('people_person', 'id'), %s)", [first + persons - 1])
    return int(first)


def copy(table: str, columns: Sequence[str], chunks: Iterator[Sequence[binary.Column]]) -> None:
    with connection.cursor() as cursor:
        command = f"COPY {table} ({', '.join(columns)}) FROM STDIN (FORMAT binary)"
        with cursor.copy(command) as into:
            into.write(binary.START)
            for chunk in chunks:
                into.write(binary.as_rows(chunk))
            into.write(binary.END)


def persons_of(lists: Lists, month: Month, *, first: int) -> Iterator[list[binary.Column]]:
    """Persons as returns make them: with nothing personal."""
    for rows in chunks_of(len(month.people)):
        number = len(rows)
        nothing = binary.same("", number)
        yield [
            binary.integers(first + rows, size=8),
            binary.integers(np.full(number, lists.program), size=8),
            *[nothing] * 5,
            binary.integers(arrival(month.number, np.zeros(number, np.int64)), size=8),
        ]


def facts_of(lists: Lists, month: Month, *, first: int, rng: np.random.Generator) -> Iterator[list[binary.Column]]:
    """A return for each partner and month, whose rows follow each other."""
    in_return = place_in_return(month.facts.partner)
    for rows in chunks_of(len(month.facts)):
        keys = np.frombuffer(rng.bytes(16 * len(rows)), np.uint8).reshape(len(rows), 16)
        facts = month.facts.at(rows)
        yield [
            *who_and_what(lists, facts, first=first),
            *whence(month, facts, in_return[rows]),
            binary.octets(keys),
            *codes(lists, facts),
        ]


def who_and_what(lists: Lists, facts: Facts, *, first: int) -> list[binary.Column]:
    number = len(facts)
    return [
        binary.integers(np.full(number, lists.program), size=8),
        binary.integers(first + facts.person, size=8),
        binary.integers(np.array(lists.partners)[facts.partner], size=8),
        binary.integers(np.array(lists.courses)[facts.course], size=8),
        binary.same("achieved", number),
        binary.same("", number),
        binary.integers(facts.evidence, size=2),
        binary.integers(facts.day - POSTGRES_EPOCH, size=4),
    ]


def whence(month: Month, facts: Facts, place: Numbers) -> list[binary.Column]:
    return [
        binary.integers(arrival(month.number, facts.partner), size=8),
        binary.same("return", len(facts)),
        binary.integers(1 + month.number * 1000 + facts.partner, size=8),
        binary.integers(2 + place, size=4),  # row 1 of a return is its header
    ]


def codes(lists: Lists, facts: Facts) -> list[binary.Column]:
    nothing = binary.same("", len(facts))
    return [
        binary.texts(lists.regions, facts.region),
        binary.texts(lists.sectors, facts.sector),
        nothing,
        binary.texts(lists.sizes, facts.size),
        binary.texts(lists.ages, facts.age),
        nothing,
    ]


def chunks_of(number: int) -> Iterator[Numbers]:
    for start in range(0, number, CHUNK):
        yield np.arange(start, min(start + CHUNK, number))


def place_in_return(partner: Numbers) -> Numbers:
    """How many rows of the same partner stand before each; those of a partner stand together."""
    rows = np.arange(len(partner))
    begins = np.maximum.accumulate(np.where(np.diff(partner, prepend=-1) != 0, rows, 0))
    return rows - begins


def arrival(month: int, partner: Numbers) -> Numbers:
    """When returns of a month arrive, in microseconds since 2000: early in the next, one partner after the other."""
    next_month = int((FIRST_MONTH + month + 1).astype("datetime64[D]").astype(int)) - POSTGRES_EPOCH
    return (next_month + 2) * MICROSECONDS_A_DAY + partner.astype(np.int64) * 60_000_000
