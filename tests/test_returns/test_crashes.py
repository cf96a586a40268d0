"""Processes die, databases go away, software has faults: nothing is half loaded, and nothing comes back for ever."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import DatabaseError, OperationalError, connection, transaction

from courses.achievements.models import Achievement
from courses.returns.models import HeldRow, Piece, Return
from courses.returns.operations import MOST_ATTEMPTS, load_return_now, load_waiting_returns, receive_return
from courses.returns.operations.loading import LOCK
from courses.returns.tasks import load_return
from courses.returns.tasks import load_waiting_returns as load_waiting_returns_task
from people.models import Identity, Person
from tests.factories import NOW, PartnerFactory, marked_dirty
from tests.test_returns.school import School, counts, file_of, row, school_of

LOADER = """
import sys
sys.path[:0] = [{root!r}, {root!r} + "/platform"]
import django
django.setup()
from django.utils import timezone
from courses.returns.operations import loading, load_return_now
loading.CHUNK = 1000
load_return_now(int(sys.argv[1]), at=timezone.now())
"""


def loader(return_id: int) -> subprocess.Popen[bytes]:
    """A process of its own that loads the return in the database of the tests."""
    given = connection.settings_dict
    url = f"postgresql://{given['USER']}@/{given['NAME']}?host={given['HOST']}&port={given['PORT']}"
    source = LOADER.format(root=str(settings.BASE_DIR))
    environment = os.environ | {"DATABASE_URL": url, "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.Popen([sys.executable, "-c", source, str(return_id)], env=environment)


@contextlib.contextmanager
def nobody_may_write_outcomes() -> Iterator[None]:
    """Holds a lock at which loading stops after it has recorded its facts and before it has written the outcomes."""
    given = connection.settings_dict
    address = {"host": given["HOST"], "port": given["PORT"], "dbname": given["NAME"], "user": given["USER"]}
    with psycopg.connect(**address) as holder:
        holder.execute("LOCK TABLE returns_heldrow IN SHARE MODE")
        yield


def wait_until_blocked(process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert process.poll() is None, "the loader ended before it came to the lock"
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'returns_heldrow'::regclass")
            if cursor.fetchone() == (1,):
                return
        time.sleep(0.05)
    pytest.fail("the loader never came to the lock")


def wait_until_the_server_notices(kept: Return) -> None:
    """The killed process's connection ends, and with it its lock on the partner's returns."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, %s)", [LOCK, kept.partner_id])
        cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCK, kept.partner_id])


def everything() -> list[int]:
    return [*(model.objects.count() for model in (Achievement, Person, Identity, HeldRow)), len(marked_dirty())]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("taken", [0, 1000, 2000, 3000])
def test_a_load_that_was_killed_goes_on_where_it_was(taken: int) -> None:
    school = school_of(PartnerFactory())
    rows = [*(row(number) for number in range(3000)), row("1"), row("7", region="Lower"), row("8", region="Atlantis")]
    kept = school.keep(file_of(rows))
    with nobody_may_record_more_than(taken), nobody_may_write_outcomes():
        process = loader(kept.pk)
        wait_until_blocked(process)
        process.send_signal(signal.SIGKILL)
        assert process.wait(10) == -signal.SIGKILL
    wait_until_the_server_notices(kept)
    assert taken - 1000 < Achievement.objects.count() <= min(taken + 1000, 2999)
    kept.refresh_from_db()
    assert (kept.status, kept.attempts, kept.sent) == (Return.Status.RECEIVED, 1, 0)

    load_waiting_returns(at=NOW)
    kept.refresh_from_db()
    assert counts(kept) == (3003, 2999, 1, 3)
    assert kept.facts == {"3": 2999}
    assert Achievement.objects.count() == 2999 == len(set(marked_dirty()))
    assert not Piece.objects.exists()
    again = school.send(file_of(rows))
    assert counts(again) == (3003, 0, 3000, 3)


@contextlib.contextmanager
def nobody_may_record_more_than(facts: int) -> Iterator[None]:
    """Loading stops before it records facts beyond these, or when it is done with them."""
    given = connection.settings_dict
    address = {"host": given["HOST"], "port": given["PORT"], "dbname": given["NAME"], "user": given["USER"]}
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION stop() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            f" IF (SELECT count(*) FROM achievements_achievement) >= {facts - 1}"
            " THEN LOCK TABLE returns_heldrow IN ROW EXCLUSIVE MODE; END IF; RETURN NULL; END $$;"
            "CREATE TRIGGER stop BEFORE INSERT ON achievements_achievement FOR EACH STATEMENT EXECUTE FUNCTION stop()"
        )
    yield
    with psycopg.connect(**address) as other:
        other.execute("DROP TRIGGER stop ON achievements_achievement; DROP FUNCTION stop()")


@pytest.mark.django_db(transaction=True)
def test_a_return_that_somebody_is_loading_is_left_to_them() -> None:
    school = school_of(PartnerFactory())
    kept = school.keep(file_of([row()]))
    with nobody_may_write_outcomes():
        process = loader(kept.pk)
        wait_until_blocked(process)
        with impatient():
            load_waiting_returns(at=NOW)
        assert Return.objects.get().status == Return.Status.RECEIVED
    assert process.wait(60) == 0
    assert counts(Return.objects.get()) == (1, 1, 0, 0)


def test_a_file_that_kills_every_worker_is_refused_in_the_end(school: School) -> None:
    kept = school.keep(file_of([row()]))
    Return.objects.update(attempts=MOST_ATTEMPTS)
    load_waiting_returns(at=NOW)
    kept.refresh_from_db()
    assert kept.status == Return.Status.REFUSED
    assert f"was interrupted {MOST_ATTEMPTS} times" in kept.refusal


def break_the_database(school: School) -> None:
    """The program's identifiers no longer have a scheme: a fault that only our own software can have made."""
    type(school.program).objects.update(identity_schemes=[])


def test_a_fault_of_our_own_is_refused_and_kept_for_operators(school: School) -> None:
    kept = school.keep(file_of([row()]))
    break_the_database(school)
    load_waiting_returns(at=NOW)
    kept.refresh_from_db()
    assert kept.status == Return.Status.REFUSED
    assert f"Tell the operators the number of this return, {kept.pk}" in kept.refusal
    assert kept.failure.startswith("StopIteration\n")
    assert "identifiers.py" in kept.failure
    assert everything() == [0, 0, 0, 0, 0]


def test_a_fault_of_one_return_does_not_stop_the_others(school: School) -> None:
    school.keep(file_of([row()]))
    break_the_database(school)
    other = school_of(PartnerFactory())
    kept = other.keep(file_of([row()]))
    load_waiting_returns(at=NOW)
    kept.refresh_from_db()
    assert kept.status == Return.Status.LOADED


def refuse_all_facts() -> None:
    """A database in which facts cannot be written: the statement fails with a value of the file in its error."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION 'refused %', NEW.region USING ERRCODE = 'check_violation'; END $$;"
            "CREATE TRIGGER refuse BEFORE INSERT ON achievements_achievement FOR EACH ROW EXECUTE FUNCTION refuse()"
        )


def test_the_kept_error_holds_no_value_of_the_file(school: School) -> None:
    kept = school.keep(file_of([row(region="Lower")]))
    refuse_all_facts()
    load_return_now(kept.pk, at=NOW)
    kept.refresh_from_db()
    assert kept.failure.startswith("IntegrityError (SQLSTATE 23514)\n")
    assert "refused S" not in kept.failure
    assert "Nothing was taken from it." in kept.refusal
    assert not Achievement.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_return_goes_on_waiting_when_the_database_fails() -> None:
    school = school_of(PartnerFactory())
    kept = school.keep(file_of([row()]))
    with nobody_may_write_outcomes(), impatient(), pytest.raises(OperationalError):
        load_return_now(kept.pk, at=NOW)
    kept.refresh_from_db()
    assert (kept.status, kept.attempts) == (Return.Status.RECEIVED, 1)
    load_waiting_returns(at=NOW)
    kept.refresh_from_db()
    assert kept.status == Return.Status.LOADED


@contextlib.contextmanager
def impatient() -> Iterator[None]:
    """This connection gives up instead of waiting for a lock."""
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '100ms'")
    yield
    with connection.cursor() as cursor:
        cursor.execute("RESET lock_timeout")


def test_a_received_return_rings_once_it_is_committed(
    school: School, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    rings: list[int] = []
    monkeypatch.setattr(load_return, "delay", rings.append)
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        kept = receive_return(
            school.program, school.partner, school.profile,
            file_name="a.csv", content=[], received_by=None, received_at=NOW,
        )  # fmt: skip
        assert rings == []
    assert rings == [kept.pk]


def test_the_tasks_run_twice_do_the_work_once(school: School) -> None:
    rung, found = school.keep(file_of([row("1")])), school.keep(file_of([row("2")]))
    for _ in range(2):
        load_return(rung.pk)
    for _ in range(2):
        load_waiting_returns_task()
    assert [counts(Return.objects.get(pk=kept.pk)) for kept in (rung, found)] == [(1, 1, 0, 0), (1, 1, 0, 0)]
    assert Achievement.objects.count() == 2


@pytest.mark.parametrize(
    "change",
    [
        {"status": "loaded", "loaded_at": NOW, "sent": 2, "accepted": 1},
        {"status": "loaded"},
        {"status": "refused"},
        {"status": "refused", "refusal": "why", "sent": 1, "accepted": 1},
        {"status": "tried", "loaded_at": NOW},
        {"status": "tried", "loaded_at": NOW, "is_trial": True, "recorded_at": NOW},
        {"status": "lost"},
    ],
)
def test_the_database_refuses_a_return_that_cannot_be(school: School, change: dict[str, Any]) -> None:
    kept = school.keep(b"")
    with pytest.raises(DatabaseError), transaction.atomic():
        Return.objects.filter(pk=kept.pk).update(**change)
