"""Which keys a program's identities have, and that no other is taken for them."""

import threading

import pytest
from django.core.checks import run_checks
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from pytest_django import Settings

from people.checks import identity_keys_are_keys
from people.identities import digest
from people.keys import IdentityKeyError, identity_keys, instance_keys, own_identity_keys, using_identity_keys
from people.models import Identity, IdentityKey
from programs.models import Program
from tests.factories import NOW, PersonFactory, ProgramFactory

pytestmark = pytest.mark.django_db
OLD, NEW = "old" * 16, "new" * 16


@pytest.fixture(autouse=True)
def one_key(settings: Settings) -> None:
    settings.IDENTITY_KEYS = [OLD]


def known_person(program: Program) -> None:
    sign = digest(instance_keys(program)[:1], "citizen", "123")
    person = PersonFactory(program=program)
    Identity.objects.create(program=program, person=person, scheme="citizen", digest=sign, created_at=NOW)


def test_equal_identifiers_of_two_programs_cannot_be_compared() -> None:
    one, other = (identity_keys(ProgramFactory()).layers for _ in range(2))
    assert digest(one, "citizen", "123") != digest(other, "citizen", "123")


def test_a_program_begins_with_all_keys_of_the_instance(settings: Settings) -> None:
    settings.IDENTITY_KEYS = [NEW, OLD]
    program = ProgramFactory()
    assert len(identity_keys(program).layers) == 2 == IdentityKey.objects.of(program).count()


def test_identities_from_before_keys_were_written_down_have_the_oldest_alone(settings: Settings) -> None:
    settings.IDENTITY_KEYS = [NEW, OLD]
    program = ProgramFactory()
    known_person(program)
    assert identity_keys(program).layers == tuple(instance_keys(program)[:1])


def test_a_new_key_of_the_instance_changes_nothing_before_the_rotation(settings: Settings) -> None:
    program = ProgramFactory()
    before = identity_keys(program)
    settings.IDENTITY_KEYS = [NEW, OLD]
    assert identity_keys(program) == before


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ([NEW], "Key 1 of 1 (the first is the oldest) is not the one"),
        ([OLD, NEW], "Key 1 of 1"),
    ],
)
def test_another_key_is_refused(settings: Settings, keys: list[str], said: str) -> None:
    program = ProgramFactory()
    identity_keys(program)
    settings.IDENTITY_KEYS = keys
    with pytest.raises(IdentityKeyError) as refusal:
        identity_keys(program)
    assert said in str(refusal.value)


def test_keys_in_the_wrong_order_and_lost_ones_are_refused(settings: Settings) -> None:
    settings.IDENTITY_KEYS = [NEW, OLD]
    program = ProgramFactory()
    identity_keys(program)
    for keys, said in (([OLD, NEW], "Key 1 of 2"), ([NEW], "this process knows 1"), (["x" * 40, OLD], "Key 2 of 2")):
        settings.IDENTITY_KEYS = keys
        with pytest.raises(IdentityKeyError, match=said):
            identity_keys(program)


def test_the_database_holds_no_key() -> None:
    program = ProgramFactory()
    key = identity_keys(program).newest
    row = IdentityKey.objects.get()
    assert key[:16] not in (bytes(row.proof), bytes(row.salt or b""))
    assert len(bytes(row.salt or b"")) == 16


def test_the_check_of_the_database_tells_a_wrong_key(settings: Settings) -> None:
    program = ProgramFactory(code="rur")
    identity_keys(program)
    assert run_checks(tags=["database"], databases=["default"]) == []
    settings.IDENTITY_KEYS = [NEW]
    assert [fault.id for fault in run_checks(tags=["database"], databases=["default"])] == ["people.E003"]


def test_nothing_is_started_with_a_wrong_key(settings: Settings) -> None:
    settings.BROKER_URL = "memory://"
    identity_keys(ProgramFactory())
    settings.IDENTITY_KEYS = [NEW]
    with pytest.raises(CommandError, match="is not the one by which the identities of program"):
        call_command("prepare")


@pytest.mark.parametrize(
    ("keys", "faults"),
    [([OLD], []), ([NEW, "short"], []), (["short", OLD], ["people.E002"]), ([OLD, ""], ["people.E002"]),
     ([OLD, OLD], ["people.E001"])],
)  # fmt: skip
def test_keys_that_are_none_are_found(settings: Settings, keys: list[str], faults: list[str]) -> None:
    settings.IDENTITY_KEYS = keys
    assert [fault.id for fault in identity_keys_are_keys(None)] == faults


@pytest.mark.django_db(transaction=True)
def test_two_who_hash_first_at_once_write_the_key_down_once() -> None:
    program, found = ProgramFactory(), list[bytes]()

    def hash_first() -> None:
        found.append(identity_keys(program).salt)
        connection.close()

    threads = [threading.Thread(target=hash_first) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 1
    assert IdentityKey.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_whoever_hashes_keeps_a_rotation_away_and_is_kept_away_by_it() -> None:
    program, tried = ProgramFactory(), list[bool]()

    def rotate() -> None:
        with transaction.atomic():
            tried.append(own_identity_keys(program))
        connection.close()

    def hash_something() -> None:
        with using_identity_keys(program, wait=False) as is_ours:
            tried.append(is_ours)
        connection.close()

    with using_identity_keys(program, wait=True):
        for work in (rotate, hash_something):
            run(work)
    with transaction.atomic():
        assert own_identity_keys(program)
        run(hash_something)
    run(rotate)
    assert tried == [False, True, False, True]


def run(work: object) -> None:
    thread = threading.Thread(target=work)  # type: ignore[arg-type]
    thread.start()
    thread.join()
