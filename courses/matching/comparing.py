"""Two sayings side by side: name, birth date, employer, e-mail, telephone and account."""

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from math import log2

from django.utils.translation import gettext_noop
from rapidfuzz.distance import OSA
from rapidfuzz.fuzz import token_sort_ratio

from .agreement import UNSTATED, Agreement, Frequencies, Level, Saying
from .comparing_names import BEGINS_ALIKE, SAME, compare_names

EARLIEST = date(1905, 1, 1)  # a birth date before it is a placeholder
MOST_SHARING = 10  # sayings with one mailbox or telephone; where more share it, it says nothing
# Bits for what two sayings share and nobody else; every doubling of those who share it takes two.
EMAIL, PHONE, ACCOUNT = 13.0, 11.0, 14.0
# How often two records of one human being agree in the birth date, or say the same employer, or spell it otherwise.
SAME_DAY, SAME_EMPLOYER, RESPELT_EMPLOYER = 0.9, 0.5, 0.2
SPELT_ALIKE = 88  # % of similarity between two spellings of an employer
DUPLICATES = 0.03  # of the sayings, about: how likely two records are of one human being before anything is compared
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Shared:
    """How many sayings have the e-mail, telephone and account of the two: 0 if theirs differ, None if not both say."""

    email: int | None = None
    phone: int | None = None
    account: int | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """What two sayings agree in, and all bits for one human being together: 0 is even odds."""

    name: Agreement
    born_on: Agreement
    employer: Agreement
    email: Agreement
    phone: Agreement
    account: Agreement
    bits: float

    @property
    def has_further_agreement(self) -> bool:
        """Whether anything but name and birth date speaks for one human being."""
        return self.employer.speaks_for_it or self.has_contact

    @property
    def has_contact(self) -> bool:
        return Level.EXACT in (self.email.level, self.phone.level, self.account.level)

    @property
    def is_possible(self) -> bool:
        """Another name is another person, unless only the family name is, and birth date and a contact are the same."""
        if self.name.level != Level.DIFFERENT:
            return True
        return self.name.how == BEGINS_ALIKE and self.born_on.level == Level.EXACT and self.has_contact


def compare(one: Saying, other: Saying, shared: Shared, known: Frequencies) -> Comparison:
    """All that two sayings agree in."""
    return _with_names(one, other, _but_names(one, other, shared, known), known)


def compare_if_worthwhile(one: Saying, other: Saying, shared: Shared, known: Frequencies) -> Comparison | None:
    """The same, or nothing where no name, however rare, could make up for what speaks against it: names cost most."""
    others = _but_names(one, other, shared, known)
    most = prior(known) + log2(SAME / known.share(1)) + sum(agreement.bits for agreement in others)
    return _with_names(one, other, others, known) if most >= 0 else None


def _but_names(one: Saying, other: Saying, shared: Shared, known: Frequencies) -> tuple[Agreement, ...]:
    return (
        compare_days(one.born_on, other.born_on, known),
        compare_employers(one.employer, other.employer, known),
        compare_contacts(shared.email, EMAIL),
        compare_contacts(shared.phone, PHONE),
        compare_contacts(shared.account, ACCOUNT),
    )


def _with_names(one: Saying, other: Saying, others: tuple[Agreement, ...], known: Frequencies) -> Comparison:
    name = compare_names(one.words, other.words, known)
    born_on, employer, email, phone, account = others
    bits = prior(known) + name.bits + sum(agreement.bits for agreement in others)
    return Comparison(name, born_on, employer, email, phone, account, bits)


def prior(known: Frequencies) -> float:
    """Bits for two sayings drawn at random: each has a partner in one case of many, among so many others."""
    return log2(2 * DUPLICATES / max(known.sayings, 2))


def compare_days(one: date | None, other: date | None, known: Frequencies) -> Agreement:
    """The same day, a day that is easily mistaken for the other, or another day."""
    if one is None or other is None:
        return UNSTATED
    if one == other:
        return Agreement(Level.EXACT, log2(SAME_DAY / known.chance_of(known.days, one)), "", 100)
    if one.year == other.year and (one.month, one.day) == (other.day, other.month):
        return Agreement(Level.ALIKE, 7.0, gettext_noop("day and month changed round"))
    if one.year == other.year and (1, 1) in ((one.month, one.day), (other.month, other.day)):
        return Agreement(Level.ALIKE, 3.5, gettext_noop("1 January of the same year"))
    if OSA.distance(f"{one:%Y%m%d}", f"{other:%Y%m%d}") == 1:
        return Agreement(Level.ALIKE, 3.5, gettext_noop("one digit apart"))
    return Agreement(Level.DIFFERENT, -7.0)


def compare_employers(one: str, other: str, known: Frequencies) -> Agreement:
    """The same employer, one that is spelt differently, or another one. Numbers in the names must be the same."""
    if not one or not other:
        return UNSTATED
    if one == other:
        return Agreement(Level.EXACT, log2(SAME_EMPLOYER / known.chance_of(known.employers, one)), "", 100)
    similarity = _similarity(one, other)
    if similarity < SPELT_ALIKE or _NUMBER.findall(one) != _NUMBER.findall(other):
        return Agreement(Level.DIFFERENT, -0.8, "", similarity)
    chance = max(known.chance_of(known.employers, name) for name in (one, other))
    return Agreement(
        Level.ALIKE, max(log2(RESPELT_EMPLOYER / chance), 0.0), gettext_noop("another spelling"), similarity
    )


@lru_cache(maxsize=100_000)
def _similarity(one: str, other: str) -> int:
    return round(token_sort_ratio(one, other))


def compare_contacts(sharing: int | None, bits: float) -> Agreement:
    """`sharing` as in `Shared`; what more than `MOST_SHARING` sayings share says nothing."""
    if sharing is None:
        return UNSTATED
    if sharing == 0:
        return Agreement(Level.DIFFERENT, -0.5)
    if sharing > MOST_SHARING:
        return Agreement(Level.UNSTATED, 0.0, gettext_noop("shared by many"))
    return Agreement(
        Level.EXACT, bits - 2 * log2(max(sharing, 2) - 1), "" if sharing <= 2 else gettext_noop("shared by others")
    )
