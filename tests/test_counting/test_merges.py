"""Two persons who are one human being count once, and when they are separated, all is as it was before."""

import io
import itertools
from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from django.core.management import call_command

from courses.achievements.models import NEIGHBOURS, Achievement, DirtyPeople
from courses.achievements.operations import (
    mark_dirty,
    mark_everybody_dirty,
    merge_persons,
    restore_achievement,
    revoke_achievement,
    unmerge,
)
from people.models import Merge
from programs.models import Partner
from reporting.counting.history import Change, Figure
from reporting.counting.models import Count, LedgerEntry, Posting
from reporting.counting.operations import open_ledgers, open_measures, settle_batch
from tests.factories import NOW, MeasureVersionFactory, PartnerFactory, PersonFactory, UserFactory, marked_dirty
from tests.test_counting.cast import achieve, assert_equals_recount, booked, people, settle_now
from tests.test_counting.test_many_workers import numbers_for_people

pytestmark = pytest.mark.django_db
FIRST, SECOND, THIRD = date(2026, 1, 5), date(2026, 1, 6), date(2026, 1, 7)


class World:
    """Two partners, and three persons: neighbours, or each in a lane of their own."""

    def __init__(self, *, apart: bool) -> None:
        self.version = MeasureVersionFactory.create()
        open_ledgers()
        open_measures(at=NOW)
        self.college, self.firm = (PartnerFactory.create(program=self.version.program) for _ in range(2))
        far = NEIGHBOURS if apart else 1
        first = numbers_for_people(3 * far)
        self.people = [PersonFactory.create(pk=first + n * far, program=self.version.program) for n in range(3)]
        self.moments: Iterator[datetime] = (NOW + timedelta(minutes=minute) for minute in itertools.count(1))
        self.seen = 0

    def achieve(self, who: int, partner: Partner, day: date, **fields: object) -> Achievement:
        now = self.now()
        return achieve(
            self.version, person=self.people[who], partner=partner, achieved_on=day, recorded_at=now, **fields
        )

    def now(self) -> datetime:
        return next(self.moments)

    def merge(self, who: int, into: int) -> Merge:
        return merge_persons(
            self.version.program, self.people[who], self.people[into], reason=Merge.Reason.REVIEW, evidence={},
            at=self.now(),
        )  # fmt: skip

    def unmerge(self, merge: Merge) -> None:
        unmerge(merge, because="two sisters", at=self.now(), by=UserFactory.create())

    def revoke(self, fact: Achievement) -> None:
        revoke_achievement(fact, reason="issued in error", recorded_at=self.now())

    def restore(self, fact: Achievement) -> None:
        restore_achievement(fact, reason="it was right", recorded_at=self.now())

    def settle(self) -> list[tuple[int, str, int, int]]:
        """Settles, and answers who was booked, why, and their part and whole, in the order of persons and steps."""
        settle_now(self.now())
        assert_equals_recount(self.version)
        entries = LedgerEntry.objects.filter(measure_version=self.version, posting__number__gt=self.seen)
        self.seen = Posting.objects.of(self.version.program).count()
        numbers = {person.pk: place for place, person in enumerate(self.people)}
        ordered = entries.order_by("person", "partner", "step")
        return [(numbers[entry.person_id], entry.cause, entry.part, entry.whole) for entry in ordered]


@pytest.fixture(params=[False, True], ids=["neighbours", "apart"])
def world(request: pytest.FixtureRequest) -> World:
    return World(apart=request.param)


# Merged, and separated again.


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


# What happens to their facts meanwhile.


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


# What the books say.


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


# Who is looked at.


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
