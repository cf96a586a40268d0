"""Recount finds what is wrong, and repairs only when told to, by booking."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from courses.achievements.models import NEIGHBOURS
from courses.achievements.operations import mark_dirty, revoke_achievement
from programs.models import MeasureVersion
from reporting.counting.models import Count, LedgerEntry, OpenedMeasure, Posting, Recount
from reporting.counting.operations import (
    LaneFailedError,
    RepairRefusedError,
    open_measures,
    recount,
    recount_due,
    repair,
    settle,
)
from tests.factories import NOW, AchievementFactory, MeasureVersionFactory, PersonFactory, marked_dirty
from tests.test_counting.cast import achieve, assert_equals_recount, change_entries, forget_marks, people, settle_now

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def version() -> MeasureVersion:
    made = MeasureVersionFactory.create()
    open_measures(at=NOW)
    return made


def test_a_count_that_was_tampered_with_is_found_and_described(version: MeasureVersion) -> None:
    achieve(version)
    settle_now()
    Count.objects.filter(grouping="day-region").update(people=7)

    found = recount(version.program, at=NOW)

    assert (found.facts_unlike_ledger, found.broken_entries, found.ledger_unlike_counts) == (0, 0, 1)
    assert found.examples == ["day-region, day 2026-03-01, region N: 7 instead of 1"]


def test_a_count_that_is_missing_is_found(version: MeasureVersion) -> None:
    achieve(version)
    settle_now()
    Count.objects.filter(grouping="size-age").delete()

    assert recount(version.program, at=NOW).ledger_unlike_counts == 1


def test_a_fact_whose_person_was_never_marked_is_found(version: MeasureVersion) -> None:
    achieve(version)
    forget_marks()

    assert recount(version.program, at=NOW).facts_unlike_ledger == 1


def test_who_waits_to_be_settled_is_no_difference(version: MeasureVersion) -> None:
    achieve(version)

    assert_equals_recount(version)


def test_a_version_for_which_nobody_was_marked_yet_misses_nobody(version: MeasureVersion) -> None:
    achieve(version)
    settle_now()
    second = MeasureVersionFactory.create(program=version.program, measure=version.measure, number=2)
    OpenedMeasure.objects.create(program=version.program, measure_version=second, opened_at=NOW)

    assert_equals_recount(version)


def test_a_revocation_that_was_never_settled_is_found(version: MeasureVersion) -> None:
    fact = achieve(version)
    settle_now()
    revoke_achievement(fact, reason="issued in error", recorded_at=NOW)
    forget_marks()

    assert recount(version.program, at=NOW).facts_unlike_ledger == 1


def test_an_earlier_fact_that_was_never_settled_is_found(version: MeasureVersion) -> None:
    fact = achieve(version)
    settle_now()
    achieve(version, person=fact.person, partner=fact.partner, achieved_on=fact.achieved_on - timedelta(days=1))
    forget_marks()

    assert recount(version.program, at=NOW).facts_unlike_ledger == 1


def test_a_fact_of_the_same_day_with_a_smaller_key_that_was_never_settled_is_found(version: MeasureVersion) -> None:
    fact = achieve(version, fact_key=b"5" * 32)
    achieve(version, person=fact.person, partner=fact.partner, fact_key=b"6" * 32)
    settle_now()
    assert_equals_recount(version)
    achieve(version, person=fact.person, partner=fact.partner, fact_key=b"4" * 32)
    forget_marks()

    assert recount(version.program, at=NOW).facts_unlike_ledger == 1


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ("UPDATE counting_ledgerentry SET region = 'S'", (1, 0, 2)),
        ("UPDATE counting_ledgerentry SET whole = 0", (1, 1, 3)),
        ("UPDATE counting_ledgerentry SET step = 2", (0, 1, 0)),
        ("UPDATE counting_ledgerentry SET posting_id = 0", (0, 2, 0)),
        ("DELETE FROM counting_ledgerentry", (1, 1, 4)),
    ],
)
def test_entries_that_were_tampered_with_are_found(
    version: MeasureVersion, change: str, found: tuple[int, int, int]
) -> None:
    achieve(version, sector="")
    settle_now()
    change_entries(change)

    made = recount(version.program, at=NOW)

    assert (made.facts_unlike_ledger, made.broken_entries) == found[:2]
    assert made.ledger_unlike_counts >= found[2]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE counting_posting SET posted_at = posted_at + interval '2 hours' WHERE number = 1",
        "UPDATE counting_posting SET number = 7 WHERE number = 2",
        "UPDATE counting_ledger SET number = 1",
        "UPDATE counting_ledger SET closed_until = '2020-01-01'",
        "UPDATE counting_ledgerentry SET posting_id = (SELECT id FROM counting_posting WHERE number = 2)"
        " WHERE posting_id = (SELECT id FROM counting_posting WHERE number = 1)",
        "DELETE FROM counting_ledgerentry WHERE step IN (1, 2) AND cause IN ('new', 'revoked')",
        "UPDATE counting_ledgerentry SET region = 'S'",
    ],
)
def test_a_history_that_was_tampered_with_is_found(version: MeasureVersion, change: str) -> None:
    fact = achieve(version)
    settle_now()
    revoke_achievement(fact, reason="issued in error", recorded_at=NOW)
    settle_now(LATER)
    assert_equals_recount(version)

    change_entries(change)

    assert recount(version.program, at=LATER).broken_entries > 0


def test_a_person_who_counts_in_the_whole_at_the_wrong_partner_is_found(version: MeasureVersion) -> None:
    first = achieve(version)
    achieve(version, person=first.person, achieved_on=first.achieved_on + timedelta(days=1))
    settle_now()
    change_entries("UPDATE counting_ledgerentry SET whole = 1 - whole")

    assert recount(version.program, at=NOW).facts_unlike_ledger == 1


def test_repair_books_the_difference_with_its_reason(version: MeasureVersion) -> None:
    achieve(version)
    forget_marks()

    found = repair(version.program, reason="the mark was deleted by hand", at=LATER)

    assert found.facts_unlike_ledger == 1
    assert found.repaired_by == Posting.objects.get(reason="the mark was deleted by hand")
    assert LedgerEntry.objects.get().cause == "repair"
    assert people(version) == 1
    assert_equals_recount(version)


def test_repair_brings_counts_to_their_entries_and_leaves_the_entries_alone(version: MeasureVersion) -> None:
    achieve(version)
    settle_now()
    Count.objects.filter(grouping="day-region").update(people=7)

    repair(version.program, reason="changed by hand", at=LATER)

    assert (people(version), LedgerEntry.objects.count()) == (1, 1)
    assert Posting.objects.get(reason="changed by hand").posted_at == LATER
    assert_equals_recount(version)


def test_repair_without_a_reason_is_refused(version: MeasureVersion) -> None:
    with pytest.raises(RepairRefusedError, match="Say why"):
        repair(version.program, reason=" ", at=NOW)


def test_entries_that_do_not_follow_cannot_be_repaired_by_booking(version: MeasureVersion) -> None:
    achieve(version)
    settle_now()
    change_entries("UPDATE counting_ledgerentry SET step = 2")

    with pytest.raises(RepairRefusedError, match="backup"):
        repair(version.program, reason="try", at=NOW)


def test_repair_of_what_is_right_books_nothing(version: MeasureVersion) -> None:
    achieve(version)
    settle_now()

    assert repair(version.program, reason="to be sure", at=LATER).repaired_by is None
    assert Posting.objects.count() == 1


def test_a_difference_is_an_incident_until_a_later_recount_finds_nothing(version: MeasureVersion) -> None:
    achieve(version)
    settle_now()
    Count.objects.filter(grouping="day-region").update(people=7)
    recount(version.program, at=NOW)
    during = list(Recount.objects.open_incidents())

    Count.objects.filter(grouping="day-region").update(people=1)
    recount(version.program, at=LATER)

    assert len(during) == 1
    assert not Recount.objects.open_incidents().exists()


def test_each_program_is_recounted_once_a_night(version: MeasureVersion) -> None:
    """Vienna is an hour ahead of UTC in winter, so its two o'clock is one o'clock UTC."""
    evening = datetime(2026, 11, 22, 23, 0, tzinfo=ZoneInfo("Europe/Vienna"))
    hours = [0, 1, 2, 4, 23 + 4]

    made = [len(recount_due(at=evening + timedelta(hours=hour))) for hour in hours]

    assert made == [1, 0, 0, 1, 1]


def test_a_lane_that_cannot_be_settled_stops_no_other(version: MeasureVersion) -> None:
    facts = [achieve(version) for _ in range(8)]
    settle_now()
    Count.objects.filter(grouping="day-region").update(people=0)
    revoke_achievement(facts[0], reason="issued in error", recorded_at=NOW)
    other = PersonFactory.create(pk=facts[0].person_id + NEIGHBOURS, program=version.program)
    AchievementFactory.create(person=other, achieved_on=NOW.date())
    mark_dirty(version.program, [other.pk], at=LATER)

    with pytest.raises(LaneFailedError) as failure:
        settle(clock=lambda: NOW)

    assert "would be -1" in str(failure.value.__cause__)
    assert LedgerEntry.objects.filter(person=other).exists()
    assert facts[0].person_id in marked_dirty()
