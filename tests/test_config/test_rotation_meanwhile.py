"""Who comes while a rotation is under way, and what is left of one that is killed."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator

import psycopg
import pytest
from allauth.account.models import EmailAddress
from django.db import connection, transaction
from pytest_django import Settings

from config.rotation import RotationRefusedError, rotate_identity_key
from courses.returns.models import Return
from courses.returns.operations import load_waiting_returns
from people.identities import digest
from people.keys import identity_keys, own_identity_keys, using_identity_keys
from people.models import Identity
from people.operations import person_of_user
from tests.factories import NOW, PartnerFactory, PersonFactory, ProgramFactory, UserFactory
from tests.test_config.rotated_world import persons, stored
from tests.test_returns.school import School, counts, file_of, row, school_of

pytestmark = pytest.mark.django_db(transaction=True)
FIRST, SECOND = "first" * 8, "second" * 8


@pytest.fixture(autouse=True)
def one_key(settings: Settings) -> None:
    settings.IDENTITY_KEYS = [FIRST]


@contextlib.contextmanager
def elsewhere(school: School) -> Iterator[None]:
    """Somebody with a connection of their own is loading a return of the program."""
    entered, leave = threading.Event(), threading.Event()

    def use() -> None:
        with using_identity_keys(school.program, wait=True):
            entered.set()
            leave.wait(30)
        connection.close()

    thread = threading.Thread(target=use)
    thread.start()
    entered.wait(30)
    yield
    leave.set()
    thread.join()


def test_a_rotation_waits_for_those_who_load_and_is_refused_in_the_end(settings: Settings) -> None:
    school = school_of(PartnerFactory())
    school.report(row("1"))
    settings.IDENTITY_KEYS = [SECOND, FIRST]
    with elsewhere(school), pytest.raises(RotationRefusedError, match="Nothing was changed"):
        rotate_identity_key(school.program, patience=0.3)
    assert rotate_identity_key(school.program, patience=0).rewritten["identities"] == 1


def test_a_return_that_comes_during_a_rotation_is_loaded_after_it(settings: Settings) -> None:
    school = school_of(PartnerFactory())
    school.report(row("1"))
    kept, settings.IDENTITY_KEYS = school.keep(file_of([row("1"), row("2")])), [SECOND, FIRST]
    with transaction.atomic():
        assert own_identity_keys(school.program)
        thread = threading.Thread(target=load_elsewhere)
        thread.start()
        thread.join()
        kept.refresh_from_db()
        assert (kept.status, kept.attempts) == (Return.Status.RECEIVED, 0)
        rotate_identity_key(school.program, patience=0)
    load_waiting_returns(at=NOW)
    kept.refresh_from_db()
    assert (counts(kept), persons()) == ((2, 1, 1, 0), 2)


def test_a_learner_who_joins_during_a_rotation_is_still_known_by_address(settings: Settings) -> None:
    joined, program, user = list[int](), ProgramFactory.create(), UserFactory.create(email="anna@post.test")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    known = PersonFactory(program=program)
    sign = digest(identity_keys(program).layers, "email", user.email)
    Identity.objects.create(program=program, person=known, scheme="email", digest=sign, created_at=NOW)

    def join() -> None:
        joined.append(person_of_user(program, user, at=NOW).pk)
        connection.close()

    thread = threading.Thread(target=join)
    with transaction.atomic():
        settings.IDENTITY_KEYS = [SECOND, FIRST]
        rotate_identity_key(program, patience=0)
        thread.start()
        time.sleep(0.5)
        assert joined == []
    thread.join(30)
    assert joined == [known.pk]


def load_elsewhere() -> None:
    load_waiting_returns(at=NOW)
    connection.close()


ROTATOR = """
import sys
sys.path[:0] = [{root!r}, {root!r} + "/platform"]
import django
django.setup()
from django.conf import settings
from people import rotation
from programs.models import Program
from config.rotation import rotate_identity_key
settings.IDENTITY_KEYS = {keys!r}
rotation.BATCH = 100
rotate_identity_key(Program.objects.get(), patience=0)
"""


def test_a_rotation_that_is_killed_leaves_everything_as_it_was(settings: Settings) -> None:
    school = school_of(PartnerFactory())
    school.report(*(row(number) for number in range(1000)))
    before, settings.IDENTITY_KEYS = stored(), [SECOND, FIRST]
    with nobody_may_seal_rows():
        process = rotator(settings)
        wait_until_blocked(process)
        process.send_signal(signal.SIGKILL)
        assert process.wait(10) == -signal.SIGKILL
    assert stored() == before
    assert counts(school.report(row("1"))) == (1, 0, 1, 0)
    rotate_identity_key(school.program, patience=10)
    assert counts(school.report(row("1"), row("2"))) == (2, 0, 2, 0)
    assert persons() == 1000


def rotator(settings: Settings) -> subprocess.Popen[bytes]:
    """A process of its own that rotates in the database of the tests."""
    given = connection.settings_dict
    url = f"postgresql://{given['USER']}@/{given['NAME']}?host={given['HOST']}&port={given['PORT']}"
    source = ROTATOR.format(root=str(settings.BASE_DIR), keys=settings.IDENTITY_KEYS)
    environment = os.environ | {"DATABASE_URL": url, "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.Popen([sys.executable, "-c", source], env=environment)


@contextlib.contextmanager
def nobody_may_seal_rows() -> Iterator[None]:
    """Holds a lock at which a rotation stops when it has wrapped the identities."""
    given = connection.settings_dict
    address = {"host": given["HOST"], "port": given["PORT"], "dbname": given["NAME"], "user": given["USER"]}
    with psycopg.connect(**address) as holder:
        holder.execute("LOCK TABLE returns_heldrow")
        yield


def wait_until_blocked(process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert process.poll() is None, "the rotation ended before it came to the lock"
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'returns_heldrow'::regclass")
            if cursor.fetchone() == (1,):
                return
        time.sleep(0.05)
    pytest.fail("the rotation never came to the lock")
