import re
from io import StringIO

import pytest
from django.core.checks import run_checks
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.models import User
from courses.credentials.models import Credential
from courses.credentials.operations import issue_credential, revoke_credential
from people.models import Person
from programs.models import Role
from tests.factories import NOW, MembershipFactory, PersonFactory, UserFactory
from tests.test_credentials.cast import achieve

PAGE = "/p/rur/credentials/"


def test_a_learner_sees_their_credentials_and_links(client: Client, learner: User, credential: Credential) -> None:
    client.force_login(learner)
    text = client.get(PAGE).content.decode()
    assert "Working with AI" in text
    for ending in ("/", ".jwt", ".json"):
        assert f'href="/verify/{credential.code}{ending}"' in text


def test_without_credentials_the_page_says_how_to_get_one(client: Client, learner: User) -> None:
    client.force_login(learner)
    assert "You have none yet" in client.get(PAGE).content.decode()


def test_other_learners_credentials_are_not_listed(client: Client, credential: Credential) -> None:
    other = UserFactory()
    MembershipFactory(program=credential.program, user=other, role=Role.LEARNER)
    PersonFactory(program=credential.program, user=other)
    client.force_login(other)
    assert credential.code not in client.get(PAGE).content.decode()


@pytest.mark.parametrize("role", [None, Role.PROGRAM_MANAGER, Role.MINISTRY])
def test_outsiders_get_404(client: Client, credential: Credential, role: str | None) -> None:
    outsider = UserFactory()
    if role:
        MembershipFactory(program=credential.program, user=outsider, role=role)
    client.force_login(outsider)
    assert client.get(PAGE).status_code == 404
    assert client.post(f"{PAGE}{credential.code}/name/", {"shows_name": "yes"}).status_code == 404


def test_the_learner_agrees_and_changes_their_mind(client: Client, learner: User, credential: Credential) -> None:
    client.force_login(learner)
    for choice, shown in (("yes", True), ("yes", True), ("no", False), ("anything", False)):
        response = client.post(f"{PAGE}{credential.code}/name/", {"shows_name": choice})
        assert response["Location"] == PAGE
        credential.refresh_from_db()
        assert credential.shows_name is shown


def test_nobody_else_agrees_for_the_learner(client: Client, credential: Credential) -> None:
    other = MembershipFactory(program=credential.program, role=Role.LEARNER).user
    client.force_login(other)
    assert client.post(f"{PAGE}{credential.code}/name/", {"shows_name": "yes"}).status_code == 404
    credential.refresh_from_db()
    assert credential.shows_name is False


def test_agreeing_needs_the_forms_token_and_a_post(learner: User, credential: Credential) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(learner)
    address = f"{PAGE}{credential.code}/name/"
    assert strict.post(address, {"shows_name": "yes"}).status_code == 403
    assert strict.get(address).status_code == 405


def test_a_revoked_credential_offers_no_files(client: Client, learner: User, credential: Credential) -> None:
    revoke_credential(credential, reason="Void", revoked_at=NOW)
    client.force_login(learner)
    text = client.get(PAGE).content.decode()
    assert "Revoked" in text
    assert f"/verify/{credential.code}.jwt" not in text


def test_twenty_credentials_need_no_more_queries_than_one(
    client: Client, learner: User, person: Person, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(20):
        issue_credential(achieve(person, f"Course {number}"), issued_at=NOW)
    client.force_login(learner)
    with django_assert_max_num_queries(8):
        text = client.get(PAGE).content.decode()
    assert len(re.findall(r"<h2>Course \d+</h2>", text)) == 20


def test_the_command_revokes_by_code_or_address(credential: Credential) -> None:
    out = StringIO()
    call_command("revoke_credential", f"http://localhost:8000/verify/{credential.code}/", reason="Void", stdout=out)
    assert [fact.reason for fact in credential.achievement.later_facts.all()] == ["Void"]
    assert credential.code in out.getvalue()


def test_the_command_restores_what_was_revoked(credential: Credential) -> None:
    with pytest.raises(CommandError, match="never revoked"):
        call_command("restore_credential", credential.code, reason="It was right")
    call_command("revoke_credential", credential.code, reason="Void", stdout=StringIO())
    out = StringIO()
    call_command("restore_credential", credential.code, reason="It was right", stdout=out)
    assert f"{credential.code} stands again" in out.getvalue()
    assert credential.revocation is None


@pytest.mark.parametrize(("code", "reason", "says"), [("nothing", "Void", "no credential"), (None, " ", "Say why")])
def test_the_command_refuses(credential: Credential, code: str | None, reason: str, says: str) -> None:
    with pytest.raises(CommandError, match=says):
        call_command("revoke_credential", code or credential.code, reason=reason)


def test_operators_look_at_credentials_and_change_nothing(client: Client, credential: Credential) -> None:
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    address = f"/admin/credentials/credential/{credential.pk}/"
    assert client.get("/admin/credentials/credential/").status_code == 200
    assert client.get(f"{address}change/").status_code == 200
    assert client.post(f"{address}change/", {"jwt": "x"}).status_code == 403
    assert client.post(f"{address}delete/", {"post": "yes"}).status_code == 403


@pytest.mark.parametrize(
    ("name", "value"), [("SIGNING_KEYS", ["short"]), ("SIGNING_KEYS", [""]), ("SITE_URL", "example.org")]
)
def test_settings_that_nobody_could_trust_are_refused(settings: Settings, name: str, value: object) -> None:
    setattr(settings, name, value)
    assert [error.id for error in run_checks() if (error.id or "").startswith("credentials.")]
