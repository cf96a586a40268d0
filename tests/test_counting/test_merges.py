"""Two persons who are one human being count once, and when they are separated, all is as it was before."""

import pytest

from reporting.counting.models import Count
from tests.test_counting.cast import people
from tests.test_counting.merging import FIRST, SECOND, THIRD, World

pytestmark = pytest.mark.django_db


def test_two_with_one_partner_count_once_while_they_are_one(world: World) -> None:
    world.achieve(0, world.college, FIRST)
    world.achieve(1, world.college, SECOND)
    world.settle()

    merge = world.merge(1, 0)

    assert world.settle() == [(1, "merge", -1, -1)]
    assert people(world.version) == people(world.version, "partner-month-region") == 1
    world.unmerge(merge)
    assert world.settle() == [(1, "unmerge", 1, 1)]
    assert people(world.version) == people(world.version, "partner-month-region") == 2


def test_the_earlier_achievement_of_an_alias_moves_the_one_it_stands_for(world: World) -> None:
    world.achieve(0, world.college, SECOND)
    world.achieve(1, world.college, FIRST, region="S")
    world.settle()

    merge = world.merge(1, 0)

    assert world.settle() == [(0, "merge", -1, -1), (0, "merge", 1, 1), (1, "merge", -1, -1)]
    assert Count.objects.get(grouping="day-region", people=1).region == "S"
    world.unmerge(merge)
    assert world.settle() == [(0, "unmerge", -1, -1), (0, "unmerge", 1, 1), (1, "unmerge", 1, 1)]
    assert people(world.version) == 2


def test_another_partner_s_part_goes_with_the_alias(world: World) -> None:
    world.achieve(0, world.college, FIRST)
    world.achieve(1, world.firm, SECOND)
    world.settle()

    merge = world.merge(1, 0)

    assert world.settle() == [(0, "merge", 1, 0), (1, "merge", -1, -1)]
    assert (people(world.version), people(world.version, "partner-month-region")) == (1, 2)
    world.unmerge(merge)
    assert world.settle() == [(0, "unmerge", -1, 0), (1, "unmerge", 1, 1)]


def test_who_was_first_with_another_partner_through_an_alias_counts_in_the_whole_there(world: World) -> None:
    world.achieve(0, world.college, SECOND)
    world.achieve(1, world.firm, FIRST)
    world.settle()

    merge = world.merge(1, 0)

    assert world.settle() == [(0, "merge", 0, -1), (0, "merge", 1, 1), (1, "merge", -1, -1)]
    world.unmerge(merge)
    assert world.settle() == [(0, "unmerge", 0, 1), (0, "unmerge", -1, -1), (1, "unmerge", 1, 1)]


def test_one_who_has_achieved_nothing_counts_for_what_an_alias_has(world: World) -> None:
    world.achieve(1, world.college, FIRST)
    world.settle()

    merge = world.merge(1, 0)

    assert world.settle() == [(0, "merge", 1, 1), (1, "merge", -1, -1)]
    world.unmerge(merge)
    assert world.settle() == [(0, "unmerge", -1, -1), (1, "unmerge", 1, 1)]


def test_an_alias_that_has_achieved_nothing_changes_nothing(world: World) -> None:
    world.achieve(0, world.college, FIRST)
    world.settle()

    merge = world.merge(1, 0)

    assert world.settle() == []
    world.unmerge(merge)
    assert world.settle() == []


def test_merged_and_separated_before_anybody_looked_is_nothing(world: World) -> None:
    world.achieve(0, world.college, SECOND)
    world.achieve(1, world.firm, FIRST)
    world.settle()

    world.unmerge(world.merge(1, 0))

    assert world.settle() == []


def test_merged_separated_and_merged_again(world: World) -> None:
    world.achieve(0, world.college, SECOND)
    world.achieve(1, world.college, FIRST)
    world.settle()

    for _ in range(3):
        merge = world.merge(1, 0)
        assert world.settle() == [(0, "merge", -1, -1), (0, "merge", 1, 1), (1, "merge", -1, -1)]
        world.unmerge(merge)
        assert world.settle() == [(0, "unmerge", -1, -1), (0, "unmerge", 1, 1), (1, "unmerge", 1, 1)]


def test_who_is_merged_the_other_way_round_after_a_separation_counts_there(world: World) -> None:
    world.achieve(0, world.college, FIRST)
    world.achieve(1, world.college, SECOND)
    world.settle()
    world.unmerge(world.merge(1, 0))
    world.settle()

    world.merge(0, 1)

    assert world.settle() == [(0, "merge", -1, -1), (1, "merge", -1, -1), (1, "merge", 1, 1)]


def test_a_chain_counts_at_its_end_and_parts_where_it_is_undone(world: World) -> None:
    for who, day in enumerate((THIRD, SECOND, FIRST)):
        world.achieve(who, world.college, day)
    world.settle()

    world.merge(2, 1)
    above = world.merge(1, 0)

    assert world.settle() == [
        (0, "merge", -1, -1), (0, "merge", 1, 1), (1, "merge", -1, -1), (2, "merge", -1, -1),
    ]  # fmt: skip
    world.unmerge(above)
    assert world.settle() == [(0, "unmerge", -1, -1), (0, "unmerge", 1, 1), (1, "unmerge", 1, 1)]
    assert people(world.version) == 2
