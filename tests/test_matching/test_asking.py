"""Search now: asked for once, found by a worker, answered by a search that began afterwards."""

from collections.abc import Callable
from datetime import timedelta
from threading import Thread
from time import monotonic, sleep

import pytest
from django.db import IntegrityError, connection, transaction

from courses.matching.models import AskedSearch, Candidate, Search
from courses.matching.operations import (
    DecisionRefusedError,
    ask_for_search,
    find_candidates,
    find_candidates_asked,
    search_alone,
)
from courses.matching.tasks import find_candidates_asked as task
from programs.models import Role
from tests.factories import NOW, MembershipFactory, UserFactory
from tests.test_matching.cast import Office, new_office

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=1)


def twice(office: Office) -> None:
    office.say("Ruritania Zenda", email="one")
    office.say("Ruritania Zenda", partner=office.employer, email="one")


def test_what_was_asked_for_is_found_and_answered(office: Office) -> None:
    twice(office)
    asked = ask_for_search(office.program, at=NOW, by=office.anna)

    find_candidates_asked(at=LATER)

    asked.refresh_from_db()
    search = Search.objects.get()
    assert (asked.search, search.searched_at, search.found) == (search, LATER, 1)
    assert search.ended_at is not None
    assert LATER < search.ended_at < LATER + timedelta(minutes=1)


def test_asking_twice_is_one_search(office: Office) -> None:
    first = ask_for_search(office.program, at=NOW, by=office.anna)
    assert ask_for_search(office.program, at=LATER, by=office.bela) == first

    task()
    task()

    assert Search.objects.count() == 1


def test_who_asks_when_it_has_ended_gets_another_search(office: Office) -> None:
    ask_for_search(office.program, at=NOW, by=office.anna)
    find_candidates_asked(at=NOW)
    twice(office)
    ask_for_search(office.program, at=LATER, by=office.anna)
    find_candidates_asked(at=LATER)

    assert list(AskedSearch.objects.order_by("pk").values_list("search__found", flat=True)) == [0, 1]


def test_the_database_keeps_a_second_one_out(office: Office) -> None:
    ask_for_search(office.program, at=NOW, by=office.anna)
    with pytest.raises(IntegrityError, match="search_is_asked_for_once_at_a_time"), transaction.atomic():
        AskedSearch.objects.create(program=office.program, asked_at=NOW, asked_by=office.bela)


def test_the_search_of_the_night_answers_it_too(office: Office) -> None:
    asked = ask_for_search(office.program, at=NOW, by=office.anna)
    search = find_candidates(office.program, at=LATER)
    asked.refresh_from_db()
    assert asked.search == search


def test_it_stays_in_its_program(office: Office) -> None:
    other = new_office()
    twice(other)
    ask_for_search(office.program, at=NOW, by=office.anna)

    find_candidates_asked(at=NOW)

    assert [search.program for search in Search.objects.all()] == [office.program]
    assert not Candidate.objects.exists()


def test_nobody_asks_without_the_role(office: Office) -> None:
    ministry = MembershipFactory(program=office.program, role=Role.MINISTRY).user
    operator = UserFactory(is_staff=True, is_superuser=True)
    for user in (ministry, operator, new_office().anna):
        with pytest.raises(DecisionRefusedError):
            ask_for_search(office.program, at=NOW, by=user)
    assert not AskedSearch.objects.exists()


def in_a_thread(work: Callable[[], object]) -> Thread:
    def run() -> None:
        work()
        connection.close()

    thread = Thread(target=run)
    thread.start()
    return thread


@pytest.mark.django_db(transaction=True)
def test_it_waits_while_somebody_else_searches() -> None:
    office = new_office()
    asked = ask_for_search(office.program, at=NOW, by=office.anna)

    with transaction.atomic():
        assert search_alone(office.program)
        in_a_thread(lambda: find_candidates_asked(at=NOW)).join()
    assert not Search.objects.exists()
    find_candidates_asked(at=LATER)
    asked.refresh_from_db()
    assert asked.search == Search.objects.get()


@pytest.mark.django_db(transaction=True)
def test_a_search_that_began_before_does_not_answer_it() -> None:
    office = new_office()
    twice(office)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE matching_candidate IN EXCLUSIVE MODE")
        search = in_a_thread(lambda: find_candidates(office.program, at=NOW))
        wait_until(lambda: is_somebody_waiting_for("matching_candidate"))
        in_a_thread(lambda: ask_for_search(office.program, at=LATER, by=office.anna)).join()
    search.join()

    assert Search.objects.count() == 1
    assert AskedSearch.objects.waiting().count() == 1


def is_somebody_waiting_for(table: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_locks WHERE relation = %s::regclass AND NOT granted)", [table])
        return bool(cursor.fetchone()[0])


def wait_until(is_so: Callable[[], bool]) -> None:
    until = monotonic() + 20
    while not is_so():
        assert monotonic() < until
        sleep(0.02)
