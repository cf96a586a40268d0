"""The benchmarks' invented nation is a valid one: what is measured on it is what the product does."""

import pytest
from django.db import connection
from django.db.models import Count as CountRows
from django.db.models import F, Min, Q

from courses.achievements.models import Achievement
from courses.achievements.operations import mark_everybody_dirty
from people.models import Person
from programs.models import Code, Program
from reporting.counting.models import Count
from reporting.counting.operations import recount, settle
from tests.factories import NOW

from .indexes import without_indexes
from .loading import Loaded, populate
from .nation import make_nation

pytestmark = pytest.mark.django_db
PEOPLE = 2_000
SAID = ("achieved_on", "partner", "course", "evidence", "region", "sector", "employer_size", "age_band", "source_row")


@pytest.fixture
def program() -> Program:
    return make_nation()


@pytest.fixture
def loaded(program: Program) -> Loaded:
    return populate(program, persons=PEOPLE, seed=1)


def test_every_fact_keeps_the_rules_of_the_database(loaded: Loaded) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    assert Achievement.objects.standing().count() == loaded.facts
    Achievement.objects.order_by("?")[0].full_clean()


def test_every_code_is_of_the_programs_lists(program: Program, loaded: Loaded) -> None:
    facts = Achievement.objects.of(program)
    for field in ("region", "sector", "employer_size", "age_band"):
        known = Code.objects.filter(program=program, kind=field).values("code")
        assert not facts.exclude(**{f"{field}__in": known}).exists()


def test_everybody_has_about_three_achievements_and_a_tenth_two_partners(loaded: Loaded) -> None:
    partners = Person.objects.annotate(partners=CountRows("achievements__partner", distinct=True))

    assert (Person.objects.count(), loaded.people) == (PEOPLE, PEOPLE)
    assert 3.0 < loaded.facts / PEOPLE < 3.2
    assert 0.09 < partners.filter(partners__gt=1).count() / PEOPLE < 0.13


def test_persons_are_numbered_in_the_order_in_which_they_begin(loaded: Loaded) -> None:
    first_days = (
        Person.objects.annotate(day=Min("achievements__achieved_on")).order_by("pk").values_list("day", flat=True)
    )
    begun = [(day.year, day.month) for day in first_days]

    assert begun == sorted(begun)


def test_rows_of_a_return_are_numbered_from_the_second(loaded: Loaded) -> None:
    returns = Achievement.objects.values("source_id").annotate(
        rows=CountRows("pk"), different=CountRows("source_row", distinct=True), first=Min("source_row")
    )

    assert not returns.exclude(Q(rows=F("different")), first=2).exists()


def test_the_same_seed_says_the_same_facts(program: Program, loaded: Loaded) -> None:
    parts = populate(program, persons=500, seed=2), populate(make_second(), persons=500, seed=2)
    first, second = (
        Achievement.objects.filter(person__gte=part.first_person, person__lte=part.last_person).order_by("pk")
        for part in parts
    )
    said = tuple(field for field in SAID if field not in ("partner", "course"))

    assert list(first.values_list(*said)) == list(second.values_list(*said))


def make_second() -> Program:
    Program.objects.update(code="first")
    return make_nation()


def test_indexes_and_keys_that_were_taken_away_come_back(program: Program) -> None:
    before = rules()

    with without_indexes("achievements_achievement"):
        populate(program, persons=50, seed=1)
        assert len(rules()) < len(before)

    assert rules() == before


def rules() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexdef FROM pg_indexes WHERE tablename = 'achievements_achievement' UNION"
            " SELECT conname || pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE 'achievements_achievement'::regclass IN (conrelid, confrelid)"
        )
        return {rule for (rule,) in cursor.fetchall()}


def test_everybody_is_counted_and_a_recount_finds_nothing(program: Program, loaded: Loaded) -> None:
    mark_everybody_dirty(program, at=NOW)

    assert settle(clock=lambda: NOW) == PEOPLE
    assert sum(Count.objects.filter(grouping="region-sector").values_list("people", flat=True)) == PEOPLE
    assert recount(program, at=NOW).differences == 0
