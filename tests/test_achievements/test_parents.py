"""Parents of facts are checked once a statement, and stay."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from courses.achievements.models import Achievement
from tests.factories import AchievementFactory, PersonFactory

pytestmark = pytest.mark.django_db


def later(fact: Achievement) -> dict[str, Any]:
    return {"refers_to": fact, "kind": Achievement.Kind.REVOKED, "turn": 1}


@pytest.mark.parametrize(
    ("column", "foreign"),
    [
        ("person_id", lambda other: {"person": other.person}),
        ("course_id", lambda other: {"course": other.course}),
        ("partner_id", lambda other: {"partner": other.partner}),
        ("refers_to_id", later),
    ],
)
def test_a_parent_of_another_program_is_refused(column: str, foreign: Callable[[Achievement], dict[str, Any]]) -> None:
    fact, other = AchievementFactory.create_batch(2)
    own = {"program": fact.program, "person": fact.person, "course": fact.course, "partner": fact.partner}
    with pytest.raises(IntegrityError, match=f"{column} of achievements_achievement is no row of"):
        AchievementFactory.create(**own | foreign(other))


def test_one_wrong_fact_among_many_is_refused_with_all_of_them() -> None:
    fact = AchievementFactory.create()
    facts = AchievementFactory.build_batch(
        3, program=fact.program, person=fact.person, course=fact.course, partner=fact.partner
    )
    facts[1].person = PersonFactory.create()
    with pytest.raises(IntegrityError, match="person_id"), transaction.atomic():
        Achievement.objects.bulk_create(facts)
    assert list(Achievement.objects.all()) == [fact]


@pytest.mark.parametrize("name", ["person", "course", "partner"])
def test_a_parent_is_never_deleted(name: str) -> None:
    parent = getattr(AchievementFactory.create(), name)
    with pytest.raises(IntegrityError, match="stay where they are"):
        type(parent).objects.filter(pk=parent.pk)._raw_delete("default")


@pytest.mark.parametrize("name", ["person", "course", "partner"])
def test_a_parent_never_moves_to_another_program(name: str) -> None:
    parent = getattr(AchievementFactory.create(), name)
    other = PersonFactory.create().program
    with pytest.raises(IntegrityError, match="stay where they are"):
        type(parent).objects.filter(pk=parent.pk).update(program=other)


def test_facts_have_numbers_that_are_one() -> None:
    fact = AchievementFactory.create()
    fact.pk, fact.fact_key = fact.pk, b"another key     "
    with pytest.raises(IntegrityError, match="achievements_achievement_id_program"):
        fact.save(force_insert=True)
