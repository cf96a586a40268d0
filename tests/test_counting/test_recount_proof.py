"""What recount must find although much adds up, and what it must not take for a difference."""

from datetime import timedelta

import pytest
from django.db import connection

from courses.achievements.models import DirtyPeople
from courses.achievements.operations import mark_dirty, revoke_achievement
from programs.models import MeasureVersion
from reporting.counting import comparison
from reporting.counting.models import OpenedMeasure, Recount
from reporting.counting.operations import open_measures, recount
from tests.factories import NOW, MeasureVersionFactory, ProgramFactory
from tests.test_counting.cast import (
    achieve,
    assert_equals_recount,
    change_entries,
    forget_marks,
    people,
    settle_now,
)

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(params=["few", "many"])
def version(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> MeasureVersion:
    """Steps that follow another are looked up where they are few and joined where they are many."""
    if request.param == "many":
        monkeypatch.setattr(comparison, "FEW", -1)
    made = MeasureVersionFactory.create(evidence=3)
    open_measures(at=NOW)
    return made


def unlike(version: MeasureVersion) -> int:
    return recount(version.program, at=NOW).facts_unlike_ledger


@pytest.mark.parametrize("whole", [0, 1])
def test_a_person_who_counts_in_the_whole_twice_or_nowhere_is_found(version: MeasureVersion, whole: int) -> None:
    first = achieve(version)
    achieve(version, person=first.person, achieved_on=first.achieved_on + timedelta(days=1))
    settle_now()
    change_entries(f"UPDATE counting_ledgerentry SET whole = {whole}")

    assert unlike(version) > 0


def test_one_person_too_many_does_not_make_up_for_one_who_is_missing(version: MeasureVersion) -> None:
    revoked = achieve(version)
    settle_now()
    revoke_achievement(revoked, reason="issued in error", recorded_at=NOW)
    achieve(version)
    forget_marks()

    assert unlike(version) == 2


def test_who_is_revoked_and_waits_to_be_settled_is_no_difference(version: MeasureVersion) -> None:
    facts = [achieve(version), achieve(version)]
    settle_now()
    revoke_achievement(facts[0], reason="issued in error", recorded_at=NOW)

    assert_equals_recount(version)


def test_entries_of_a_version_that_is_not_open_are_found(version: MeasureVersion) -> None:
    achieve(version)
    settle_now()
    OpenedMeasure.objects.all().delete()

    assert unlike(version) == 1


def test_each_version_is_recounted_under_its_own_conditions(version: MeasureVersion) -> None:
    narrow = MeasureVersionFactory.create(
        program=version.program,
        measure=version.measure,
        number=2,
        starts_on=NOW.date(),
        ends_on=NOW.date(),
        employer_sizes=["small"],
        evidence=3,
    )
    for fields in ({}, {"evidence": 3}, {"evidence": 3, "achieved_on": NOW.date(), "employer_size": "small"}):
        achieve(version, **fields)
    settle_now()
    assert (people(version), people(narrow)) == (3, 1)
    assert_equals_recount(version)

    narrow_entries = f"measure_version_id = {narrow.pk}"
    change_entries(f"DELETE FROM counting_ledgerentry WHERE {narrow_entries}")

    assert unlike(version) == 1


def test_a_part_beside_the_whole_that_is_missing_is_found(version: MeasureVersion) -> None:
    first = achieve(version)
    settle_now()
    achieve(version, person=first.person, achieved_on=first.achieved_on + DAY)
    forget_marks()

    assert unlike(version) == 1


@pytest.mark.parametrize(("days", "key"), [(2, b"7"), (3, b"3")])
def test_a_part_beside_the_whole_that_is_of_a_later_fact_is_found(
    version: MeasureVersion, days: int, key: bytes
) -> None:
    first = achieve(version)
    booked = achieve(version, person=first.person, achieved_on=first.achieved_on + 3 * DAY, fact_key=b"5" * 32)
    settle_now()
    day = first.achieved_on + days * DAY
    achieve(version, person=first.person, partner=booked.partner, achieved_on=day, fact_key=key * 32)
    forget_marks()

    assert unlike(version) == 1


def test_a_later_achievement_with_a_partner_changes_nothing(version: MeasureVersion) -> None:
    first = achieve(version)
    second = achieve(version, person=first.person, achieved_on=first.achieved_on + DAY, fact_key=b"5" * 32)
    for fact in (first, second):
        achieve(version, person=fact.person, partner=fact.partner, achieved_on=fact.achieved_on + DAY)
    achieve(version, person=first.person, partner=second.partner, achieved_on=second.achieved_on, fact_key=b"6" * 32)
    settle_now()
    forget_marks()

    assert_equals_recount(version)


def test_who_left_is_not_named_with_who_was_forgotten(version: MeasureVersion) -> None:
    left = achieve(version)
    settle_now()
    revoke_achievement(left, reason="issued in error", recorded_at=NOW)
    settle_now()
    achieve(version)
    forget_marks()

    assert unlike(version) == 1


def test_who_comes_back_to_a_partner_unnoticed_is_found(version: MeasureVersion) -> None:
    first = achieve(version)
    second = achieve(version, person=first.person, achieved_on=first.achieved_on + DAY)
    settle_now()
    revoke_achievement(second, reason="issued in error", recorded_at=NOW)
    settle_now()
    achieve(version, person=first.person, partner=second.partner, achieved_on=second.achieved_on + DAY)
    forget_marks()

    assert unlike(version) == 1


def test_entries_that_were_swapped_between_people_are_found(version: MeasureVersion) -> None:
    one, other = achieve(version), achieve(version)
    settle_now()
    change_entries(f"UPDATE counting_ledgerentry SET achievement_id = {one.pk + other.pk} - achievement_id")

    assert unlike(version) == 2


def test_a_part_in_a_wrong_cell_is_found(version: MeasureVersion) -> None:
    first = achieve(version)
    achieve(version, person=first.person, achieved_on=first.achieved_on + DAY)
    settle_now()
    change_entries("UPDATE counting_ledgerentry SET age_band = 'other' WHERE whole = 0")

    found = recount(version.program, at=NOW)

    assert (found.facts_unlike_ledger, found.ledger_unlike_counts) == (1, 0)


def test_parts_do_not_make_up_for_people_who_count_in_the_whole_twice(version: MeasureVersion) -> None:
    """Two entries in the whole without a fact, beside two parts that are right but are seen twice."""
    first = achieve(version)
    facts = [
        first,
        *(achieve(version, person=first.person, achieved_on=first.achieved_on + n * DAY) for n in (1, 2, 3)),
    ]
    settle_now()
    change_entries(f"UPDATE counting_ledgerentry SET whole = 1 WHERE achievement_id = {facts[1].pk}")
    for fact in facts[:2]:
        revoke_achievement(fact, reason="issued in error", recorded_at=NOW)
    forget_marks()

    assert unlike(version) >= 2


def test_a_step_before_the_first_is_found(version: MeasureVersion) -> None:
    achieve(version)
    settle_now()
    change_entries(
        "INSERT INTO counting_ledgerentry (person_id, measure_version_id, partner_id, step, program_id, posting_id,"
        " achievement_id, day, region, sector, employer_size, age_band, part, whole, cause)"
        " SELECT person_id, measure_version_id, partner_id, 0, program_id, posting_id, achievement_id, day, region,"
        " sector, employer_size, age_band, 0, -1, cause FROM counting_ledgerentry;"
        "UPDATE counting_posting SET entries = 2, whole = 0;"
        "UPDATE counting_count SET people = 0 WHERE grouping <> 'partner-month-region'"
    )

    assert recount(version.program, at=NOW).differences > 0


def test_books_that_add_up_to_nobody_are_reported_and_do_not_stop_recount(version: MeasureVersion) -> None:
    fact = achieve(version)
    settle_now()
    revoke_achievement(fact, reason="issued in error", recorded_at=NOW)
    settle_now()
    change_entries("DELETE FROM counting_ledgerentry WHERE step = 1")

    assert recount(version.program, at=NOW).broken_entries > 0
    assert Recount.objects.latest("pk").people == 0


def test_a_part_without_a_whole_is_found_even_before_everybody_was_marked(version: MeasureVersion) -> None:
    achieve(version)
    settle_now()
    OpenedMeasure.objects.update(marked_at=None)
    change_entries("UPDATE counting_ledgerentry SET whole = 0")

    assert unlike(version) == 1


def test_the_queue_of_another_program_excuses_nobody(version: MeasureVersion) -> None:
    fact = achieve(version)
    forget_marks()
    mark_dirty(ProgramFactory.create(), [fact.person_id], at=NOW)

    assert unlike(version) == 1


def test_nobody_in_the_queue_excuses_nobody(version: MeasureVersion) -> None:
    achieve(version)
    forget_marks()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO achievements_dirtypeople (program_id, people, marked_at) VALUES (%s, '{NULL}', now())",
            [version.program_id],
        )

    assert DirtyPeople.objects.count() == 1
    assert unlike(version) == 1


def test_the_later_steps_of_one_version_are_not_those_of_another(version: MeasureVersion) -> None:
    """The person leaves under the version that asks for more."""
    second = MeasureVersionFactory.create(program=version.program, measure=version.measure, number=2, evidence=2)
    strict = achieve(version)
    achieve(version, person=strict.person, partner=strict.partner, evidence=2, achieved_on=strict.achieved_on - DAY)
    settle_now()
    revoke_achievement(strict, reason="issued in error", recorded_at=NOW)
    settle_now()

    assert (people(version), people(second)) == (0, 1)
    assert_equals_recount(version)
