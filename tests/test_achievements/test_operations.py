from datetime import date

import pytest
from django.db import IntegrityError, transaction

from courses.achievements.models import Achievement
from courses.achievements.operations import (
    Codes,
    RevocationRefusedError,
    mark_everybody_dirty,
    record_achievement,
    restore_achievement,
    revoke_achievement,
)
from courses.catalogue.models import Course
from people.models import Person
from programs.models import Evidence
from tests.factories import NOW, TODAY, AchievementFactory, CourseFactory, PersonFactory, marked_dirty

pytestmark = pytest.mark.django_db


def record(person: Person, course: Course, *, achieved_on: date = TODAY) -> Achievement:
    return record_achievement(
        person,
        course,
        evidence=Evidence.ASSESSED,
        achieved_on=achieved_on,
        recorded_at=NOW,
        source_id=1,
        codes=Codes(region="N"),
    )


def test_recording_marks_the_person_dirty() -> None:
    person = PersonFactory.create()

    made = record(person, CourseFactory.create(program=person.program))

    assert (made.region, made.partner.code) == ("N", "uplift")
    assert marked_dirty() == [person.pk]


def test_recording_twice_keeps_the_first_fact() -> None:
    person = PersonFactory.create()
    course = CourseFactory.create(program=person.program)
    first = record(person, course, achieved_on=date(2026, 1, 1))

    assert record(person, course) == first
    assert len(marked_dirty()) == 1


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
    assert len(marked_dirty()) == 1


@pytest.mark.parametrize("reason", ["", "  "])
def test_revoking_without_a_reason_is_refused(reason: str) -> None:
    with pytest.raises(RevocationRefusedError):
        revoke_achievement(AchievementFactory.create(), reason=reason, recorded_at=NOW)


def test_a_revocation_cannot_be_revoked() -> None:
    revoked = revoke_achievement(AchievementFactory.create(), reason="issued in error", recorded_at=NOW)

    with pytest.raises(RevocationRefusedError):
        revoke_achievement(revoked, reason="a mistake", recorded_at=NOW)


def turns_of(fact: Achievement) -> list[tuple[str, int | None]]:
    return list(fact.later_facts.order_by("turn").values_list("kind", "turn"))


def test_an_achievement_is_revoked_and_restored_by_turns() -> None:
    fact = AchievementFactory.create()

    for change in (revoke_achievement, restore_achievement, revoke_achievement, restore_achievement):
        change(fact, reason="because", recorded_at=NOW)

    assert turns_of(fact) == [("revoked", 1), ("restored", 2), ("revoked", 3), ("restored", 4)]
    assert Achievement.objects.standing().get() == fact
    assert not Achievement.objects.revoked().exists()


def test_revoking_and_restoring_mark_the_person_dirty() -> None:
    fact = AchievementFactory.create()

    revoke_achievement(fact, reason="because", recorded_at=NOW)
    restore_achievement(fact, reason="because", recorded_at=NOW)

    assert marked_dirty() == [fact.person_id] * 2


def test_restoring_twice_is_once() -> None:
    fact = AchievementFactory.create()
    revoke_achievement(fact, reason="because", recorded_at=NOW)

    again = [restore_achievement(fact, reason="it was right", recorded_at=NOW) for _ in range(2)]

    assert again[0] == again[1]
    assert turns_of(fact) == [("revoked", 1), ("restored", 2)]


def test_what_was_never_revoked_cannot_be_restored() -> None:
    with pytest.raises(RevocationRefusedError, match="never revoked"):
        restore_achievement(AchievementFactory.create(), reason="because", recorded_at=NOW)


def test_restoring_needs_a_reason_and_an_achievement() -> None:
    fact = AchievementFactory.create()
    revoked = revoke_achievement(fact, reason="because", recorded_at=NOW)

    for subject, reason in ((fact, " "), (revoked, "because")):
        with pytest.raises(RevocationRefusedError, match="reason must be given"):
            restore_achievement(subject, reason=reason, recorded_at=NOW)


def test_a_later_fact_repeats_what_the_achievement_says() -> None:
    fact = AchievementFactory.create(region="S", employer="Acme", achieved_on=date(2026, 2, 3))

    made = revoke_achievement(fact, reason=" because ", recorded_at=NOW)

    repeated = ("person", "course", "partner", "evidence", "achieved_on", "region", "sector", "employer", "source")
    assert [getattr(made, name) for name in repeated] == [getattr(fact, name) for name in repeated]
    assert made.reason == "because"


@pytest.mark.parametrize("change", [{"kind": "revoked", "turn": 2}, {"kind": "restored", "turn": 1}])
def test_the_database_refuses_a_turn_of_the_other_kind(change: dict[str, object]) -> None:
    fact = AchievementFactory.create()
    with pytest.raises(IntegrityError, match="by_turns"), transaction.atomic():
        AchievementFactory.create(person=fact.person, course=fact.course, refers_to=fact, **change)


def test_the_database_refuses_to_edit_a_fact() -> None:
    AchievementFactory.create()

    with pytest.raises(IntegrityError, match="only ever added"), transaction.atomic():
        Achievement.objects.update(region="S")
    with pytest.raises(IntegrityError, match="only ever added"), transaction.atomic():
        Achievement.objects.all()._raw_delete("default")


def test_everybody_with_a_fact_is_marked_once() -> None:
    fact = AchievementFactory.create()
    AchievementFactory.create(person=fact.person)
    AchievementFactory.create()

    assert mark_everybody_dirty(fact.program, at=NOW) == 1
