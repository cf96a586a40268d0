"""Workers die, tasks come twice or never, and somebody revokes by hand at the same moment."""

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from threading import Thread
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection, transaction

from courses.achievements.models import Achievement, MassRevocation
from courses.achievements.operations import carry_out_mass_revocation, revoke_achievement
from courses.achievements.tasks import carry_out_mass_revocation as task
from courses.achievements.tasks import carry_out_waiting_mass_revocations as beat
from tests.factories import NOW, marked_dirty
from tests.test_achievements.orders import Office, new_office

WORKER = """
import sys
sys.path[:0] = [{root!r}, {root!r} + "/platform"]
import django
django.setup()
from courses.achievements.tasks import carry_out_mass_revocation
carry_out_mass_revocation(int(sys.argv[1]))
"""


def worker(order_id: int) -> subprocess.Popen[bytes]:
    """A process of its own that carries the order out in the database of the tests."""
    given = connection.settings_dict
    url = f"postgresql://{given['USER']}@/{given['NAME']}?host={given['HOST']}&port={given['PORT']}"
    source = WORKER.format(root=str(settings.BASE_DIR))
    environment = os.environ | {"DATABASE_URL": url, "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.Popen([sys.executable, "-c", source, str(order_id)], env=environment)


@contextlib.contextmanager
def nobody_may_mark_people() -> Iterator[None]:
    """Holds a lock at which the one statement of a mass revocation stops on its way."""
    given = connection.settings_dict
    address = {"host": given["HOST"], "port": given["PORT"], "dbname": given["NAME"], "user": given["USER"]}
    with psycopg.connect(**address) as holder:
        holder.execute("LOCK TABLE achievements_dirtypeople IN SHARE MODE")
        yield


WAITING = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND cardinality(pg_blocking_pids(pid)) > 0
"""


def wait_until_somebody_waits(*, is_alive: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert is_alive(), "it ended before it came to the lock"
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_stat_clear_snapshot()")  # else a transaction sees the same activity for ever
            cursor.execute(WAITING)
            if cursor.fetchone() == (1,):
                return
        time.sleep(0.05)
    pytest.fail("nobody came to the lock")


def wait_until_the_server_notices(order: MassRevocation) -> None:
    """The killed process's transaction ends, and with it its lock on the order."""
    with transaction.atomic():
        MassRevocation.objects.select_for_update().get(pk=order.pk)


@pytest.mark.django_db(transaction=True)
def test_a_killed_worker_leaves_nothing_and_the_next_one_does_it_all() -> None:
    office = new_office()
    facts = [office.achieve() for _ in range(5)]
    order = office.approve(office.propose())
    with nobody_may_mark_people():
        process = worker(order.pk)
        wait_until_somebody_waits(is_alive=lambda: process.poll() is None)
        process.kill()
        process.wait()
    wait_until_the_server_notices(order)
    assert (office.standing(), len(marked_dirty())) == (len(facts), 0)

    beat()

    order.refresh_from_db()
    assert (order.achievements, office.standing(), len(marked_dirty())) == (5, 0, 5)


@pytest.mark.django_db
def test_a_task_that_comes_twice_does_it_once(office: Office) -> None:
    office.achieve()
    order = office.approve(office.propose())

    for _ in range(2):
        task(order.pk)
        beat()

    assert Achievement.objects.revoked().count() == 1
    assert Achievement.objects.count() == 2


@pytest.mark.django_db
def test_a_ring_that_is_lost_is_made_good_by_the_next_one(office: Office) -> None:
    office.achieve()
    office.approve(office.propose())

    beat()

    assert office.standing() == 0


@pytest.mark.django_db
def test_approving_rings_once_it_is_committed(
    office: Office, django_capture_on_commit_callbacks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    rung: list[int] = []
    monkeypatch.setattr(task, "delay", rung.append)
    office.achieve()
    with django_capture_on_commit_callbacks(execute=True):
        order = office.approve(office.propose())
        assert rung == []
    assert rung == [order.pk]


@pytest.mark.django_db(transaction=True)
def test_an_order_that_somebody_carries_out_is_left_to_them() -> None:
    office = new_office()
    office.achieve()
    order = office.approve(office.propose())
    with transaction.atomic():
        MassRevocation.objects.select_for_update().get(pk=order.pk)
        other = Thread(target=in_a_connection_of_its_own(beat))
        other.start()
        other.join(timeout=30)
        assert not other.is_alive()
    assert office.standing() == 1


def in_a_connection_of_its_own(act: Callable[[], object]) -> Callable[[], None]:
    def run() -> None:
        try:
            act()
        finally:
            connection.close()

    return run


@pytest.mark.django_db(transaction=True)
def test_who_revokes_one_of_them_at_the_same_moment_gets_the_order_s_fact() -> None:
    office = new_office()
    fact = office.achieve()
    order = office.approve(office.propose())
    answers: list[Achievement] = []

    def by_hand() -> None:
        answers.append(revoke_achievement(fact, reason="alone", recorded_at=NOW))

    with transaction.atomic():
        carry_out_mass_revocation(order.pk, at=NOW)
        other = Thread(target=in_a_connection_of_its_own(by_hand))
        other.start()
        wait_until_somebody_waits(is_alive=other.is_alive)
    other.join(timeout=30)

    assert answers == [fact.later_facts.get()]
    assert answers[0].reason == "Wrong results"


@pytest.mark.django_db(transaction=True)
def test_an_achievement_that_is_revoked_by_hand_meanwhile_is_left_out() -> None:
    office = new_office()
    fact, _ = office.achieve(), office.achieve()
    order = office.approve(office.propose())
    with transaction.atomic():
        revoke_achievement(fact, reason="alone", recorded_at=NOW)
        other = Thread(target=in_a_connection_of_its_own(beat))
        other.start()
        wait_until_somebody_waits(is_alive=other.is_alive)
    other.join(timeout=30)

    order.refresh_from_db()
    assert (order.approved, order.achievements) == (2, 1)
    assert fact.later_facts.get().reason == "alone"
