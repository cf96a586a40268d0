"""One human being is one person in a program: joining, being known again, describing oneself."""

import re
import threading

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from people.identities import EMAIL, digest
from people.keys import identity_keys
from people.models import Identity, Person
from people.operations import DescriptionRefusedError, JoiningRefusedError, describe_person, person_of_user
from programs.models import Code, Membership, Program, Role
from programs.operations import revoke_role
from tests.factories import NOW, PASSWORD, PersonFactory, ProgramFactory, UserFactory

pytestmark = pytest.mark.django_db


def proven(user: User) -> EmailAddress:
    return EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)


def known_by_return(program: Program, email: str) -> Person:
    person = PersonFactory(program=program)
    sign = digest(identity_keys(program).layers, EMAIL, email)
    Identity.objects.create(program=program, person=person, scheme=EMAIL, digest=sign, created_at=NOW)
    return person


def test_joining_makes_a_person_with_a_learners_role() -> None:
    program, user = ProgramFactory(), UserFactory(name="Rudolf")
    person = person_of_user(program, user, at=NOW)
    assert (person.user, person.name, person.created_at) == (user, "Rudolf", NOW)
    assert [row.role for row in Membership.objects.of_user(user).filter(program=program)] == [Role.LEARNER]


def test_joining_twice_is_joining_once(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    program, user = ProgramFactory(), UserFactory()
    first = person_of_user(program, user, at=NOW)
    with django_assert_num_queries(1):
        assert person_of_user(program, user, at=NOW) == first


def test_a_user_is_another_person_in_another_program() -> None:
    user = UserFactory()
    one, other = (person_of_user(ProgramFactory(), user, at=NOW) for _ in range(2))
    assert one != other


def test_a_program_that_is_closed_takes_nobody_new() -> None:
    program, early, late = ProgramFactory(), UserFactory(), UserFactory()
    person = person_of_user(program, early, at=NOW)
    program.is_open_to_learners = False
    assert person_of_user(program, early, at=NOW) == person
    with pytest.raises(JoiningRefusedError, match="closed to new learners"):
        person_of_user(program, late, at=NOW)


def test_who_left_and_joins_again_is_the_same_person() -> None:
    program, user = ProgramFactory(), UserFactory()
    person = person_of_user(program, user, at=NOW)
    revoke_role(program, user, role=Role.LEARNER)
    assert person_of_user(program, user, at=NOW) == person
    assert Role.LEARNER in [row.role for row in Membership.objects.of_user(user).filter(program=program)]


def test_a_proven_address_is_stored_as_a_keyed_hash_only() -> None:
    program, user = ProgramFactory(), UserFactory(email="rudolf@example.org")
    proven(user)
    person = person_of_user(program, user, at=NOW)
    identity = person.identities.get()
    assert (identity.scheme, len(identity.digest)) == ("email", 16)
    assert b"rudolf" not in bytes(identity.digest)


def test_an_unproven_address_is_no_identity() -> None:
    user = UserFactory()
    EmailAddress.objects.create(user=user, email=user.email, verified=False)
    assert not person_of_user(ProgramFactory(), user, at=NOW).identities.exists()


def test_an_address_proven_by_the_mailed_link_after_joining_becomes_an_identity(client: Client) -> None:
    client.post("/accounts/signup/", {"email": "rudolf@example.org", "password1": PASSWORD})
    person = person_of_user(ProgramFactory(), User.objects.get(), at=NOW)
    link = re.search(r"/accounts/confirm-email/\S+", str(mail.outbox[0].body))
    assert link is not None
    assert not person.identities.exists()
    client.post(link.group())
    assert [identity.scheme for identity in person.identities.all()] == ["email"]


def test_who_was_reported_by_the_proven_address_is_that_person() -> None:
    program, user = ProgramFactory(), UserFactory()
    reported = known_by_return(program, user.email.upper())
    proven(user)
    assert person_of_user(program, user, at=NOW) == reported
    assert Person.objects.get(program=program).user == user


def test_who_only_claims_a_reported_address_is_somebody_else() -> None:
    program, user = ProgramFactory(), UserFactory()
    reported = known_by_return(program, user.email)
    EmailAddress.objects.create(user=user, email=user.email, verified=False)
    assert person_of_user(program, user, at=NOW) != reported


def test_a_report_in_another_program_leads_nowhere() -> None:
    user = UserFactory()
    elsewhere = known_by_return(ProgramFactory(), user.email)
    proven(user)
    assert person_of_user(ProgramFactory(), user, at=NOW) != elsewhere


def test_an_address_that_stands_for_somebody_who_signs_in_stays_with_them() -> None:
    program, user = ProgramFactory(), UserFactory()
    first = known_by_return(program, user.email)
    Person.objects.filter(pk=first.pk).update(user=UserFactory())
    proven(user)
    person = person_of_user(program, user, at=NOW)
    assert person != first
    assert Identity.objects.get(program=program).person == first


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_the_same_moment_join_once() -> None:
    program, user = ProgramFactory(), UserFactory()
    together, joined = threading.Barrier(4), list[int]()

    def join() -> None:
        together.wait()
        joined.append(person_of_user(program, user, at=NOW).pk)
        connection.close()

    threads = [threading.Thread(target=join) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(joined), len(set(joined))) == (4, 1)


def test_a_person_describes_themself_by_codes_of_the_program() -> None:
    person = describe_person(
        PersonFactory(), name="  Rudolf   Rassendyll ", region="N", sector="A", employer_size="small", age_band="old"
    )
    person.refresh_from_db()
    assert (person.name, person.region, person.employer_size) == ("Rudolf Rassendyll", "N", "small")


def test_describing_oneself_again_replaces_everything() -> None:
    person = describe_person(PersonFactory(), name="Rudolf", region="N")
    describe_person(person, name="Rudolf")
    person.refresh_from_db()
    assert (person.name, person.region) == ("Rudolf", "")


def test_each_unknown_code_is_named_and_nothing_is_stored() -> None:
    person = PersonFactory()
    with pytest.raises(DescriptionRefusedError) as refusal:
        describe_person(person, name="Rudolf", region="A", sector="N")
    assert set(refusal.value.problems) == {"region", "sector"}
    assert 'no region "A" in this program' in refusal.value.problems["region"]
    person.refresh_from_db()
    assert (person.name, person.region) == ("", "")


def test_a_code_of_another_program_is_unknown() -> None:
    Code.objects.create(program=ProgramFactory(), kind=Code.Kind.REGION, code="Z", names={"en": "Zenda"}, position=9)
    with pytest.raises(DescriptionRefusedError):
        describe_person(PersonFactory(), region="Z")


@pytest.mark.parametrize(("name", "problem"), [("x" * 201, "201 characters"), ("a\x00b", "cannot be printed")])
def test_a_name_that_fits_no_credential_is_refused(name: str, problem: str) -> None:
    with pytest.raises(DescriptionRefusedError, match=problem):
        describe_person(PersonFactory(), name=name)


@pytest.mark.parametrize("name", ["क्‍षितिज", "محمد‌علی", "வெற்றி", "Ngọc", "李 明"])
def test_names_of_every_script_are_kept_as_written(name: str) -> None:
    assert describe_person(PersonFactory(), name=name).name == name
