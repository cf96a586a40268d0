"""Single rules of settling, recount and repair that no other test would miss: each fails if its rule is taken out."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from datetime import date, timedelta

import pytest
from django.db import connection, connections, transaction

from courses.achievements.models import DirtyPeople
from courses.achievements.operations import mark_dirty, restore_achievement, revoke_achievement
from programs.models import MeasureVersion
from reporting.counting.models import Lane, LedgerEntry, Recount
from reporting.counting.operations import open_ledgers, open_measures, recount, repair, settle, settle_batch
from tests.factories import NOW, MeasureVersionFactory, PartnerFactory, marked_dirty
from tests.test_counting.cast import (
    achieve,
    assert_equals_recount,
    booked,
    change_entries,
    forget_marks,
    people,
    settle_now,
)
from tests.test_counting.test_many_workers import achieve_many, wait_until

pytestmark = pytest.mark.django_db
Does = Callable[[Callable[[], object]], Future[object]]
FIRST, SECOND, THIRD = date(2026, 1, 5), date(2026, 1, 6), date(2026, 1, 7)


@pytest.fixture
def version() -> MeasureVersion:
    made = MeasureVersionFactory.create()
    open_ledgers()
    open_measures(at=NOW)
    return made


@pytest.fixture
def elsewhere() -> Iterator[Does]:
    """Does work as another worker would, with a connection of its own."""

    def alone(work: Callable[[], object]) -> object:
        with closing(connections["default"]):
            return work()

    with ThreadPoolExecutor(1) as pool:
        yield lambda work: pool.submit(alone, work)


# What an entry may be after the one before it. No other figure of the ledger is changed: only this rule finds it.


@pytest.mark.parametrize(
    "change",
    ["day = day + 1", "region = 'S'", "sector = 'S'", "employer_size = 'S'", "age_band = 'S'", "achievement_id = 0"],
)
def test_who_leaves_another_cell_than_they_came_into_is_found(version: MeasureVersion, change: str) -> None:
    fact = achieve(version)
    settle_now()
    revoke_achievement(fact, reason="issued in error", recorded_at=NOW)
    settle_now()

    change_entries(f"UPDATE counting_ledgerentry SET {change} WHERE step = 1")

    assert recount(version.program, at=NOW).broken_entries == 1


def test_who_leaves_the_whole_where_they_did_not_count_in_it_is_found(version: MeasureVersion) -> None:
    first = achieve(version, achieved_on=FIRST)
    achieve(version, person=first.person, achieved_on=SECOND)
    third = achieve(version, person=first.person, achieved_on=THIRD)
    settle_now()
    for fact in (first, third):
        revoke_achievement(fact, reason="issued in error", recorded_at=NOW)
    settle_now()

    change_entries("UPDATE counting_ledgerentry SET whole = -1 - whole WHERE part = -1")

    assert recount(version.program, at=NOW).broken_entries == 2


def test_who_moves_in_the_whole_the_wrong_way_is_found(version: MeasureVersion) -> None:
    first = achieve(version)
    achieve(version, person=first.person)
    settle_now()
    change_entries("UPDATE counting_ledgerentry SET whole = 1 - whole")
    mark_dirty(version.program, [first.person_id], at=NOW)
    settle_now()
    assert_equals_recount(version)

    change_entries("UPDATE counting_ledgerentry SET whole = -whole WHERE part = 0")

    assert recount(version.program, at=NOW).broken_entries == 2


# Who counts in the whole at the wrong partner.


def test_on_one_day_the_whole_belongs_to_the_partner_of_the_smaller_key(version: MeasureVersion) -> None:
    first = achieve(version, fact_key=b"1" * 32)
    achieve(version, person=first.person, fact_key=b"2" * 32)
    settle_now()
    assert_equals_recount(version)

    change_entries("UPDATE counting_ledgerentry SET whole = 1 - whole")

    assert recount(version.program, at=NOW).facts_unlike_ledger == 1


def test_who_waits_may_count_at_the_wrong_partner_until_settled(version: MeasureVersion) -> None:
    first = achieve(version, fact_key=b"1" * 32)
    achieve(version, person=first.person, fact_key=b"2" * 32)
    settle_now()
    change_entries("UPDATE counting_ledgerentry SET whole = 1 - whole")

    mark_dirty(version.program, [first.person_id], at=NOW)

    assert recount(version.program, at=NOW).facts_unlike_ledger == 0
    settle_now()
    assert_equals_recount(version)


# Why an entry was booked.


def test_a_restored_achievement_takes_the_person_back_from_a_later_one_of_the_partner(version: MeasureVersion) -> None:
    first = achieve(version, achieved_on=FIRST)
    revoke_achievement(first, reason="issued in error", recorded_at=NOW)
    achieve(version, person=first.person, partner=first.partner, achieved_on=SECOND)
    settle_now()

    restore_achievement(first, reason="it was right", recorded_at=NOW)
    settle_now()

    assert booked(version) == [("new", 1, 1), ("restored", -1, -1), ("restored", 1, 1)]


def test_an_earlier_achievement_that_arrives_with_the_revocation_of_the_first_is_new(version: MeasureVersion) -> None:
    partners = [PartnerFactory.create(program=version.program) for _ in range(2)]
    struck = achieve(version, partner=partners[0], achieved_on=SECOND)
    settle_now()

    revoke_achievement(struck, reason="issued in error", recorded_at=NOW)
    achieve(version, person=struck.person, partner=partners[1], achieved_on=FIRST)
    settle_now()

    assert sorted(booked(version)[1:]) == [("new", 1, 1), ("revoked", -1, -1)]


# Who is settled first.


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0)])
def test_the_lane_that_has_waited_longest_is_settled_first(version: MeasureVersion, order: tuple[int, ...]) -> None:
    waiting = achieve_many(version, 3)
    forget_marks()
    for after, which in enumerate(order):
        mark_dirty(version.program, [waiting[which]], at=NOW + timedelta(minutes=after))
    mark_dirty(version.program, [waiting[order[0]]], at=NOW + timedelta(hours=1))

    for _ in order:
        settle_batch(at=NOW)

    settled = LedgerEntry.objects.order_by("posting_id").values_list("person_id", flat=True)
    assert list(settled) == [waiting[which] for which in order]


@pytest.mark.parametrize("order", [(0, 8), (8, 0)])
def test_those_of_a_lane_who_have_waited_longest_are_settled_first(
    version: MeasureVersion, order: tuple[int, int]
) -> None:
    """Whatever the plan: the index would give this order unasked."""
    waiting = achieve_many(version, 9)
    forget_marks()
    longest, other = (waiting[which] for which in order)
    mark_dirty(version.program, [other], at=NOW + timedelta(minutes=1))
    mark_dirty(version.program, [longest], at=NOW)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_indexscan = off")

    settle_batch(at=NOW, limit=1)

    assert LedgerEntry.objects.get().person_id == longest
    assert marked_dirty() == [other]


def test_the_first_and_the_last_day_of_a_measure_count() -> None:
    version = MeasureVersionFactory.create(starts_on=SECOND, ends_on=THIRD)
    for day in (FIRST, SECOND, THIRD, THIRD + timedelta(days=1)):
        achieve(version, achieved_on=day)

    settle_now()

    assert people(version) == 2
    assert set(LedgerEntry.objects.values_list("day", flat=True)) == {SECOND, THIRD}
    assert_equals_recount(version)


# Several at once.


@pytest.mark.django_db(transaction=True)
def test_while_a_lane_is_held_another_worker_goes_on_with_the_others(version: MeasureVersion, elsewhere: Does) -> None:
    achieve_many(version, 16)
    with transaction.atomic():
        held = Lane.objects.select_for_update().get(number=0)

        assert elsewhere(lambda: settle(clock=lambda: NOW)).result(timeout=30) == 14

    assert set(DirtyPeople.objects.values_list("lane", flat=True)) == {held.number}


@pytest.mark.django_db(transaction=True)
def test_repair_waits_for_a_batch_in_flight(version: MeasureVersion, elsewhere: Does) -> None:
    achieve_many(version, 1)
    with transaction.atomic():
        settle_batch(at=NOW)
        repairing = elsewhere(lambda: repair(version.program, reason="to be sure", at=NOW))

        with pytest.raises(TimeoutError):
            repairing.result(timeout=1)

    repairing.result()
    assert Recount.objects.get().people == 1


@pytest.mark.django_db(transaction=True)
def test_what_is_booked_in_the_middle_of_a_recount_is_no_difference(version: MeasureVersion, elsewhere: Does) -> None:
    """The recount has read the entries and waits for the counts when a batch that changes both is committed."""
    achieve_many(version, 1)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE counting_count")
        counting = elsewhere(lambda: recount(version.program, at=NOW))
        wait_until("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)")
        settle_batch(at=NOW)
    counting.result()

    found = Recount.objects.get()
    assert (found.differences, found.people, people(version)) == (0, 0, 1)
