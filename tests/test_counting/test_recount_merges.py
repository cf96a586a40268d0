"""Recount follows the merges by itself, and finds what is not booked as they lead."""

from datetime import timedelta

import pytest

from courses.achievements.models import Achievement
from courses.achievements.operations import mark_dirty, merge_persons, unmerge
from people.models import Alias, Merge, Person
from programs.models import MeasureVersion
from reporting.counting import comparison
from reporting.counting.models import LedgerEntry
from reporting.counting.operations import open_measures, recount, repair
from tests.factories import NOW, MeasureVersionFactory, PersonFactory, UserFactory
from tests.test_counting.cast import achieve, assert_equals_recount, forget_marks, people, settle_now

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(params=["few", "many"])
def version(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> MeasureVersion:
    if request.param == "many":
        monkeypatch.setattr(comparison, "FEW", -1)
    made = MeasureVersionFactory.create()
    open_measures(at=NOW)
    return made


@pytest.fixture
def two(version: MeasureVersion) -> list[Achievement]:
    """Of two persons with partners of their own, the second one earlier; both are settled."""
    first = achieve(version)
    second = achieve(version, achieved_on=first.achieved_on - DAY)
    settle_now()
    return [first, second]


def merge(person: Person, into: Person) -> Merge:
    return merge_persons(person.program, person, into, reason=Merge.Reason.REVIEW, evidence={}, at=NOW)


def separate(made: Merge) -> None:
    unmerge(made, because="two sisters", at=NOW, by=UserFactory.create())


def unlike(version: MeasureVersion) -> int:
    return recount(version.program, at=NOW).facts_unlike_ledger


def settle_only(person: Person) -> None:
    """As if the marks of everybody else were lost."""
    forget_marks()
    mark_dirty(person.program, [person.pk], at=NOW)
    settle_now()


def test_a_merge_that_was_never_settled_is_found(version: MeasureVersion, two: list[Achievement]) -> None:
    merge(two[1].person, two[0].person)
    forget_marks()

    assert unlike(version) == 2


def test_who_waits_to_be_merged_is_no_difference(version: MeasureVersion, two: list[Achievement]) -> None:
    merge(two[1].person, two[0].person)

    assert_equals_recount(version)


def test_an_alias_that_still_stands_in_the_ledger_is_found(version: MeasureVersion, two: list[Achievement]) -> None:
    settled = two[0].person
    merge(two[1].person, settled)
    settle_only(settled)
    assert people(version) == 2

    assert unlike(version) == 1


def test_one_who_lacks_what_an_alias_has_achieved_is_found(version: MeasureVersion, two: list[Achievement]) -> None:
    made = merge(two[1].person, two[0].person)
    settle_now()
    new = achieve(version, person=made.person, achieved_on=two[1].achieved_on - DAY)
    forget_marks()

    assert unlike(version) == 1
    assert repair(version.program, reason="a mark was lost", at=NOW).repaired_by
    assert LedgerEntry.objects.get(achievement=new).person == made.into
    assert_equals_recount(version)


def test_what_waits_for_an_alias_is_no_difference(version: MeasureVersion, two: list[Achievement]) -> None:
    made = merge(two[1].person, two[0].person)
    settle_now()
    achieve(version, person=made.person, achieved_on=two[1].achieved_on - DAY)

    assert_equals_recount(version)


@pytest.mark.parametrize("who", [0, 1])
def test_what_somebody_who_left_has_achieved_is_found(
    version: MeasureVersion, two: list[Achievement], who: int
) -> None:
    """Only one of the two is settled after they were separated."""
    made = merge(two[1].person, two[0].person)
    settle_now()
    separate(made)
    settle_only(two[who].person)

    assert unlike(version) == 1
    repair(version.program, reason="a mark was lost", at=NOW)
    assert people(version) == 2
    assert_equals_recount(version)


def test_a_chain_is_followed_to_its_end(version: MeasureVersion, two: list[Achievement]) -> None:
    last = PersonFactory.create(program=version.program)
    merge(two[1].person, two[0].person)
    merge(two[0].person, last)
    settle_now()
    forget_marks()

    assert_equals_recount(version)
    assert people(version) == 1


def test_an_alias_that_leads_elsewhere_than_the_merges_is_found(
    version: MeasureVersion, two: list[Achievement]
) -> None:
    made = merge(two[1].person, two[0].person)
    Alias.objects.all().delete()
    settle_now()

    assert unlike(version) == 2
    assert made in Merge.objects.standing()


def test_merges_of_another_program_play_no_part(version: MeasureVersion, two: list[Achievement]) -> None:
    other = MeasureVersionFactory.create()
    merge(achieve(other).person, achieve(other).person)
    settle_now()

    assert_equals_recount(version)
    assert_equals_recount(other)
    assert (people(version), people(other)) == (2, 1)


@pytest.mark.parametrize(
    ("into", "roots"),
    [
        ({}, {}),
        ({1: 2}, {1: 2}),
        ({1: 2, 2: 3, 4: 3, 5: 6}, {1: 3, 2: 3, 4: 3, 5: 6}),
        ({3: 4, 2: 3, 1: 2}, {1: 4, 2: 4, 3: 4}),
    ],
)
def test_from_person_to_person_merges_lead_to_their_end(into: dict[int, int], roots: dict[int, int]) -> None:
    assert comparison.roots(into) == roots


def test_a_long_chain_is_followed_once() -> None:
    chain = {person: person + 1 for person in range(100_000)}

    assert set(comparison.roots(chain).values()) == {100_000}
