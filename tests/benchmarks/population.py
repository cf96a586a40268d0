"""An invented nation: who learns with whom and when. Numbers only; `loading` makes persons and facts of them.

A few partners are large and many small. A partner has a home region, a main sector and a usual size of employer, which
most of its people share, and begins its rollout in some month. People come month by month, partner by partner, as
returns bring them; a few come back with another partner. The same seed gives the same people.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any, Self

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

Numbers = NDArray[np.integer[Any]]

FIRST_MONTH = np.datetime64("2024-12", "M")
MONTHS = 24
PARTNERS, REGIONS, SECTORS, SIZES, AGES, COURSES = 200, 8, 19, 3, 5, 20
LEARNED = np.array([1, 2, 2, 3, 3, 3, 4, 4, 6], np.int8)  # achievements of a person, each as likely: 3.1 on average
IN_HOME_REGION, IN_MAIN_SECTOR, IN_USUAL_SIZE = 0.7, 0.8, 0.8
HAVE_A_SECOND_PARTNER = 0.15  # of whom some never come to learn there: about 11 % of all people count with two
WITH_THE_SECOND_PARTNER = 0.6  # of their achievements after the first
ASSESSED = 0.3  # of the achievements; the others are completed
BY_LAST_MONTH_OF_START = MONTHS - 2


class Columns:
    """Equally long arrays, one for each field, of which rows can be taken."""

    def at(self, rows: NDArray[Any]) -> Self:
        return type(self)(*(getattr(self, field.name)[rows] for field in fields(self)))  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class People(Columns):
    """Those who begin in one month. All but `learned` are positions in the program's lists; `second` -1 is none."""

    partner: Numbers
    second: Numbers
    region: Numbers
    sector: Numbers
    size: Numbers
    age: Numbers
    learned: Numbers

    def __len__(self) -> int:
        return len(self.partner)


@dataclass(frozen=True, slots=True)
class Facts(Columns):
    """Achievements: `person` counts people from 0 in the order in which they begin, `day` the days since 1970-01-01."""

    person: Numbers
    partner: Numbers
    month: Numbers
    day: Numbers
    course: Numbers
    evidence: Numbers
    region: Numbers
    sector: Numbers
    size: Numbers
    age: Numbers

    def __len__(self) -> int:
        return len(self.person)

    def followed_by(self, later: "Facts") -> "Facts":
        return Facts(*(np.concatenate([getattr(self, f.name), getattr(later, f.name)]) for f in fields(self)))


@dataclass(frozen=True, slots=True)
class Month:
    """The people who begin in a month and the facts of that month, in the order of partners and people."""

    number: int
    people: People
    facts: Facts


def months(persons: int, *, seed: int) -> Iterator[Month]:
    """The whole population, month by month. Of later facts only those of the next few months are held in memory."""
    rng = np.random.default_rng(seed)
    beginners = rng.multinomial(persons, share_of_partners_by_month().ravel()).reshape(PARTNERS, MONTHS)
    waiting = facts_of(rng, people_of(rng, np.zeros(PARTNERS, np.int64)), month=0, known=0)
    known = 0
    for number in range(MONTHS):
        people = people_of(rng, beginners[:, number])
        facts = waiting.followed_by(facts_of(rng, people, month=number, known=known))
        is_due = facts.month == number
        due, waiting = facts.at(is_due), facts.at(~is_due)
        yield Month(number, people, due.at(np.lexsort((due.person, due.partner))))
        known += len(people)


def share_of_partners_by_month() -> NDArray[np.float64]:
    """Which part of all people begins with which partner in which month: an array of partners × months."""
    edges = np.arange(PARTNERS + 1) / PARTNERS
    share = np.diff(np.cbrt(edges))  # the largest has 17 %, the hundredth 0.3 %
    after = np.arange(MONTHS)[None, :] - Traits.of_all().rollout[:, None]
    reached = (np.clip(after + 1, 0, 8) / 8) ** (2 / 3)  # who has begun by the end of each month: quick, then slower
    begins = np.diff(reached, axis=1, prepend=0)
    begins[:, BY_LAST_MONTH_OF_START] += 1 - begins[:, : BY_LAST_MONTH_OF_START + 1].sum(axis=1)
    begins[:, BY_LAST_MONTH_OF_START + 1 :] = 0
    return share[:, None] * begins


@dataclass(frozen=True, slots=True)
class Traits:
    """What most people of each partner share, and the month in which the partner begins. The same in every nation."""

    rollout: Numbers
    region: Numbers
    sector: Numbers
    size: Numbers

    @classmethod
    def of_all(cls) -> "Traits":
        rng = np.random.default_rng(0)
        return cls(
            rollout=rng.integers(16, size=PARTNERS),
            region=skewed(rng, REGIONS, PARTNERS),
            sector=(SECTORS * rng.random(PARTNERS) * rng.random(PARTNERS)).astype(np.int8),
            size=rng.integers(SIZES, size=PARTNERS),
        )


def people_of(rng: Generator, beginners: Numbers) -> People:
    """As many people for each partner as begin with it."""
    partner = np.repeat(np.arange(PARTNERS), beginners)
    number, traits = len(partner), Traits.of_all()
    second = (PARTNERS * rng.random(number) ** 3).astype(np.int64)
    return People(
        partner=partner,
        second=np.where(rng.random(number) < HAVE_A_SECOND_PARTNER, second, -1),
        region=mostly(rng, IN_HOME_REGION, traits.region[partner], skewed(rng, REGIONS, number)),
        sector=mostly(rng, IN_MAIN_SECTOR, traits.sector[partner], rng.integers(SECTORS, size=number)),
        size=mostly(rng, IN_USUAL_SIZE, traits.size[partner], rng.integers(SIZES, size=number)),
        age=rng.integers(AGES, size=number),
        learned=rng.choice(LEARNED, size=number),
    )


def facts_of(rng: Generator, people: People, *, month: int, known: int) -> Facts:
    """All that these people will achieve: the first in the month in which they begin, the others within five months."""
    row = np.repeat(np.arange(len(people)), people.learned)
    number = len(row)
    is_first = np.diff(row, prepend=-1) > 0
    of_fact = people.at(row)
    elsewhere = ~is_first & (of_fact.second >= 0) & (rng.random(number) < WITH_THE_SECOND_PARTNER)
    when = np.minimum(month + np.where(is_first, 0, rng.integers(5, size=number)), MONTHS - 1)
    return Facts(
        person=known + row,
        partner=np.where(elsewhere, of_fact.second, of_fact.partner),
        month=when,
        day=days_in(rng, when),
        course=rng.integers(COURSES, size=number),
        evidence=np.where(rng.random(number) < ASSESSED, 3, 2),
        region=of_fact.region,
        sector=of_fact.sector,
        size=of_fact.size,
        age=of_fact.age,
    )


def days_in(rng: Generator, month: Numbers) -> Numbers:
    """Some day of each month, as days since 1970-01-01."""
    starts = (FIRST_MONTH + np.arange(MONTHS + 1)).astype("datetime64[D]").astype(np.int64)
    length = np.diff(starts)[month]
    return starts[month] + (rng.random(len(month)) * length).astype(np.int64)


def skewed(rng: Generator, choices: int, number: int) -> Numbers:
    """The first choices more often than the last."""
    return (choices * rng.random(number) ** 2).astype(np.int8)


def mostly(rng: Generator, share: float, usual: Numbers, other: Numbers) -> Numbers:
    return np.where(rng.random(len(usual)) < share, usual, other)
