"""Another key for a program's identities: nobody becomes a new person, and nothing of the old hashes is left."""

import io

import pytest
from cryptography.exceptions import InvalidTag
from django.core.management import CommandError, call_command
from pytest_django import Settings

from config.rotation import rotate_identity_key
from courses.matching.models import Comparable
from courses.matching.operations import find_candidates
from courses.returns.models import EmptyRecord, HeldRow, Return
from courses.returns.models.held import Group
from courses.returns.operations import load_return_now, load_waiting_returns, release_rows, release_waiting_rows
from courses.returns.rejected import rejected_csv
from courses.returns.sealing import Seal
from people.keys import IdentityKeyError, identity_keys
from people.models import Identity, Particulars
from people.operations import know_user_by_email, person_of_user
from tests.factories import NOW, MembershipFactory, PartnerFactory, UserFactory
from tests.test_config.rotated_world import World, marks, persons, stored, world_of
from tests.test_counting.cast import assert_equals_recount, settle_now
from tests.test_returns.anomaly_world import file_of_lines, line
from tests.test_returns.school import counts, file_of, row, school_of

pytestmark = pytest.mark.django_db
FIRST, SECOND, THIRD = "first" * 8, "second" * 8, "third" * 8


@pytest.fixture(autouse=True)
def one_key(settings: Settings) -> None:
    settings.IDENTITY_KEYS = [FIRST]


@pytest.fixture
def world(one_key: None, db: None) -> World:
    return world_of()


def rotate(world: World, settings: Settings, *keys: str) -> None:
    settings.IDENTITY_KEYS = list(keys)
    rotate_identity_key(world.program, patience=0)


def test_the_same_returns_bring_nobody_new_after_a_rotation(world: World, settings: Settings) -> None:
    known, figures, candidates = persons(), world.figures(), world.candidates()
    rotate(world, settings, SECOND, FIRST)
    (sent, accepted, duplicate, quarantined), (own_sent, own_accepted, own_duplicate, _) = world.send()
    assert (sent, accepted, duplicate, quarantined) == (7, 0, 3, 4)
    assert (own_sent, own_accepted, own_duplicate) == (5, 0, 5)
    find_candidates(world.program, at=NOW)
    settle_now()
    assert (persons(), world.figures(), world.candidates()) == (known, figures, candidates)
    assert candidates
    assert figures
    assert_equals_recount(world.version)


def test_nothing_that_the_old_key_can_tell_is_left(world: World, settings: Settings) -> None:
    guesses = world.guesses()
    assert stored() & guesses
    assert marks() & guessed_marks(world)
    rotate(world, settings, SECOND, FIRST)
    assert not stored() & guesses
    assert not marks() & guessed_marks(world)


def guessed_marks(world: World) -> set[str]:
    return {guess.hex()[:12] for guess in world.guesses()}


def test_every_hash_has_another_layer(world: World, settings: Settings) -> None:
    def hashes() -> list[bytes]:
        found = [
            *Identity.objects.order_by("pk").values_list("digest"),
            *EmptyRecord.objects.order_by("pk").values_list("person"),
            *Particulars.objects.order_by("pk").values_list("email", "phone", "account"),
        ]
        return [bytes(value or b"") for row in found for value in row]

    before = hashes()
    rotate(world, settings, SECOND, FIRST)
    after = hashes()
    assert [len(value) for value in before] == [len(value) for value in after]
    assert not set(filter(None, before)) & set(after)


def test_a_rotation_looks_at_one_program_alone(world: World, settings: Settings) -> None:
    other = world_of()
    before = list(Identity.objects.filter(program=other.program).order_by("pk").values_list("digest", flat=True))
    rotate(world, settings, SECOND, FIRST)
    after = list(Identity.objects.filter(program=other.program).order_by("pk").values_list("digest", flat=True))
    assert list(map(bytes, after)) == list(map(bytes, before))
    assert other.send()[1] == (5, 0, 5, 0)


@pytest.mark.parametrize("steps", [[[SECOND, FIRST], [THIRD, SECOND, FIRST]], [[THIRD, SECOND, FIRST]]])
def test_two_rotations_are_as_one_over_two_keys(world: World, settings: Settings, steps: list[list[str]]) -> None:
    known = persons()
    for keys in steps:
        rotate(world, settings, *keys)
    assert len(identity_keys(world.program).layers) == 3
    assert world.send()[1] == (5, 0, 5, 0)
    assert persons() == known


def test_rotating_twice_is_rotating_once(world: World, settings: Settings) -> None:
    rotate(world, settings, SECOND, FIRST)
    before = stored()
    rotate(world, settings, SECOND, FIRST)
    assert stored() == before


def test_rows_in_quarantine_can_be_read_and_released_after_a_rotation(world: World, settings: Settings) -> None:
    MembershipFactory(program=world.program, user=(manager := UserFactory.create()))
    rotate(world, settings, SECOND, FIRST)
    held = HeldRow.objects.filter(rule="shared").select_related("of_return").first()
    assert held is not None
    assert b"Name 0" in b"".join(rejected_csv(held.of_return))
    group = Group(held.of_return.partner_id, held.rule, held.group, held.also)
    release_rows(world.program, group, because="one family", at=NOW, by=manager)
    release_waiting_rows(at=NOW)
    assert set(HeldRow.objects.filter(rule="shared").values_list("state", flat=True)) == {"released"}


def test_the_old_key_alone_opens_no_row_in_quarantine(world: World, settings: Settings) -> None:
    rotate(world, settings, SECOND, FIRST)
    seal, sealed = Seal(world.program), [bytes(row.sealed or b"") for row in HeldRow.objects.all()]
    assert all(seal.opened(cells) for cells in sealed)
    seal.ciphers = seal.ciphers[1:2]  # of all keys, the oldest first, behind the newest
    for cells in sealed:
        with pytest.raises(InvalidTag):
            seal.opened(cells)


def test_somebody_who_reads_while_a_rotation_ends_reads_on(world: World, settings: Settings) -> None:
    settings.IDENTITY_KEYS = [SECOND, FIRST]
    shown = Return.objects.get(pk=HeldRow.objects.earliest("pk").of_return_id)
    lines = rejected_csv(shown)
    next(lines)
    rotate_identity_key(world.program, patience=0)
    assert b"Name 0" in b"".join(lines)


def test_what_was_searched_for_is_not_searched_for_again(world: World, settings: Settings) -> None:
    with_contact = Comparable.objects.exclude(particulars__email=None)
    before = set(with_contact.values_list("fingerprint", flat=True))
    rotate(world, settings, SECOND, FIRST)
    assert before
    assert not before & set(with_contact.values_list("fingerprint", flat=True))
    found = find_candidates(world.program, at=NOW)
    assert found is not None
    assert (found.changed, found.sayings) == (0, Particulars.objects.count())


def test_what_changed_before_the_rotation_is_searched_for_after_it(world: World, settings: Settings) -> None:
    saying = Particulars.objects.earliest("pk")
    Particulars.objects.filter(pk=saying.pk).update(name="Somebody Else")
    rotate(world, settings, SECOND, FIRST)
    found = find_candidates(world.program, at=NOW)
    assert found is not None
    assert found.changed == Particulars.objects.filter(person=saying.person_id).count()


def test_a_learner_is_known_by_the_address_that_was_proven_before(world: World, settings: Settings) -> None:
    rotate(world, settings, SECOND, FIRST)
    known = Identity.objects.filter(scheme="email").count()
    know_user_by_email(world.learner, at=NOW)
    assert Identity.objects.filter(scheme="email").count() == known
    assert person_of_user(world.program, world.learner, at=NOW).user == world.learner


def test_two_addresses_of_one_person_are_one_record_before_and_after(world: World, settings: Settings) -> None:
    school = world.academy
    school.profile.definition["person"] |= {"scheme": "email"}
    school.profile.save()
    rows = [world.learner.email, "more@post.test"]
    person = person_of_user(world.program, world.learner, at=NOW)
    school.send(file_of_lines([line(rows[1])]))
    Identity.objects.exclude(person=person).filter(scheme="email").update(person=person)
    for keys, expected in (([FIRST], (2, 1, 1, 0)), ([SECOND, FIRST], (2, 0, 2, 0))):
        rotate(world, settings, *keys)
        assert counts(school.send(file_of_lines(line(address, course="welding") for address in rows))) == expected


def test_the_command_says_what_it_did_and_what_is_to_be_done(world: World, settings: Settings) -> None:
    settings.IDENTITY_KEYS = [SECOND, FIRST]
    said = [io.StringIO(), io.StringIO()]
    for out in said:
        call_command("rotate_identity_key", world.program.code, stdout=out)
    first, second = (" ".join(out.getvalue().split()) for out in said)
    assert "now under 2 keys, 1 of them new" in first
    assert f"identities: {Identity.objects.count()}" in first
    assert "under the newest key already" in second


@pytest.mark.parametrize(("keys", "said"), [([SECOND], "Key 1 of 1"), ([FIRST, SECOND], "Key 1 of 1")])
def test_a_rotation_from_another_key_is_refused(world: World, settings: Settings, keys: list[str], said: str) -> None:
    before = stored()
    settings.IDENTITY_KEYS = keys
    with pytest.raises(CommandError, match=said):
        call_command("rotate_identity_key", world.program.code)
    assert stored() == before


def test_a_program_that_there_is_not_is_refused() -> None:
    with pytest.raises(CommandError, match="no program 'atlantis'"):
        call_command("rotate_identity_key", "atlantis")


def test_a_return_waits_for_the_right_key(settings: Settings) -> None:
    school = school_of(PartnerFactory())
    school.report(row("1"))
    kept = school.keep(file_of([row("2")]))
    settings.IDENTITY_KEYS = [SECOND]
    load_waiting_returns(at=NOW)
    with pytest.raises(IdentityKeyError):
        load_return_now(kept.pk, at=NOW)
    kept.refresh_from_db()
    assert (kept.status, kept.attempts, persons()) == (Return.Status.RECEIVED, 0, 1)
    settings.IDENTITY_KEYS = [FIRST]
    load_waiting_returns(at=NOW)
    kept.refresh_from_db()
    assert counts(kept) == (1, 1, 0, 0)
