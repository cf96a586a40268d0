"""The learner's own answer, from the ledger as it stands."""

from datetime import date

import pytest

from courses.achievements.models import Achievement
from courses.achievements.operations import mark_dirty, merge_persons, revoke_achievement
from people.models import Merge, Person
from programs.models import Evidence, MeasureVersion
from reporting.counting.operations import settle
from reporting.dashboards.counted import AmICounted, Counted
from tests.factories import NOW, AchievementFactory, MeasureVersionFactory, PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def measure() -> MeasureVersion:
    return MeasureVersionFactory.create(tag="skills", evidence=Evidence.ASSESSED)


def achieved(person: Person, evidence: Evidence = Evidence.ASSESSED, **more: object) -> Achievement:
    made = AchievementFactory.create(person=person, evidence=evidence, **more)
    mark_dirty(person.program, [person.pk], at=NOW)
    return made


def settled() -> None:
    settle(clock=lambda: NOW)


def answer(person: Person) -> Counted:
    return AmICounted.of(person).measures[0]


def someone(measure: MeasureVersion) -> Person:
    return PersonFactory.create(program=measure.program)


def test_nobody_counts_without_a_result(measure: MeasureVersion) -> None:
    found = AmICounted.of(someone(measure))
    assert (found.counted, found.is_waiting) == ([], False)
    assert found.missing[0].why_not == "Nothing that counts here is recorded about you yet."


def test_a_result_counts_once_it_is_settled_since_its_day_and_through_its_partner(measure: MeasureVersion) -> None:
    person = someone(measure)
    made = achieved(person, achieved_on=date(2026, 3, 1))
    assert AmICounted.of(person).is_waiting
    settled()
    found = answer(person)
    assert (found.since, found.through, found.why_not) == (date(2026, 3, 1), made.partner.name, "")
    assert not AmICounted.of(person).is_waiting


def test_a_weaker_result_does_not_count_and_says_why(measure: MeasureVersion) -> None:
    person = someone(measure)
    achieved(person, Evidence.COMPLETED)
    settled()
    assert "“completed”; this asks for “assessed”" in answer(person).why_not


def test_another_partner_who_reports_the_same_person_is_named_beside(measure: MeasureVersion) -> None:
    person = someone(measure)
    first = achieved(person, achieved_on=date(2026, 3, 1))
    second = achieved(person, achieved_on=date(2026, 4, 1))
    settled()
    assert (answer(person).through, answer(person).also) == (first.partner.name, [second.partner.name])


def test_a_revoked_result_no_longer_counts(measure: MeasureVersion) -> None:
    person = someone(measure)
    made = achieved(person)
    settled()
    revoke_achievement(made, reason="shared account", recorded_at=NOW)
    settled()
    assert answer(person).since is None


def test_a_merged_person_counts_as_the_one_they_stand_for(measure: MeasureVersion) -> None:
    one, other = someone(measure), someone(measure)
    achieved(one)
    merge_persons(measure.program, other, one, reason=Merge.Reason.REVIEW, evidence={}, at=NOW, by=None)
    settled()
    assert answer(other).since == answer(one).since is not None


def test_nobody_sees_what_is_counted_of_somebody_else(measure: MeasureVersion) -> None:
    person, stranger = someone(measure), someone(measure)
    achieved(person)
    settled()
    assert answer(stranger).since is None
