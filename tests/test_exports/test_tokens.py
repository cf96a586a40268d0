"""Who gets in: 401 without a working token, 404 in another program."""

from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import IntegrityError
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from rest_framework.settings import api_settings

from programs.models import ApiToken, MeasureVersion
from programs.operations import TokenRefusedError, create_token, revoke_token
from tests.factories import NOW, ProgramFactory
from tests.test_exports.ask import FIGURES, PROGRAM, Ask


@pytest.mark.parametrize("address", [PROGRAM, FIGURES, f"{FIGURES}?format=csv", "/api/v1/programs/nowhere/"])
def test_without_a_token_the_answer_is_401_and_says_how(version: MeasureVersion, address: str) -> None:
    response = Client().get(address)
    assert response.status_code == 401
    assert response["WWW-Authenticate"] == 'Bearer realm="Uplift"'
    assert response["Content-Type"] == "application/problem+json"
    assert "Authorization: Bearer" in response.json()["detail"]


@pytest.mark.parametrize(
    "header", ["Bearer", "Bearer ", "Bearer x", "Bearer a b", "bearer \xff\xfe", "Bearer " + "x" * 5000, "Bearer \x00"]
)
def test_a_wrong_token_is_401(version: MeasureVersion, header: str) -> None:
    assert Client().get(FIGURES, headers={"Authorization": header}).status_code == 401


def test_a_basic_password_is_no_token(version: MeasureVersion) -> None:
    assert Client().get(FIGURES, headers={"Authorization": "Basic YTpi"}).status_code == 401


def test_signing_in_with_a_browser_opens_no_api(version: MeasureVersion, admin_client: Client) -> None:
    assert admin_client.get(FIGURES).status_code == 401


@pytest.mark.parametrize("address", [PROGRAM, FIGURES])
def test_a_token_of_another_program_gets_404(version: MeasureVersion, address: str) -> None:
    response = Ask.with_token(ProgramFactory.create())(address)
    assert response.status_code == 404
    assert response["Content-Type"] == "application/problem+json"


def test_a_token_gets_404_for_a_program_that_does_not_exist(ask: Ask) -> None:
    assert ask("/api/v1/programs/nowhere/").status_code == 404


def test_a_revoked_token_is_401(ask: Ask) -> None:
    assert ask().status_code == 200
    revoke_token(ask.token, at=NOW)
    assert ask().status_code == 401


def test_revoking_twice_keeps_the_first_moment(ask: Ask) -> None:
    revoke_token(ask.token, at=NOW)
    revoke_token(ask.token, at=NOW + timedelta(days=1))
    ask.token.refresh_from_db()
    assert ask.token.revoked_at == NOW


def test_a_token_works_until_it_expires(version: MeasureVersion) -> None:
    ask = Ask.with_token(version.program, expires_at=NOW + timedelta(hours=1))
    assert ask().status_code == 200
    with time_machine.travel(NOW + timedelta(hours=1), tick=False):
        assert ask().status_code == 401


def test_a_token_needs_the_scope_of_the_view(ask: Ask) -> None:
    ApiToken.objects.update(scopes=["figures:exact"])
    response = ask()
    assert response.status_code == 403
    assert response["Content-Type"] == "application/problem+json"


def test_the_secret_is_not_kept(ask: Ask) -> None:
    stored = ApiToken.objects.values().get()
    assert ask.secret not in str(stored)
    assert ask.secret.startswith("uplift_")
    assert len(bytes(stored["digest"])) == 32


def test_use_is_noted_once_a_minute(ask: Ask) -> None:
    for seconds, noted in [(0, 0), (59, 0), (60, 60)]:
        with time_machine.travel(NOW + timedelta(seconds=seconds), tick=False):
            ask()
        ask.token.refresh_from_db()
        assert ask.token.last_used_at == NOW + timedelta(seconds=noted)


def test_too_many_requests_are_told_to_wait(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(api_settings.DEFAULT_THROTTLE_RATES, "token", "2/minute")
    assert [ask().status_code for _ in range(3)] == [200, 200, 429]
    assert ask()["Retry-After"] == "60"
    assert ask()["Content-Type"] == "application/problem+json"


def test_one_name_is_one_token_until_it_is_revoked(version: MeasureVersion) -> None:
    first, _ = create_token(version.program, name="Ministry", at=NOW)
    with pytest.raises(TokenRefusedError, match="revoke that one first"):
        create_token(version.program, name=" Ministry ", at=NOW)
    revoke_token(first, at=NOW)
    create_token(version.program, name="Ministry", at=NOW)
    assert ApiToken.objects.count() == 2


def test_a_token_that_has_expired_already_is_refused(version: MeasureVersion) -> None:
    with pytest.raises(TokenRefusedError, match="later day"):
        create_token(version.program, name="Ministry", at=NOW, expires_at=NOW)


@pytest.mark.parametrize("scopes", [[], ["everything"]])
def test_the_database_knows_the_scopes(ask: Ask, scopes: list[str]) -> None:
    with pytest.raises(IntegrityError, match="api_token_scopes_are_known"):
        ApiToken.objects.update(scopes=scopes)


def test_the_command_prints_a_token_that_works(version: MeasureVersion) -> None:
    out = StringIO()
    call_command("make_token", "--program=rur", "--name=Ministry", "--expires=2026-12-31", stdout=out)
    token = ApiToken.objects.get()
    assert Ask(token, out.getvalue().strip())().status_code == 200
    assert str(token.expires_at) == "2026-12-31 22:59:59+00:00"  # the end of the day in Vienna
    assert token.sees_exact is False


def test_the_command_grants_exact_figures_when_told_to(version: MeasureVersion) -> None:
    call_command("make_token", "--program=rur", "--name=Ministry", "--exact", stdout=StringIO())
    assert ApiToken.objects.get().sees_exact


@pytest.mark.parametrize(
    ("program", "name", "why"), [("nowhere", "Ministry", "Programs here: rur"), ("rur", " ", "name")]
)
def test_the_command_says_what_is_wrong(version: MeasureVersion, program: str, name: str, why: str) -> None:
    with pytest.raises(CommandError, match=why):
        call_command("make_token", program=program, name=name)


def test_a_request_takes_as_many_queries_for_many_tokens(
    ask: Ask, version: MeasureVersion, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    ask(PROGRAM)
    with django_assert_num_queries(10):
        ask(PROGRAM)
    for number in range(20):
        create_token(version.program, name=f"Token {number}", at=NOW)
    with django_assert_num_queries(10):
        ask(PROGRAM)
