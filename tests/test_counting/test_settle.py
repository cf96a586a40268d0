from datetime import date

import pytest
from pytest_django import DjangoAssertNumQueries

from courses.achievements.models import DirtyPeople
from courses.achievements.operations import mark_dirty, restore_achievement, revoke_achievement
from people.models import Person
from programs.models import Evidence, MeasureVersion, Partner
from reporting.counting.models import Count, LedgerEntry, OpenedMeasure, counted_versions
from reporting.counting.operations import open_ledgers, open_measures, settle_batch
from tests.factories import NOW, CourseFactory, MeasureVersionFactory, PartnerFactory, PersonFactory, ProgramFactory
from tests.test_counting.cast import achieve, assert_equals_recount, booked, people, settle_now

pytestmark = pytest.mark.django_db


@pytest.fixture
def version() -> MeasureVersion:
    return MeasureVersionFactory.create()


def test_a_person_with_two_partners_counts_once_and_in_each_part(version: MeasureVersion) -> None:
    first = achieve(version)
    achieve(version, person=first.person)

    settle_now()

    assert people(version) == 1
    assert people(version, "partner-month-region") == 2
    assert_equals_recount(version)


def test_settling_twice_books_nothing_the_second_time(version: MeasureVersion) -> None:
    fact = achieve(version)
    settle_now()
    before = LedgerEntry.objects.count()

    mark_dirty(version.program, [fact.person_id], at=NOW)

    assert settle_now() == 1
    assert LedgerEntry.objects.count() == before == 1


def test_a_person_marked_five_times_is_settled_once(version: MeasureVersion) -> None:
    fact = achieve(version)
    for _ in range(4):
        mark_dirty(version.program, [fact.person_id], at=NOW)

    settle_now()

    assert people(version) == 1
    assert not DirtyPeople.objects.exists()


def test_a_revoked_achievement_counts_no_more(version: MeasureVersion) -> None:
    fact = achieve(version)
    settle_now()

    revoke_achievement(fact, reason="issued in error", recorded_at=NOW)
    settle_now()

    assert people(version) == people(version, "partner-month-region") == 0
    assert booked(version) == [("new", 1, 1), ("revoked", -1, -1)]
    assert_equals_recount(version)


def test_when_one_of_two_achievements_is_revoked_the_person_still_counts(version: MeasureVersion) -> None:
    first = achieve(version, achieved_on=date(2026, 1, 5))
    achieve(version, person=first.person, achieved_on=date(2026, 2, 5), region="S")
    settle_now()

    revoke_achievement(first, reason="issued in error", recorded_at=NOW)
    settle_now()

    whole = Count.objects.get(grouping="day-region", people=1)
    assert (whole.day, whole.region) == (date(2026, 2, 5), "S")
    assert booked(version)[2:] == [("revoked", -1, -1), ("revoked", 0, 1)]
    assert people(version) == 1
    assert_equals_recount(version)


def test_an_earlier_achievement_that_arrives_late_moves_the_person(version: MeasureVersion) -> None:
    fact = achieve(version, achieved_on=date(2026, 3, 1))
    settle_now()

    achieve(version, person=fact.person, partner=fact.partner, achieved_on=date(2026, 1, 1))
    settle_now()

    moved = LedgerEntry.objects.filter(cause="late").order_by("step")
    assert [(entry.whole, entry.day) for entry in moved] == [(-1, date(2026, 3, 1)), (1, date(2026, 1, 1))]
    assert_equals_recount(version)


def test_achievements_of_one_day_count_the_same_in_whatever_order_they_came(version: MeasureVersion) -> None:
    keys = [bytes([n]) * 32 for n in (1, 2)]
    cells: list[str] = []
    for order in ((0, 1), (1, 0)):
        person = PersonFactory.create(program=version.program)
        for n in order:
            achieve(version, person=person, fact_key=keys[n][:31] + bytes([len(cells)]), region="NS"[n])
        settle_now()
        cells.append(LedgerEntry.objects.get(person=person, whole=1).region)

    assert cells == ["N", "N"]


@pytest.mark.parametrize(
    "fields",
    [
        {"evidence": Evidence.COMPLETED},
        {"achieved_on": date(2025, 12, 31)},
        {"achieved_on": date(2027, 1, 1)},
        {"employer_size": "large"},
    ],
)
def test_what_does_not_meet_the_measure_does_not_count(fields: dict[str, object]) -> None:
    version = MeasureVersionFactory.create(
        starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 31), employer_sizes=["small"], tag="skills"
    )
    achieve(version, **{"employer_size": "small", **fields})

    settle_now()

    assert people(version) == 0
    assert_equals_recount(version)


def test_a_course_without_the_measures_tag_does_not_count() -> None:
    version = MeasureVersionFactory.create(tag="skills")
    achieve(version, course=CourseFactory.create(program=version.program, tags=["other"]))

    settle_now()

    assert people(version) == 0
    assert_equals_recount(version)


def test_a_measure_opened_later_counts_everybody_from_the_start(version: MeasureVersion) -> None:
    achieve(version)
    settle_now()

    second = MeasureVersionFactory.create(program=version.program, measure=version.measure, number=2)
    settle_now()

    assert people(second) == 1
    assert_equals_recount(version)


def test_opening_that_died_before_marking_is_taken_up_again(version: MeasureVersion) -> None:
    achieve(version)
    open_measures(at=NOW)
    DirtyPeople.objects.all().delete()
    OpenedMeasure.objects.update(marked_at=None)
    settle_now()

    assert people(version) == 1


def test_programs_do_not_see_each_other(version: MeasureVersion) -> None:
    other = MeasureVersionFactory.create()
    achieve(version)
    achieve(other)

    settle_now()

    assert (people(version), people(other)) == (1, 1)


def test_a_batch_takes_no_more_rows_than_its_limit(version: MeasureVersion) -> None:
    person = achieve(version).person
    for _ in range(2):
        mark_dirty(version.program, [person.pk], at=NOW)
    open_ledgers()
    open_measures(at=NOW)
    DirtyPeople.objects.latest("pk").delete()  # the mark of the measure that was opened

    left = []
    while settle_batch(at=NOW, limit=2):
        left.append(DirtyPeople.objects.count())

    assert left == [1, 0]
    assert people(version) == 1


def test_rows_are_taken_whole_until_they_name_enough_people(version: MeasureVersion) -> None:
    program = version.program
    people = [achieve(version, person=PersonFactory.create(pk=pk, program=program)).person_id for pk in range(1, 6)]
    DirtyPeople.objects.all().delete()
    for chosen in (people[:3], people[2:4], people[4:]):
        mark_dirty(version.program, chosen, at=NOW)
    open_ledgers()
    open_measures(at=NOW)
    DirtyPeople.objects.latest("pk").delete()  # the mark of the measure that was opened

    settled = []
    while batch := settle_batch(at=NOW, limit=4):
        settled.append(batch.people)

    assert settled == [4, 1]


def test_people_of_another_program_are_neither_counted_nor_lost(version: MeasureVersion) -> None:
    other = MeasureVersionFactory.create()
    fact = achieve(other)
    settle_now()
    achieve(version)
    mark_dirty(version.program, [fact.person_id], at=NOW)
    settle_now()

    assert (people(version), people(other)) == (1, 1)
    assert_equals_recount(other)


def test_settling_costs_a_fixed_number_of_queries(
    version: MeasureVersion, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    partner = PartnerFactory.create(program=version.program)
    course = CourseFactory.create(program=version.program)
    for _ in range(20):
        achieve(version, partner=partner, course=course)
    open_ledgers()
    open_measures(at=NOW)

    with django_assert_num_queries(5):  # savepoint, plan, claim, settle, release
        settle_batch(at=NOW)


def test_own_courses_are_a_part_like_any_partner() -> None:
    program = ProgramFactory.create()
    version = MeasureVersionFactory.create(program=program)
    person = PersonFactory.create(program=program)
    achieve(version, person=person, partner=Partner.objects.own_courses_of(program))

    settle_now()

    assert people(version, "partner-month-region") == 1
    assert Person.objects.count() == 1


def test_what_was_revoked_and_restored_counts_again_where_it_did(version: MeasureVersion) -> None:
    fact = achieve(version, region="S")
    settle_now()
    revoke_achievement(fact, reason="issued in error", recorded_at=NOW)
    settle_now()

    restore_achievement(fact, reason="it was right", recorded_at=NOW)
    settle_now()

    assert booked(version) == [("new", 1, 1), ("revoked", -1, -1), ("restored", 1, 1)]
    assert Count.objects.get(grouping="day-region").people == 1
    assert_equals_recount(version)


def test_restoring_the_first_achievement_takes_the_person_back_from_the_other_partner(version: MeasureVersion) -> None:
    first = achieve(version, achieved_on=date(2026, 1, 5))
    achieve(version, person=first.person, achieved_on=date(2026, 2, 5))
    revoke_achievement(first, reason="issued in error", recorded_at=NOW)
    settle_now()

    restore_achievement(first, reason="it was right", recorded_at=NOW)
    settle_now()

    assert sorted(booked(version)[1:]) == [("restored", 0, -1), ("restored", 1, 1)]
    assert Count.objects.get(grouping="day-region", people=1).day == date(2026, 1, 5)
    assert_equals_recount(version)


def test_revoked_and_restored_before_anybody_counted_it_is_simply_new(version: MeasureVersion) -> None:
    fact = achieve(version)
    revoke_achievement(fact, reason="issued in error", recorded_at=NOW)
    restore_achievement(fact, reason="it was right", recorded_at=NOW)

    settle_now()

    assert booked(version) == [("new", 1, 1)]


def test_a_second_partner_adds_a_part_and_no_person(version: MeasureVersion) -> None:
    first = achieve(version, achieved_on=date(2026, 1, 5))
    settle_now()

    achieve(version, person=first.person, achieved_on=date(2026, 2, 5))
    settle_now()

    assert booked(version) == [("new", 1, 1), ("new", 1, 0)]


def test_an_earlier_achievement_with_another_partner_moves_the_person_there(version: MeasureVersion) -> None:
    first = achieve(version, achieved_on=date(2026, 2, 5))
    settle_now()

    achieve(version, person=first.person, achieved_on=date(2026, 1, 5))
    settle_now()

    assert sorted(booked(version)[1:]) == [("late", 0, -1), ("late", 1, 1)]
    assert people(version) == 1
    assert_equals_recount(version)


def test_the_same_evidence_from_an_earlier_fact_of_the_day_is_booked_and_moves_no_figure(
    version: MeasureVersion,
) -> None:
    first = achieve(version, fact_key=b"2" * 32)
    settle_now()

    achieve(version, person=first.person, partner=first.partner, fact_key=b"1" * 32)
    settle_now()

    assert booked(version)[1:] == [("late", -1, -1), ("late", 1, 1)]
    assert people(version) == 1
    assert_equals_recount(version)


def test_a_new_version_is_not_for_publication_before_it_counts_everybody(version: MeasureVersion) -> None:
    achieve(version)
    settle_now()
    second = MeasureVersionFactory.create(program=version.program, measure=version.measure, number=2)
    open_measures(at=NOW)
    before = list(counted_versions(version.program))

    settle_now()

    assert before == [version]
    assert list(counted_versions(version.program)) == [second]
    assert OpenedMeasure.objects.get(measure_version=second).settled_at == NOW


def test_a_measure_that_was_never_settled_stands_with_its_newest_version(version: MeasureVersion) -> None:
    second = MeasureVersionFactory.create(program=version.program, measure=version.measure, number=2)

    assert list(counted_versions(version.program)) == [second]
