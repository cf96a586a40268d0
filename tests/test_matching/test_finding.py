"""Searching: what becomes a candidate, what is looked at again, and what is left alone."""

from datetime import date, timedelta
from io import StringIO
from threading import Thread

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from courses.matching import blocking
from courses.matching.models import Candidate, Comparable, Search
from courses.matching.operations import find_candidates, find_candidates_due
from courses.matching.tasks import find_candidates_due as task
from people.models import Particulars
from tests.factories import NOW, ProgramFactory
from tests.test_matching.cast import BORN, Office, know, new_office, state_of

pytestmark = pytest.mark.django_db


def test_one_person_of_two_partners_is_a_candidate(office: Office) -> None:
    candidate = office.pair()

    assert (candidate.state, candidate.is_alone, candidate.found_at) == ("open", False, NOW)
    assert candidate.score >= 50
    assert candidate.evidence["email"]["level"] == "exact"


def test_searching_twice_is_searching_once(office: Office) -> None:
    before = office.pair()
    search = office.search(at=NOW + timedelta(days=1))

    assert (search.changed, search.pairs, search.found, search.gone) == (0, 0, 0, 0)
    assert office.search(everything=True).found == 0
    assert Candidate.objects.get() == before
    assert Candidate.objects.get().found_at == NOW


def test_what_is_said_again_word_for_word_is_not_looked_at_again(office: Office) -> None:
    office.pair()
    Particulars.objects.update(said_at=NOW + timedelta(days=1))

    assert office.search().changed == 0


def test_a_saying_that_was_committed_late_is_found_all_the_same(office: Office) -> None:
    office.say("Early Bird", email="bird@example.org")
    office.search(at=NOW)
    office.say("Early Bird", email="bird@example.org", at=NOW - timedelta(days=7))

    assert office.search().found == 1


def test_only_what_changed_is_compared_with_everything(office: Office) -> None:
    office.crowd()
    office.say("Late Comer", email="late@example.org")
    office.search()
    office.say("Late Comer", email="late@example.org")

    search = office.search()

    assert (search.changed, search.pairs, search.found) == (1, 1, 1)
    assert search.sayings == 302


def test_a_candidate_goes_when_what_is_said_changes_and_comes_back(office: Office) -> None:
    candidate = office.pair()
    said = Particulars.objects.get(person=candidate.other)
    Particulars.objects.filter(pk=said.pk).update(name="Somebody Else", email=None)

    assert office.search().gone == 1
    assert state_of(candidate) == "gone"

    said.save()
    assert office.search().found == 1
    assert state_of(candidate) == "open"


def test_a_candidate_stays_while_one_partner_still_says_so(office: Office) -> None:
    candidate = office.pair()
    said = office.say("Somebody Else", person=candidate.other, partner=office.college)
    office.search()

    assert said == candidate.other
    assert state_of(candidate) == "open"


def test_what_one_partner_says_of_a_person_is_no_candidate_with_what_another_says(office: Office) -> None:
    person = office.say(email="a@example.org")
    office.say(person=person, partner=office.employer, email="a@example.org")

    assert office.search().found == 0


def test_name_and_birth_date_alone_are_capped(office: Office) -> None:
    candidate = office.alone()

    assert candidate.is_alone
    assert candidate.score < 50


def test_different_national_identifiers_are_two_people(office: Office) -> None:
    one, other = office.say(email="a@example.org"), office.say(email="a@example.org")
    for number, person in enumerate([one, other]):
        know(person, "citizen", number)

    assert office.search().found == 0


@pytest.mark.parametrize("scheme", ["email", "partner:x"])
def test_other_identifiers_may_differ(office: Office, scheme: str) -> None:
    one, other = office.say(email="a@example.org"), office.say(email="a@example.org")
    for number, person in enumerate([one, other]):
        know(person, scheme, number)

    assert office.search().found == 1


def test_one_national_identifier_says_nothing_against_it(office: Office) -> None:
    one = office.say(email="a@example.org")
    office.say(email="a@example.org")
    know(one, "citizen", 1)

    assert office.search().found == 1


def test_programs_are_kept_apart(office: Office) -> None:
    other = new_office()
    office.say(email="a@example.org")
    other.say(email="a@example.org")

    assert (office.search().found, other.search().found) == (0, 0)
    assert Comparable.objects.count() == 2


def test_placeholders_make_no_candidates(office: Office) -> None:
    for name, born in (("TEST", BORN), ("N/A", None), ("", BORN), ("Unknown", date(1900, 1, 1))):
        for _ in range(3):
            office.say(name, born, email="noreply@example.org")

    assert office.search().found == 0


def test_a_group_that_is_too_large_is_reported_and_the_others_are_compared(office: Office) -> None:
    office.crowd(blocking.MOST_IN_A_BLOCK + 1)
    Particulars.objects.update(email=b"x" * 32)
    office.pair()

    search = Search.objects.of(office.program)[0]

    assert {"rule": "e-mail", "blocks": 1, "largest": blocking.MOST_IN_A_BLOCK + 1} in search.cut
    assert Candidate.objects.count() == 1


def test_a_search_that_dies_leaves_nothing_and_the_next_does_its_work(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.say(email="a@example.org")
    office.say(email="a@example.org")
    monkeypatch.setattr("courses.matching.blocking.make_pairs", lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        find_candidates(office.program, at=NOW)
    assert not Comparable.objects.exists()
    monkeypatch.undo()

    assert office.search().found == 1


@pytest.mark.django_db(transaction=True)
def test_one_search_of_a_program_at_a_time() -> None:
    office = new_office()
    found: list[Search | None] = []

    def search() -> None:
        found.append(find_candidates(office.program, at=NOW))
        connection.close()

    with transaction.atomic():
        office.search()
        other = Thread(target=search)
        other.start()
        other.join(30)

    assert found == [None]


def test_each_program_is_searched_once_a_night(office: Office) -> None:
    ProgramFactory.create()
    for hours in (0, 1, 24):
        find_candidates_due(at=NOW + timedelta(hours=hours))

    assert Search.objects.of(office.program).count() == 2
    task()
    task()
    assert Search.objects.of(office.program).count() in (2, 3)


def test_the_command_says_what_was_found_and_what_was_left_out(office: Office) -> None:
    office.say(email="a@example.org")
    office.say(email="a@example.org")
    out = StringIO()

    for _ in range(2):
        call_command("find_candidates", "--program", office.program.code, stdout=out)

    first, second = out.getvalue().splitlines()
    assert "2 of 2 sayings" in first
    assert "1 candidates new or changed" in first
    assert "0 of 2 sayings" in second


def test_the_command_knows_no_program_that_there_is_not(office: Office) -> None:
    with pytest.raises(CommandError, match="no program 'atlantis'"):
        call_command("find_candidates", "--program", "atlantis")
