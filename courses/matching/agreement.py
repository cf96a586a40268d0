"""How far two sayings agree in one thing, and how much that speaks for one human being."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TypeVar

Thing = TypeVar("Thing", str, date)


class Level(StrEnum):
    EXACT = "exact"
    ALIKE = "alike"
    DIFFERENT = "different"
    UNSTATED = "unstated"


@dataclass(frozen=True, slots=True)
class Agreement:
    """`how` says it in words, `bits` how much it speaks for one human being (or against), `similarity` is a percentage.

    Bits are the logarithm to base two of how much likelier the agreement is between two records of one human being
    than between two people (I. P. Fellegi and A. B. Sunter, A Theory for Record Linkage, 1969). They add up.
    """

    level: Level
    bits: float = 0.0
    how: str = ""
    similarity: int | None = None

    @property
    def speaks_for_it(self) -> bool:
        return self.level in (Level.EXACT, Level.ALIKE)


UNSTATED = Agreement(Level.UNSTATED)


@dataclass(frozen=True, slots=True)
class Saying:
    """What one partner says of one person, ready to be compared: words of the name in order, and plain text."""

    words: tuple[str, ...]
    born_on: date | None
    employer: str = ""


@dataclass(frozen=True, slots=True)
class Frequencies:
    """How many sayings of the program there are, and how many share each thing; what is not listed is said seldom."""

    sayings: int
    words: Mapping[str, int] = field(default_factory=dict)
    names: Mapping[str, int] = field(default_factory=dict)
    days: Mapping[date, int] = field(default_factory=dict)
    employers: Mapping[str, int] = field(default_factory=dict)

    def share(self, number: int) -> float:
        """That number as a share of the sayings; at least the share of one."""
        return max(number, 1) / max(self.sayings, 2)

    def of_word(self, word: str) -> float:
        return self.share(self.words.get(word, 1))

    def chance_of(self, known: Mapping[Thing, int], said: Thing) -> float:
        """How likely somebody else says the same as somebody who says this."""
        return self.share(known.get(said, 2) - 1)
