from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from courses.achievements.operations import restore_achievement, revoke_achievement
from courses.credentials.models import Credential
from courses.credentials.operations import issue_credential, revoke_credential, show_name
from tests.factories import NOW, TODAY
from tests.test_achievements.orders import office_of
from tests.test_credentials.cast import EMAIL, NAME, achieve

pytestmark = pytest.mark.django_db


@contextmanager
def somebody_rewrites_the_database() -> Iterator[None]:
    """As one could who has the owner's rights in the database, but not the signing key."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE credentials_credential DISABLE TRIGGER credential_is_never_rewritten")
        yield
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE credentials_credential ENABLE TRIGGER credential_is_never_rewritten")


def page(client: Client, credential: Credential) -> str:
    response = client.get(f"/verify/{credential.code}/")
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_anybody_sees_what_a_valid_credential_says(client: Client, credential: Credential) -> None:
    text = page(client, credential)
    shown = [
        "Valid.",
        "Working with AI",
        "Ruritania Learns",
        "pass its assessment",
        "4 hours 30 minutes",
        "22 Nov 2026",
    ]
    assert [part for part in shown if part not in text] == []


def test_the_page_names_nobody_unless_the_learner_agrees(client: Client, credential: Credential) -> None:
    assert NAME not in page(client, credential)
    show_name(credential, shows=True)
    assert NAME in page(client, credential)


def test_no_public_answer_holds_the_email_address_or_an_unasked_name(client: Client, credential: Credential) -> None:
    for address in ("/", ".jwt", ".json"):
        text = client.get(f"/verify/{credential.code}{address}").content.decode()
        assert EMAIL not in text
        assert NAME not in text


def test_the_page_is_fresh_and_kept_out_of_search_engines(client: Client, credential: Credential) -> None:
    response = client.get(f"/verify/{credential.code}/")
    assert response["X-Robots-Tag"] == "noindex"
    assert "no-cache" in response["Cache-Control"]
    assert '<meta name="robots" content="noindex">' in response.content.decode()


def test_a_revoked_credential_says_so_with_day_and_reason(client: Client, credential: Credential) -> None:
    revoke_credential(credential, reason="Taken by somebody else", revoked_at=NOW)
    text = page(client, credential)
    assert "Revoked</strong> on 22 Nov 2026, 10:00" in text
    assert "Taken by somebody else" in text
    assert "Valid." not in text


def test_a_credential_falls_with_its_achievement(client: Client, credential: Credential) -> None:
    revoke_achievement(credential.achievement, reason="The provider's courses are void", recorded_at=NOW)
    text = page(client, credential)
    assert "Revoked" in text
    assert "The provider&#x27;s courses are void" in text


def test_a_credential_rises_with_its_achievement(client: Client, credential: Credential) -> None:
    for change in (revoke_achievement, restore_achievement):
        change(credential.achievement, reason="The provider's courses are void", recorded_at=NOW)
    assert "Valid." in page(client, credential)
    assert client.get(f"/verify/{credential.code}.jwt").status_code == 200
    assert client.get(f"/verify/{credential.code}.json").json()["status"] == "valid"


def test_a_credential_that_was_restored_can_fall_again(client: Client, credential: Credential) -> None:
    for change in (revoke_achievement, restore_achievement, revoke_achievement):
        change(credential.achievement, reason="Void", recorded_at=NOW)
    assert "Valid." not in page(client, credential)
    assert client.get(f"/verify/{credential.code}.jwt").status_code == 410


def test_credentials_follow_a_mass_revocation_of_the_own_courses(client: Client, credential: Credential) -> None:
    office = office_of(credential.achievement.partner)
    order = office.carry_out(office.propose(first_on=TODAY, last_on=TODAY, reason="The assessment had leaked"))
    assert "The assessment had leaked" in page(client, credential)
    office.carry_out_undo(order)
    assert "Valid." in page(client, credential)


def test_the_signed_file_of_a_revoked_credential_is_not_handed_out(client: Client, credential: Credential) -> None:
    revoke_credential(credential, reason="Void", revoked_at=NOW)
    assert client.get(f"/verify/{credential.code}.jwt").status_code == 410
    answer = client.get(f"/verify/{credential.code}.json").json()
    assert (answer["status"], answer["reason"]) == ("revoked", "Void")


def test_the_readable_file_holds_the_verdict_and_what_was_signed(client: Client, credential: Credential) -> None:
    answer = client.get(f"/verify/{credential.code}.json").json()
    assert answer["status"] == "valid"
    assert answer["credential"]["credentialSubject"]["achievement"]["name"] == "Working with AI"


def test_a_text_changed_in_the_database_is_not_genuine(client: Client, credential: Credential) -> None:
    header, body, signature = credential.jwt.split(".")
    with somebody_rewrites_the_database():
        Credential.objects.update(jwt=f"{header}.{body[:-1]}{'A' if body[-1] != 'A' else 'Q'}.{signature}")
    assert "Not genuine." in page(client, credential)
    assert client.get(f"/verify/{credential.code}.jwt").status_code == 410
    assert client.get(f"/verify/{credential.code}.json").json()["credential"] is None


def test_the_text_of_another_credential_is_not_genuine_here(client: Client, credential: Credential) -> None:
    other = issue_credential(achieve(credential.person, "Another course"), issued_at=NOW)
    with somebody_rewrites_the_database():
        Credential.objects.filter(pk=credential.pk).update(jwt=other.jwt)
    text = page(client, credential)
    assert "differs from our records" in text
    assert "Another course" not in text


def test_a_record_changed_in_the_database_is_not_genuine(client: Client, credential: Credential) -> None:
    with somebody_rewrites_the_database():
        Credential.objects.update(issued_at=NOW.replace(year=2020))
    assert "differs from our records" in page(client, credential)


@pytest.mark.parametrize("code", ["23456789abcdefghjkmn", "a", "é", "a%00b", "a'b", "x" * 3000, "%25", "..%5C"])
def test_an_unknown_code_is_answered_kindly(client: Client, code: str) -> None:
    response = client.get(f"/verify/{code}/")
    assert response.status_code == 404
    assert "No such credential exists" in response.content.decode()


@pytest.mark.parametrize("form", ["jwt", "json"])
def test_an_unknown_codes_files_do_not_exist(client: Client, form: str) -> None:
    assert client.get(f"/verify/23456789abcdefghjkmn.{form}").status_code == 404


def test_a_signed_in_stranger_sees_no_more(client: Client, credential: Credential, learner: User) -> None:
    client.force_login(learner)
    assert "Valid." in page(client, credential)


def test_the_page_needs_a_fixed_number_of_queries(
    client: Client, credential: Credential, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(2):  # the record, and what revoked its achievement
        page(client, credential)
