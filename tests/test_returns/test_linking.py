"""Numbers beside identifiers: only rows that count say so, and what somebody has separated stays so."""

from itertools import permutations

import pytest

from accounts.models import User
from courses.achievements.models import Achievement
from courses.achievements.operations import merge_persons, unmerge
from courses.returns.operations import release_rows, release_waiting_rows
from people.models import Identity, Merge, Person
from tests.factories import NOW, PartnerFactory, UserFactory
from tests.test_returns.decisions import LATER, WHY, group_of, manager_of
from tests.test_returns.school import School, counts, file_of, quarantined
from tests.test_returns.test_two_identifiers import HEADER, humans, line, mine_of, sent

PLACEHOLDER = "somebody@example.org"  # a row that says so waits for a decision


@pytest.fixture
def mine(db: None) -> School:
    return mine_of(PartnerFactory())


@pytest.fixture
def alice(mine: School) -> User:
    return manager_of(mine)


def keyed_by(school: School, *columns: str) -> None:
    school.profile.definition["record_key"] = list(columns)
    school.profile.save()


def two_people(mine: School) -> School:
    """One is known by the identifier alone, at another partner, one by the partner's own number."""
    other = mine_of(PartnerFactory(program=mine.program))
    assert sent(other, line("1", "X")) == sent(mine, line("", "A")) == (1, 1, 0, 0)
    return other


def person_of(digits: str, school: School) -> Person:
    """Who had a fact of that partner first, by the order in which the numbers were sent."""
    return Person.objects.filter(achievements__partner=school.partner).distinct().order_by("pk")[int(digits)]


def test_a_row_that_waits_merges_nobody_until_it_is_released(mine: School, alice: User) -> None:
    two_people(mine)
    returned = mine.send(file_of([line("1", "A", "sorting", email=PLACEHOLDER)], HEADER))
    assert counts(returned) == (1, 0, 0, 1)
    assert (Merge.objects.count(), humans(), Identity.objects.count()) == (0, 2, 3)
    release_rows(mine.program, group_of(returned), because=WHY, at=LATER, by=alice)
    release_waiting_rows(at=LATER)
    assert (Merge.objects.count(), humans()) == (1, 1)


def test_a_row_that_waits_gives_nobody_an_identifier(mine: School) -> None:
    sent(mine, line("", "A"))
    assert sent(mine, line("1", "A", "sorting", email=PLACEHOLDER)) == (1, 0, 0, 1)
    assert Identity.objects.count() == 1


def test_rows_that_contradict_each_other_merge_nobody(mine: School) -> None:
    two_people(mine)
    keyed_by(mine, "course")
    days = [line("1", "A", "sorting", ended=f"2026-05-0{day}") for day in (1, 2)]
    assert sent(mine, *days) == (2, 0, 0, 2)
    assert (Merge.objects.count(), humans()) == (0, 2)


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_rows_that_hang_on_a_row_that_waits_wait_with_it_in_any_order(
    mine: School, alice: User, order: tuple[int, ...]
) -> None:
    two_people(mine)
    keyed_by(mine, "course", "ended")
    rows = [
        line("1", "B", "sorting", email=PLACEHOLDER),
        line("", "B", "sorting", ended="2026-05-02"),
        line("2", "C", "sorting", ended="2026-05-03"),
    ]
    returned = mine.send(file_of([rows[place] for place in order], HEADER))
    assert counts(returned) == (3, 1, 0, 2)
    assert not Identity.objects.filter(scheme="citizen", person__achievements__partner=mine.partner).exclude(
        person__achievements__achieved_on="2026-05-03"
    )
    release_rows(mine.program, group_of(returned), because=WHY, at=LATER, by=alice)
    release_waiting_rows(at=LATER)
    returned.refresh_from_db()
    assert counts(returned) == (3, 3, 0, 0)
    assert Person.objects.filter(achievements__course__code="sorting").distinct().count() == 2


def test_an_identifier_that_only_a_row_in_quarantine_ties_to_somebody_waits_too(mine: School) -> None:
    """Row 2 says that identifier 7 is whom number A has named; row 3 has the identifier alone."""
    sent(mine, line("", "A"))
    keyed_by(mine, "course", "ended")
    rows = [line("7", "A", "sorting", email=PLACEHOLDER), line("7", "", "sorting", ended="2026-05-02")]
    returned = mine.send(file_of(rows, HEADER))
    assert counts(returned) == (2, 0, 0, 2)
    assert Identity.objects.count() == 1


def test_what_is_held_by_a_contradiction_says_on_which_row_it_hangs(mine: School) -> None:
    keyed_by(mine, "course", "name")
    rows = [
        line("1", "A", name="x"), line("1", "A", name="x", ended="2026-05-02"), line("", "A", name="y"),
    ]  # fmt: skip
    returned = mine.send(file_of(rows, HEADER))
    assert counts(returned) == (3, 0, 0, 3)
    assert quarantined(returned)[2][3] == "the partner's number is that of row 2, which is in quarantine"


def test_a_duplicate_says_whose_number_it_is(mine: School) -> None:
    """The same record, sent again with the identifier beside the number that alone stood there before."""
    assert sent(mine, line("", "A")) == (1, 1, 0, 0)
    assert sent(mine, line("1", "A")) == (1, 0, 1, 0)
    assert (Person.objects.count(), Identity.objects.count()) == (1, 2)


def test_two_identifiers_of_one_merged_person_are_put_in_quarantine(mine: School) -> None:
    """Number A and B were merged by hand, and had no identifier; one file gives each another one."""
    sent(mine, line("", "A"), line("", "B", "sorting"))
    merge_persons(
        mine.program, person_of("1", mine), person_of("0", mine),
        reason=Merge.Reason.REVIEW, evidence={}, at=NOW, by=UserFactory.create(),
    )  # fmt: skip
    keyed_by(mine, "course", "ended")
    rows = [line("1", "A", ended="2026-05-03"), line("2", "B", ended="2026-05-04")]
    returned = mine.send(file_of(rows, HEADER))
    assert counts(returned) == (2, 0, 0, 2)
    assert {entry[3] for entry in quarantined(returned)} == {
        "the partner's number and another one named one person before, and stand beside different identifiers"
    }
    assert not Identity.objects.filter(scheme="citizen").exists()


def test_an_identifier_of_whoever_was_merged_is_the_identifier_of_the_one_person(mine: School) -> None:
    """Identifier 1 came with number B; A was merged with B by hand. One file names both numbers beside it."""
    sent(mine, line("", "A"), line("1", "B", "sorting"))
    merge_persons(
        mine.program, person_of("1", mine), person_of("0", mine),
        reason=Merge.Reason.REVIEW, evidence={}, at=NOW, by=UserFactory.create(),
    )  # fmt: skip
    keyed_by(mine, "course", "ended")
    assert sent(mine, line("1", "A", ended="2026-05-03"), line("1", "B", ended="2026-05-04")) == (2, 2, 0, 0)
    assert (humans(), Merge.objects.count()) == (1, 1)


def test_what_was_separated_stays_so_where_one_of_them_had_been_merged_before(mine: School) -> None:
    """Number A; identifier 1, whom a review had merged with a third. A file ties A to 1; somebody parts them again."""
    other = two_people(mine)
    sent(other, line("", "Z", "sorting"))
    reviewer = UserFactory.create()
    merge_persons(
        mine.program, person_of("0", other), person_of("1", other),
        reason=Merge.Reason.REVIEW, evidence={}, at=NOW, by=reviewer,
    )  # fmt: skip
    keyed_by(mine, "course", "ended")
    assert sent(mine, line("1", "A", "sorting")) == (1, 1, 0, 0)
    unmerge(Merge.objects.get(reason=Merge.Reason.NATIONAL), because="two sisters", at=NOW, by=reviewer)
    assert humans() == 2
    assert sent(mine, line("1", "A", "sorting", ended="2026-06-01")) == (1, 1, 0, 0)
    assert Merge.objects.filter(reason=Merge.Reason.NATIONAL).count() == 1
    assert humans() == 2


@pytest.mark.parametrize("key", [("staff_no", "course"), ("course",)])
def test_records_of_persons_who_were_merged_are_known_again(mine: School, key: tuple[str, ...]) -> None:
    other = mine_of(PartnerFactory(program=mine.program))
    keyed_by(mine, *key)
    sent(other, line("1", "X"))
    assert sent(mine, line("", "A")) == (1, 1, 0, 0)
    assert sent(mine, line("1", "A")) == (1, 0, 1, 0)
    assert humans() == 1
    assert sent(mine, line("1", "A"), line("", "A")) == (2, 0, 2, 0)
    assert Achievement.objects.filter(partner=mine.partner).count() == 1
