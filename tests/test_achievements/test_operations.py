from datetime import date

import pytest
from django.db import IntegrityError, transaction

from courses.achievements.models import Achievement, DirtyPerson
from courses.achievements.operations import (
    Codes,
    RevocationRefusedError,
    mark_everybody_dirty,
    record_achievement,
    revoke_achievement,
)
from courses.catalogue.models import Course
from people.models import Person
from programs.models import Evidence
from tests.factories import NOW, TODAY, AchievementFactory, CourseFactory, PersonFactory, ProgramFactory

pytestmark = pytest.mark.django_db


def record(person: Person, course: Course, *, achieved_on: date = TODAY) -> Achievement:
    return record_achievement(
        person,
        course,
        evidence=Evidence.ASSESSED,
        achieved_on=achieved_on,
        recorded_at=NOW,
        attempt_id=1,
        codes=Codes(region="N"),
    )


def test_recording_marks_the_person_dirty() -> None:
    person = PersonFactory.create()

    made = record(person, CourseFactory.create(program=person.program))

    assert (made.region, made.partner.code) == ("N", "uplift")
    assert DirtyPerson.objects.get().person == person


def test_recording_twice_keeps_the_first_fact() -> None:
    person = PersonFactory.create()
    course = CourseFactory.create(program=person.program)
    first = record(person, course, achieved_on=date(2026, 1, 1))

    assert record(person, course) == first
    assert DirtyPerson.objects.count() == 1


def test_a_revocation_is_a_new_fact_and_the_old_one_stays() -> None:
    fact = AchievementFactory.create()

    made = revoke_achievement(fact, reason="issued in error", recorded_at=NOW)

    assert (made.refers_to, made.kind) == (fact, "revoked")
    assert Achievement.objects.count() == 2
    assert not Achievement.objects.standing().exists()


def test_revoking_twice_is_once() -> None:
    fact = AchievementFactory.create()

    again = [revoke_achievement(fact, reason="issued in error", recorded_at=NOW) for _ in range(2)]

    assert again[0] == again[1]
    assert DirtyPerson.objects.count() == 1


@pytest.mark.parametrize("reason", ["", "  "])
def test_revoking_without_a_reason_is_refused(reason: str) -> None:
    with pytest.raises(RevocationRefusedError):
        revoke_achievement(AchievementFactory.create(), reason=reason, recorded_at=NOW)


def test_a_revocation_cannot_be_revoked() -> None:
    revoked = revoke_achievement(AchievementFactory.create(), reason="issued in error", recorded_at=NOW)

    with pytest.raises(RevocationRefusedError):
        revoke_achievement(revoked, reason="a mistake", recorded_at=NOW)


def test_the_database_refuses_to_edit_a_fact() -> None:
    AchievementFactory.create()

    with pytest.raises(IntegrityError, match="only ever added"), transaction.atomic():
        Achievement.objects.update(region="S")
    with pytest.raises(IntegrityError, match="only ever added"), transaction.atomic():
        Achievement.objects.all()._raw_delete("default")


def test_the_database_refuses_a_fact_about_another_programs_person() -> None:
    stranger = PersonFactory.create()
    with pytest.raises(IntegrityError, match="same_program"):  # noqa: PT012 - the constraint is checked at its end
        AchievementFactory.create(program=ProgramFactory.create(), person=stranger)
        from django.db import connection

        connection.check_constraints()


def test_everybody_with_a_fact_is_marked_once() -> None:
    fact = AchievementFactory.create()
    AchievementFactory.create(person=fact.person)
    AchievementFactory.create()

    assert mark_everybody_dirty(fact.program, at=NOW) == 1
