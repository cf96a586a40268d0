"""What happens to the facts of persons while they are one, and afterwards."""

import itertools

import pytest

from tests.factories import NOW
from tests.test_counting.cast import booked, settle_now
from tests.test_counting.merging import FIRST, SECOND, THIRD, World

pytestmark = pytest.mark.django_db


def test_what_nobody_had_counted_yet_is_new_and_not_merged(world: World) -> None:
    world.achieve(0, world.college, SECOND)
    world.achieve(1, world.firm, FIRST)

    world.merge(1, 0)

    assert world.settle() == [(0, "new", 1, 0), (0, "new", 1, 1)]


def test_what_nobody_had_counted_yet_is_new_although_they_were_one_for_a_while(world: World) -> None:
    world.achieve(0, world.college, SECOND)
    world.achieve(1, world.firm, FIRST)

    world.unmerge(world.merge(1, 0))

    settled = settle_now(world.now())
    assert settled == 2
    assert {cause for cause, _, _ in booked(world.version)} == {"new"}


def test_what_is_new_to_somebody_who_counted_all_the_time_is_new(world: World) -> None:
    """They were one for a while, but nobody looked."""
    world.achieve(0, world.college, FIRST)
    world.achieve(1, world.college, FIRST)
    world.settle()
    world.achieve(1, world.firm, SECOND)

    world.unmerge(world.merge(1, 0))

    assert world.settle() == [(1, "new", 1, 0)]


def test_what_arrives_for_an_alias_is_new_or_late_for_the_one_it_stands_for(world: World) -> None:
    world.achieve(0, world.college, SECOND)
    world.settle()
    merge = world.merge(1, 0)
    world.settle()

    world.achieve(1, world.firm, THIRD)
    assert world.settle() == [(0, "new", 1, 0)]
    world.achieve(1, world.college, FIRST)
    assert world.settle() == [(0, "late", -1, -1), (0, "late", 1, 1)]

    world.unmerge(merge)
    assert world.settle() == [
        (0, "unmerge", -1, -1), (0, "unmerge", 1, 1), (0, "unmerge", -1, 0),
        (1, "unmerge", 1, 1), (1, "unmerge", 1, 0),
    ]  # fmt: skip


def test_what_an_alias_achieved_in_the_shade_counts_by_the_separation(world: World) -> None:
    """It never decided anything while the two were one."""
    world.achieve(0, world.college, FIRST)
    merge = world.merge(1, 0)
    world.settle()
    world.achieve(1, world.college, SECOND)
    assert world.settle() == []

    world.unmerge(merge)

    assert world.settle() == [(1, "unmerge", 1, 1)]


def test_what_somebody_achieves_after_a_separation_is_new(world: World) -> None:
    world.achieve(0, world.college, FIRST)
    world.unmerge(world.merge(1, 0))
    world.settle()

    world.achieve(1, world.college, SECOND)

    assert world.settle() == [(1, "new", 1, 1)]


def test_revoked_while_they_were_one_stays_away_until_restored(world: World) -> None:
    fact = world.achieve(1, world.college, FIRST)
    world.settle()
    merge = world.merge(1, 0)
    world.settle()

    world.revoke(fact)
    assert world.settle() == [(0, "revoked", -1, -1)]
    world.unmerge(merge)
    assert world.settle() == []
    world.restore(fact)
    assert world.settle() == [(1, "restored", 1, 1)]


def test_revoked_before_they_were_one_and_restored_after_comes_back_to_whom_it_stands_for(world: World) -> None:
    fact = world.achieve(1, world.college, FIRST)
    world.settle()
    world.revoke(fact)
    world.settle()
    world.merge(1, 0)
    assert world.settle() == []

    world.restore(fact)

    assert world.settle() == [(0, "restored", 1, 1)]


def test_restored_long_before_is_no_reason(world: World) -> None:
    fact = world.achieve(1, world.college, FIRST)
    world.achieve(0, world.college, SECOND)
    world.settle()
    world.revoke(fact)
    world.restore(fact)
    world.settle()

    merge = world.merge(1, 0)

    assert world.settle() == [(0, "merge", -1, -1), (0, "merge", 1, 1), (1, "merge", -1, -1)]
    world.unmerge(merge)
    assert world.settle() == [(0, "unmerge", -1, -1), (0, "unmerge", 1, 1), (1, "unmerge", 1, 1)]


def test_restored_at_the_very_moment_of_the_merge_is_restored() -> None:
    """Moments that are equal say nothing: the ledger knows why the achievement was left."""
    world = World(apart=False)
    world.moments = itertools.repeat(NOW)
    fact = world.achieve(1, world.college, FIRST)
    world.settle()
    world.merge(1, 0)
    assert world.settle() == [(0, "merge", 1, 1), (1, "merge", -1, -1)]
    world.revoke(fact)
    world.settle()

    world.restore(fact)

    assert world.settle() == [(0, "restored", 1, 1)]


def test_revoked_at_the_same_time_as_separated_is_revoked(world: World) -> None:
    fact = world.achieve(1, world.college, FIRST)
    world.settle()
    merge = world.merge(1, 0)
    world.settle()

    world.unmerge(merge)
    world.revoke(fact)

    assert world.settle() == [(0, "revoked", -1, -1)]
