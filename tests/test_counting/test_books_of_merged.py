"""What the ledger says of merges, and who is settled for them."""

import io
import itertools

import pytest
from django.core.management import call_command

from courses.achievements.models import DirtyPeople
from courses.achievements.operations import (
    mark_dirty,
    mark_everybody_dirty,
)
from reporting.counting.history import Change, Figure
from reporting.counting.operations import settle_batch
from tests.factories import NOW, MeasureVersionFactory, marked_dirty
from tests.test_counting.cast import assert_equals_recount, booked, people, settle_now
from tests.test_counting.merging import FIRST, SECOND, World

pytestmark = pytest.mark.django_db


def test_each_cause_adds_up_to_what_it_did_to_the_headline(world: World) -> None:
    world.achieve(0, world.college, FIRST)
    world.achieve(1, world.firm, SECOND)
    world.settle()
    merge = world.merge(1, 0)
    world.settle()
    before = world.now()
    world.unmerge(merge)
    world.settle()
    figure, until = Figure(version=world.version), world.now()

    assert figure.by_cause(until) == {"new": Change(2, 0), "merge": Change(0, 1), "unmerge": Change(1, 0)}
    assert figure.people(before) == 1
    assert figure.people(until) == 2


def test_the_explanation_says_that_it_was_by_merging(world: World) -> None:
    world.achieve(0, world.college, FIRST)
    world.achieve(1, world.college, SECOND)
    settle_now()
    world.unmerge(world.merge(1, 0))
    merge = world.merge(1, 0)
    settle_now()
    world.unmerge(merge)
    settle_now()
    out = io.StringIO()

    call_command("explain_count", world.version.program.code, stdout=out)

    text = " ".join(out.getvalue().split())
    assert "new 2 0 2 merged persons 0 -1 -1 separated persons 1 0 1 together 3 -1 2" in text


def test_a_measure_opened_later_counts_those_who_are_one_once(world: World) -> None:
    world.achieve(0, world.college, SECOND)
    world.achieve(1, world.firm, FIRST)
    world.settle()
    world.merge(1, 0)
    world.settle()

    second = MeasureVersionFactory.create(program=world.version.program, measure=world.version.measure, number=2)
    settle_now(world.now())

    assert (people(second), people(second, "partner-month-region")) == (1, 2)
    assert [cause for cause, _, _ in booked(second)] == ["new", "new"]
    assert_equals_recount(second)


def test_who_is_marked_but_stands_for_somebody_marks_them_with_the_same_moment(world: World) -> None:
    world.merge(1, 0)
    world.settle()
    mark_dirty(world.version.program, [world.people[1].pk], at=NOW)

    settled = settle_batch(at=world.now())

    assert settled
    assert (settled.people, marked_dirty()) == (1, [world.people[0].pk])
    assert DirtyPeople.objects.get().marked_at == NOW
    assert settle_batch(at=world.now())
    assert settle_batch(at=world.now()) is None


def test_who_is_settled_with_an_alias_is_not_marked_again() -> None:
    world = World(apart=False)
    world.merge(1, 0)

    settle_batch(at=world.now())

    assert marked_dirty() == []


def test_marks_that_are_lost_or_doubled_do_no_harm(world: World) -> None:
    world.achieve(0, world.college, SECOND)
    world.achieve(1, world.college, FIRST)
    world.settle()
    world.merge(1, 0)
    DirtyPeople.objects.all().delete()
    mark_dirty(world.version.program, [world.people[1].pk] * 2, at=NOW)
    mark_dirty(world.version.program, [world.people[1].pk], at=NOW)

    assert world.settle() == [(0, "merge", -1, -1), (0, "merge", 1, 1), (1, "merge", -1, -1)]
    mark_everybody_dirty(world.version.program, at=NOW)
    assert world.settle() == []


def test_whoever_stands_for_others_is_settled_whoever_comes_first() -> None:
    """The lanes may be settled in any order."""
    for order in itertools.permutations((0, 1, 2)):
        world = World(apart=True)
        world.achieve(1, world.college, FIRST)
        world.achieve(2, world.firm, SECOND)
        world.settle()
        world.merge(2, 1)
        world.merge(1, 0)
        DirtyPeople.objects.all().delete()
        for who in order:
            mark_dirty(world.version.program, [world.people[who].pk], at=world.now())

        assert world.settle() == [
            (0, "merge", 1, 1), (0, "merge", 1, 0), (1, "merge", -1, -1), (2, "merge", -1, -1),
        ]  # fmt: skip


def test_programs_do_not_see_each_other_s_merges(world: World) -> None:
    other = World(apart=False)
    for one in (world, other):
        one.achieve(0, one.college, FIRST)
        one.achieve(1, one.college, SECOND)
    settle_now()

    world.merge(1, 0)
    mark_dirty(other.version.program, [person.pk for person in world.people], at=NOW)
    settle_now(world.now())

    assert (people(world.version), people(other.version)) == (1, 2)
    assert_equals_recount(other.version)
