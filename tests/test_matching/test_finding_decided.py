"""Searching again: who was merged, told apart or put off before is found, and left alone, accordingly."""

import pytest

from courses.achievements.operations import unmerge
from courses.matching.models import Candidate
from courses.matching.operations import decide_different, decide_later
from people.models import Particulars
from tests.factories import NOW, PersonFactory
from tests.test_matching.cast import Office, know, merge, state_of

pytestmark = pytest.mark.django_db


def test_the_identifier_of_a_merged_person_counts_for_the_root(office: Office) -> None:
    one, other = office.say(email="a@example.org"), office.say(email="a@example.org")
    merged = PersonFactory.create(program=office.program)
    merge(office, merged, one)
    know(merged, "citizen", 1)
    know(other, "citizen", 2)

    assert office.search().found == 0


def test_merged_persons_are_candidates_by_their_root(office: Office) -> None:
    root, one, other = (
        office.say("Root Person", None),
        office.say(email="a@example.org"),
        office.say(email="a@example.org"),
    )
    merge(office, one, root)

    office.search()

    candidate = Candidate.objects.get()
    assert (candidate.one, candidate.other) == (root, other)


def test_who_became_one_person_waits_no_longer_and_does_again_when_parted(office: Office) -> None:
    candidate = office.pair()
    made = merge(office, candidate.other, candidate.one)
    assert not Candidate.objects.of(office.program).open()
    assert office.search(everything=True).found == 0

    unmerge(made, because="two people after all", at=NOW, by=office.anna)

    assert Candidate.objects.of(office.program).open().get() == candidate


def test_who_was_told_apart_is_not_proposed_again(office: Office) -> None:
    candidate = office.pair()
    decide_different(candidate, at=NOW, by=office.anna)
    assert office.search(everything=True).found == 0
    Particulars.objects.filter(person=candidate.other).update(employer="Acme")
    assert office.search().found == 0

    assert state_of(candidate) == "different"


def test_who_was_told_apart_is_proposed_again_when_more_speaks_for_it(office: Office) -> None:
    candidate = office.alone()
    decide_different(candidate, at=NOW, by=office.anna)
    for person in (candidate.one, candidate.other):
        Particulars.objects.filter(person=person).update(phone=b"1" * 32, email=b"2" * 32)

    assert office.search().found == 1

    again = Candidate.objects.get()
    assert (again.state, again.decided_by, again.is_alone) == ("open", None, False)


def test_who_was_told_apart_stays_so_under_another_root(office: Office) -> None:
    candidate = office.pair()
    decide_different(candidate, at=NOW, by=office.anna)
    root = PersonFactory.create(program=office.program)
    merge(office, candidate.other, root)

    assert office.search(everything=True).found == 0


def test_what_was_put_off_stays_put_off_when_the_evidence_changes(office: Office) -> None:
    candidate = office.pair()
    decide_later(candidate, at=NOW, by=office.anna)
    Particulars.objects.update(employer="Acme")

    assert office.search().found == 1

    again = Candidate.objects.get()
    assert (again.state, again.decided_by, again.evidence["employer"]["level"]) == ("later", office.anna, "exact")
