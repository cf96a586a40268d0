"""Workers at once, and workers that die between two steps: every statement is one row, and voided once."""

import signal
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import Sum
from django.utils import timezone

from courses.achievements.models import Achievement
from courses.returns.models import Return
from courses.returns.operations import load_waiting_returns
from courses.statements.models import PAUSE, Arrival, Voiding
from courses.statements.operations import carry_out_voidings, report_statements
from tests.test_statement_achievements.academy import new_academy, passed
from tests.test_statement_achievements.others import another_connection, worker
from tests.test_statements.lms import voiding

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = 120


def in_threads(number: int, work: Callable[[int], Any]) -> list[Any]:
    def run(place: int) -> Any:
        try:
            return work(place)
        finally:
            connection.close()

    with ThreadPoolExecutor(number) as threads:
        return list(threads.map(run, range(number)))


def test_eight_workers_report_every_statement_once() -> None:
    academy = new_academy()
    for number in range(PEOPLE):
        academy.store(passed(f"learner {number}"))
    at = academy.moment()

    def work(place: int) -> int:
        taken = 0
        while Arrival.objects.waiting().exists():
            taken += report_statements(academy.partner, at=at, most=7)
        return taken

    assert sum(in_threads(8, work)) == PEOPLE
    load_waiting_returns(at=at)
    assert Achievement.objects.count() == PEOPLE
    assert Return.objects.aggregate(rows=Sum("accepted")) == {"rows": PEOPLE}


def test_statements_that_arrive_while_others_are_taken_are_none_twice() -> None:
    academy = new_academy()

    def work(place: int) -> None:
        for number in range(15):
            if place % 2:
                academy.store(passed(f"learner {place} {number}"))
            else:
                report_statements(academy.partner, at=timezone.now())

    in_threads(6, work)
    academy.work()
    assert Achievement.objects.count() == 45


def test_eight_workers_carry_a_voiding_out_once() -> None:
    academy = new_academy()
    numbers = academy.send(*[passed(f"learner {number}") for number in range(20)])
    academy.store(*[voiding(number) for number in numbers])
    at = academy.moment()
    in_threads(8, lambda place: report_statements(academy.partner, at=at))
    in_threads(8, lambda place: carry_out_voidings(at=at))
    carry_out_voidings(at=at)
    assert academy.changes() == ["revoked"] * 20
    assert not Voiding.objects.waiting().exists()


def test_statements_and_their_voidings_at_once_end_as_one_after_the_other() -> None:
    academy = new_academy()

    def work(place: int) -> None:
        for number in range(8):
            _, voided = academy.store(passed(f"{place} {number} kept"), passed(f"{place} {number} voided"))
            if number % 2:
                report_statements(academy.partner, at=timezone.now())
            academy.store(voiding(voided))
            load_waiting_returns(at=timezone.now())
            carry_out_voidings(at=timezone.now())

    in_threads(4, work)
    for _ in range(2):
        academy.work()
    assert Achievement.objects.standing().count() == 32


def test_a_voiding_is_not_taken_up_before_its_statement() -> None:
    """Another worker has made a row of the statement and not committed it: it could not find that row."""
    academy = new_academy()
    number = academy.store(passed())[0]
    academy.lms.get()  # that the token is used is noted now, and not in the transaction

    def void_and_report(place: int) -> int:
        academy.store(voiding(number))
        return report_statements(academy.partner, at=academy.moment())

    with transaction.atomic():
        assert report_statements(academy.partner, at=academy.moment()) == 1
        assert in_threads(1, void_and_report) == [0]
    academy.work()
    assert (academy.standing(), academy.changes()) == ([], ["revoked"])


def test_what_fails_on_the_way_leaves_everything_as_it_was() -> None:
    academy = new_academy()
    academy.store(passed())
    with transaction.atomic():
        assert report_statements(academy.partner, at=academy.moment()) == 1
        transaction.set_rollback(True)
    assert (Arrival.objects.waiting().count(), Return.objects.count()) == (1, 0)
    academy.work()
    assert len(academy.standing()) == 1


@pytest.mark.parametrize("table", ["statements_arrival", "achievements_achievement", "returns_heldrow"])
def test_a_worker_that_was_killed_is_followed_by_another(table: str) -> None:
    """The lock stops it before it notes what it took, before it records facts, or before it writes how rows ended."""
    academy = new_academy()
    by_day = "2026-03-01T10:00:00Z"  # so many at night would wait for a decision
    numbers = academy.store(*[passed(f"learner {number}", timestamp=by_day) for number in range(50)])
    at = academy.moment() + PAUSE
    with another_connection() as holder:
        holder.execute(f"LOCK TABLE {table} IN SHARE MODE")
        process = worker(at.isoformat())
        wait_until_blocked(table)
        process.send_signal(signal.SIGKILL)
        process.wait(10)
    wait_until_alone()
    for _ in range(2):
        academy.work()
    assert (Achievement.objects.count(), Return.objects.get().accepted) == (50, 50)
    academy.send(*[voiding(number) for number in numbers])
    assert academy.standing() == []


def test_a_worker_that_was_killed_while_it_voids_is_followed_by_another() -> None:
    academy = new_academy()
    numbers = academy.send(*[passed(f"learner {number}") for number in range(10)])
    academy.store(*[voiding(number) for number in numbers])
    with another_connection() as holder:
        holder.execute("LOCK TABLE returns_heldrow IN SHARE MODE")
        process = worker((academy.moment() + PAUSE).isoformat())
        wait_until_blocked("returns_heldrow")
        process.send_signal(signal.SIGKILL)
        process.wait(10)
    wait_until_alone()
    assert academy.changes() == []
    academy.work()
    assert academy.changes() == ["revoked"] * 10


def wait_until_blocked(table: str) -> None:
    wait_for("SELECT count(*) > 0 FROM pg_locks WHERE NOT granted AND relation = %s::regclass", [table])


def wait_until_alone() -> None:
    """The connection of who was killed has ended."""
    own = "datname = current_database() AND backend_type = 'client backend'"
    wait_for(f"SELECT count(*) = 1 FROM pg_stat_activity WHERE {own}", [])


def wait_for(question: str, given: list[str]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with connection.cursor() as cursor:
            cursor.execute(question, given)
            if cursor.fetchone()[0]:
                return
        time.sleep(0.05)
    pytest.fail("it never happened")
