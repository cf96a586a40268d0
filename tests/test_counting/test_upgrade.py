"""What the first ledger booked comes back in the second one, line by line, with the same figures at every moment."""

import random
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date
from importlib import import_module
from typing import Any

import pytest

upgrade: Any = import_module("reporting.counting.migrations.0007_what_was_booked_comes_back")
ANNE, BOB, CAROL = 1, 2, 3  # partners


def cell(day: int, region: str = "N") -> Any:
    return upgrade.Cell(date(2026, 1, day), region, "J", "small", "25-34")


def part(posting: int, partner: int, achievement: int, where: Any, quantity: int, cause: str = "new") -> Any:
    return upgrade.OldEntry(posting, partner, False, achievement, where, quantity, cause)


def whole(posting: int, partner: int, achievement: int, where: Any, quantity: int, cause: str = "new") -> Any:
    return part(posting, partner, achievement, where, quantity, cause)._replace(is_whole=True)


def rebooked(*old: Any) -> list[tuple[int, int, int, int, int, str]]:
    """Posting, partner, achievement, part, whole and cause of each line; the lines are checked first."""
    lines = list(upgrade.rebook(old))
    assert_is_chain(lines)
    assert sums(lines) == old_sums(old)
    return [(line.posting, line.partner, line.achievement, line.part, line.whole, line.cause) for line in lines]


def assert_is_chain(lines: list[Any]) -> None:
    """What recount says of each entry and the one before it."""
    last: dict[int, Any] = {}
    for line in lines:
        before = last.get(line.partner)
        was_first = before is not None and before.whole == 1
        assert line.step == (before.step + 1 if before else 1)
        assert (line.part == 1) == (before is None or before.part == -1)
        if before and line.part < 1:
            assert (line.achievement, line.cell) == (before.achievement, before.cell)
        assert line.whole in {1: (0, 1), -1: (-int(was_first),), 0: (-1 if was_first else 1,)}[line.part]
        last[line.partner] = line


def sums(lines: list[Any]) -> dict[Any, int]:
    """By posting and cell what is gained or lost, by partner or, of the whole, by cause; nothing where it is nil."""
    found: Counter[Any] = Counter()
    for line in lines:
        found[line.posting, line.partner, line.cell] += line.part
        found[line.posting, line.cause, line.cell] += line.whole
    return {key: people for key, people in found.items() if people}


def old_sums(old: tuple[Any, ...]) -> dict[Any, int]:
    found: Counter[Any] = Counter()
    for entry in old:
        found[entry.posting, entry.cause if entry.is_whole else entry.partner, entry.cell] += entry.quantity
    return {key: people for key, people in found.items() if people}


def test_a_person_comes_and_goes() -> None:
    old = [part(1, ANNE, 10, cell(1), 1), whole(1, ANNE, 10, cell(1), 1)]
    old += [part(2, ANNE, 10, cell(1), -1, "revoked"), whole(2, ANNE, 10, cell(1), -1, "revoked")]
    assert rebooked(*old) == [(1, ANNE, 10, 1, 1, "new"), (2, ANNE, 10, -1, -1, "revoked")]


def test_a_person_with_two_partners_counts_once_in_the_whole() -> None:
    old = [part(1, ANNE, 10, cell(2), 1), part(1, BOB, 20, cell(1), 1), whole(1, BOB, 20, cell(1), 1)]
    assert rebooked(*old) == [(1, ANNE, 10, 1, 0, "new"), (1, BOB, 20, 1, 1, "new")]


def test_the_whole_stays_in_its_cell_when_its_partner_leaves() -> None:
    old = [part(1, ANNE, 10, cell(1), 1), part(1, BOB, 20, cell(1), 1), whole(1, ANNE, 10, cell(1), 1)]
    old += [part(2, ANNE, 10, cell(1), -1, "revoked")]
    assert rebooked(*old)[2:] == [(2, ANNE, 10, -1, -1, "revoked"), (2, BOB, 20, 0, 1, "revoked")]


def test_who_leaves_does_so_with_the_achievement_with_which_they_came() -> None:
    """Achievement 10 was revoked, 11 stood in for it in the same cell and nothing was booked; then 11 was revoked."""
    old = [part(1, ANNE, 10, cell(1), 1), whole(1, ANNE, 10, cell(1), 1)]
    old += [part(3, ANNE, 11, cell(1), -1, "revoked"), whole(3, ANNE, 11, cell(1), -1, "revoked")]
    assert rebooked(*old)[1:] == [(3, ANNE, 10, -1, -1, "revoked")]


def test_a_late_achievement_moves_the_whole_between_partners() -> None:
    old = [part(1, ANNE, 10, cell(2), 1), whole(1, ANNE, 10, cell(2), 1)]
    old += [
        part(2, BOB, 20, cell(1), 1),
        whole(2, ANNE, 10, cell(2), -1, "late"),
        whole(2, BOB, 20, cell(1), 1, "late"),
    ]
    assert rebooked(*old)[1:] == [(2, ANNE, 10, 0, -1, "late"), (2, BOB, 20, 1, 1, "late")]


def test_the_whole_stands_at_the_partner_whose_achievement_decided_it() -> None:
    old = [part(1, ANNE, 10, cell(2), 1), part(1, BOB, 20, cell(2), 1), whole(1, BOB, 20, cell(2), 1)]
    assert rebooked(*old) == [(1, ANNE, 10, 1, 0, "new"), (1, BOB, 20, 1, 1, "new")]


def test_the_whole_stays_at_its_partner_while_that_fits() -> None:
    old = [part(1, ANNE, 10, cell(2), 1), part(1, BOB, 20, cell(2), 1), whole(1, BOB, 20, cell(2), 1)]
    old += [part(2, CAROL, 30, cell(3), 1)]
    assert rebooked(*old)[2:] == [(2, CAROL, 30, 1, 0, "new")]


@pytest.mark.parametrize(
    "odd",
    [
        [whole(1, ANNE, 10, cell(1), 1)],
        [part(1, ANNE, 10, cell(1), 1), whole(1, ANNE, 10, cell(2), 1)],
        [part(1, ANNE, 10, cell(1), -1)],
        [part(1, ANNE, 10, cell(1), 1), part(2, ANNE, 11, cell(2), 1)],
        [part(1, ANNE, 10, cell(1), 1), part(2, ANNE, 10, cell(2), -1)],
    ],
)
def test_what_settling_cannot_have_booked_is_refused(odd: list[Any]) -> None:
    with pytest.raises(upgrade.OddBookingError, match="count"):
        list(upgrade.rebook(odd))


@dataclass
class OldSettling:
    """How the first ledger was settled: it booked only where the cell changed, by grain (none: the whole)."""

    facts: dict[int, tuple[Any, int, int]] = field(default_factory=dict)  # by number: cell, key, partner
    booked: dict[int | None, int] = field(default_factory=dict)
    places: dict[int, tuple[Any, int, int]] = field(default_factory=dict)  # of all facts, revoked ones too

    def due(self) -> dict[int | None, int]:
        grains: dict[int | None, list[int]] = defaultdict(list)
        for number, (_, _, partner) in self.facts.items():
            grains[partner].append(number)
            grains[None].append(number)
        return {grain: min(found, key=self._rank) for grain, found in grains.items()}

    def _rank(self, number: int) -> tuple[date, int]:
        where, key, _ = self.places[number]
        return where.day, key

    def settle(self, posting: int) -> list[Any]:
        due, entries = self.due(), []
        for quantity, side in ((-1, self.booked), (1, due)):
            for grain, number in side.items():
                where, _, partner = self.places[number]
                if where != self._cell(self.booked if quantity > 0 else due, grain):
                    book = part if grain else whole
                    entries.append(book(posting, partner, number, where, quantity, "new" if grain else "late"))
        self.booked = due
        return entries

    def _cell(self, side: dict[int | None, int], grain: int | None) -> Any:
        return self.places[side[grain]][0] if grain in side else None


@pytest.mark.parametrize("seed", range(100))
def test_any_history_comes_back_with_the_same_figures(seed: int) -> None:
    chance, settling, old = random.Random(seed), OldSettling(), []
    for number in range(1, 40):
        if settling.facts and chance.random() < 0.45:
            settling.facts.pop(chance.choice(list(settling.facts)))
        else:
            place = cell(chance.randint(1, 3), chance.choice("NS")), chance.randrange(10**6), chance.randint(1, 3)
            settling.facts[number] = settling.places[number] = place
        if chance.random() < 0.6:
            old += settling.settle(number // 3)
    assert len(rebooked(*old)) > 0
