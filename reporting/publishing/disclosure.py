"""The rules by which figures may leave a program: docs/decisions/0007-disclosure-rules.md says why these three.

A rule is a pure function of the exact count, the cell's name and the figure shown before. Each cell is treated on its
own, totals too, so parts need not add up to the whole.
"""

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from django.conf import settings
from django.utils.translation import gettext_noop

from programs.models import Program


class UnknownRuleError(Exception):
    """The program names a disclosure rule that does not exist; nothing of it can be published."""


@dataclass(frozen=True)
class Figure:
    """What the outside sees: `people`, or None where it is hidden. `exact_at_change` never leaves the program."""

    people: int | None
    exact_at_change: int


class DisclosureRule(Protocol):
    code: str
    hidden_as: str
    explanation: tuple[str, ...]

    def figure(self, exact: int, *, cell: str, before: Figure | None) -> Figure:
        """The figure for a cell with `exact` people, given the one shown `before` under the same rule (None: none)."""
        ...


class SecretRounding10:
    """To a multiple of 10 at a secret point of the cell, moving only when ten people have come or gone.

    A fresh figure lies within 9 people of the count, a held one within 18. It appears, and moves, only for a group of
    at least 11 people; below 20 it is hidden, so that zero and a few look alike.
    """

    code = "secret-rounding-10"
    hidden_as = gettext_noop("fewer than 20")
    explanation: tuple[str, ...] = (
        gettext_noop(
            "Each figure is rounded to a multiple of 10, up or down, at a point that is secret and fixed for that"
            " figure for the year."
        ),
        gettext_noop(
            "A figure moves only when at least ten people have come or gone since it last moved, so it can be up to"
            " 18 people away from the count."
        ),
        gettext_noop("Below 20 it reads “fewer than 20”, also where there is nobody."),
        gettext_noop("Only these tables are published, and a figure appears only for a group of at least 11 people."),
        gettext_noop("Every figure and every total is rounded on its own, so the rows need not add up to the total."),
    )

    def __init__(self, key: bytes) -> None:
        self.key = key

    def offset(self, cell: str) -> int:
        """0 to 9, the same for the same cell under the same key, and unknown to whoever lacks the key."""
        return int.from_bytes(hmac.digest(self.key, cell.encode(), hashlib.sha256)) % 10

    def figure(self, exact: int, *, cell: str, before: Figure | None) -> Figure:
        if before and abs(exact - before.exact_at_change) < 10:
            return before
        rounded = (exact + self.offset(cell)) // 10 * 10
        return moved(rounded if rounded >= 20 else None, exact, before)


class Round5:
    """Ofqual's habit: to the nearest 5; 1 to 4 hidden; nobody is 0. A figure lies within 2 people of the count."""

    code = "round-5"
    hidden_as = gettext_noop("fewer than 5")
    explanation: tuple[str, ...] = (
        gettext_noop("Each figure is rounded to the nearest 5."),
        gettext_noop("One to four people read “fewer than 5”; 0 means that there is nobody."),
        gettext_noop("Every figure and every total is rounded on its own, so the rows need not add up to the total."),
    )

    def figure(self, exact: int, *, cell: str, before: Figure | None) -> Figure:
        return moved(None if 0 < exact < 5 else nearest_5(exact), exact, before)


class Suppress10Round5:
    """The 10-5 rule: under 10 hidden, zero included; from 10 on to the nearest 5, within 2 people of the count."""

    code = "10-5"
    hidden_as = gettext_noop("fewer than 10")
    explanation: tuple[str, ...] = (
        gettext_noop("Each figure is rounded to the nearest 5."),
        gettext_noop("Fewer than ten people read “fewer than 10”, also where there is nobody."),
        gettext_noop("Every figure and every total is rounded on its own, so the rows need not add up to the total."),
    )

    def figure(self, exact: int, *, cell: str, before: Figure | None) -> Figure:
        return moved(None if exact < 10 else nearest_5(exact), exact, before)


def nearest_5(exact: int) -> int:
    return (exact + 2) // 5 * 5


def moved(people: int | None, exact: int, before: Figure | None) -> Figure:
    """The figure shown before if it reads the same, else a new one."""
    return before if before and before.people == people else Figure(people, exact)


RULES: dict[str, Callable[[bytes], DisclosureRule]] = {
    SecretRounding10.code: SecretRounding10,
    Round5.code: lambda key: Round5(),
    Suppress10Round5.code: lambda key: Suppress10Round5(),
}


def rule_of(program: Program, *, on: date) -> DisclosureRule:
    """The program's rule, with its secret for the financial year in which the day lies.

    Raises `UnknownRuleError` if there is no such rule.
    """
    make = RULES.get(program.disclosure_rule)
    if make is None:
        raise UnknownRuleError(
            f"Program {program.code} names the disclosure rule “{program.disclosure_rule}”, which does not exist. "
            f"Name one of these in its country file and load it again: {', '.join(RULES)}."
        )
    year = on.year - (on.month < program.financial_year_month)
    return make(hmac.digest(settings.DISCLOSURE_KEY.encode(), f"{program.code}\0{year}".encode(), hashlib.sha256))
