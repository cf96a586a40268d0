"""The pages: tokens, the CSV download, and the description of the API."""

import re
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from programs.models import ApiToken, MeasureVersion, Role
from programs.operations import create_token
from tests.factories import NOW, MembershipFactory, PartnerFactory
from tests.test_exports.ask import FIGURES, Ask

TOKENS = "/p/rur/tokens/"


def signed_in(version: MeasureVersion, role: str) -> Client:
    client = Client()
    client.force_login(MembershipFactory.create(program=version.program, role=role).user)
    return client


@pytest.fixture
def manager(version: MeasureVersion) -> Client:
    return signed_in(version, Role.PROGRAM_MANAGER)


@pytest.fixture
def ministry(version: MeasureVersion) -> Client:
    return signed_in(version, Role.MINISTRY)


def secret_in(response: Any) -> str:
    found = re.search(r"uplift_[\w-]{40,}", response.content.decode())
    assert found
    return found[0]


def test_a_token_made_in_the_browser_is_shown_once_and_works(manager: Client) -> None:
    made = manager.post(TOKENS, {"name": "Ministry"})
    assert made["Cache-Control"].startswith("max-age=0, no-cache, no-store")
    assert Ask(ApiToken.objects.get(), secret_in(made))().status_code == 200
    again = manager.get(TOKENS).content.decode()
    assert "Ministry" in again
    assert "uplift_" not in again


def test_a_manager_can_grant_exact_figures_and_a_ministry_cannot(manager: Client, ministry: Client) -> None:
    manager.post(TOKENS, {"name": "Inside", "sees_exact": "on"})
    ministry.post(TOKENS, {"name": "Outside", "sees_exact": "on"})
    assert {token.name: token.sees_exact for token in ApiToken.objects.all()} == {"Inside": True, "Outside": False}


def test_a_ministry_neither_sees_nor_revokes_exact_tokens(ministry: Client, version: MeasureVersion) -> None:
    token, _ = create_token(version.program, name="Inside", at=NOW, sees_exact=True)
    assert "Inside" not in ministry.get(TOKENS).content.decode()
    assert ministry.post(reverse("revoke-token", args=["rur", token.pk])).status_code == 404


def test_a_token_is_revoked_in_the_browser(manager: Client, ask: Ask) -> None:
    response = manager.post(reverse("revoke-token", args=["rur", ask.token.pk]))
    assert response["Location"] == TOKENS
    assert ask().status_code == 401
    assert "revoked 22 Nov 2026" in manager.get(TOKENS).content.decode()


def test_a_token_of_another_program_cannot_be_revoked(ask: Ask) -> None:
    outsider = MembershipFactory.create()
    client = Client()
    client.force_login(outsider.user)
    assert client.post(reverse("revoke-token", args=[outsider.program.code, ask.token.pk])).status_code == 404
    assert ask().status_code == 200


@pytest.mark.parametrize(
    "data",
    [{"name": ""}, {"name": "x" * 81}, {"name": "a\x00b"}, {"name": "x", "expires_on": "soon"},
     {"name": "x", "expires_on": "2020-01-01"}, {"name": "Ministry"}],
)  # fmt: skip
def test_a_wrong_form_makes_no_token_and_says_why(manager: Client, ask: Ask, data: dict[str, str]) -> None:
    response = manager.post(TOKENS, data)
    assert response.status_code == 422
    assert 'class="error"' in response.content.decode() or 'role="alert"' in response.content.decode()
    assert ApiToken.objects.count() == 1


def test_a_hostile_name_is_escaped(manager: Client, version: MeasureVersion) -> None:
    create_token(version.program, name="<script>", at=NOW)
    assert "<script>" not in manager.get(TOKENS).content.decode().split("Tokens of this program")[1]


@pytest.mark.parametrize("address", [TOKENS, "/p/rur/figures/people.csv"])
def test_learners_and_outsiders_get_404(version: MeasureVersion, address: str) -> None:
    outsider = Client()
    outsider.force_login(MembershipFactory.create().user)
    assert signed_in(version, Role.LEARNER).get(address).status_code == 404
    assert outsider.get(address).status_code == 404
    assert Client().get(address)["Location"].startswith(reverse("account_login"))


def test_a_partner_manager_sees_no_token_that_reads_figures_and_makes_none(version: MeasureVersion) -> None:
    partner = PartnerFactory.create(program=version.program)
    client = Client()
    client.force_login(
        MembershipFactory.create(program=version.program, role=Role.PARTNER_MANAGER, partner=partner).user
    )
    create_token(version.program, name="Of the ministry", at=NOW)
    assert "Of the ministry" not in client.get(TOKENS).content.decode()
    assert client.post(TOKENS, {"name": "Own"}).status_code == 404
    assert client.get("/p/rur/figures/people.csv").status_code == 404


def test_the_download_is_what_the_api_gives(ministry: Client, ask: Ask) -> None:
    download = ministry.get("/p/rur/figures/people.csv")
    assert download.content == ask(f"{FIGURES}?format=csv").content
    assert ministry.get("/p/rur/figures/none.csv").status_code == 404


def test_the_page_takes_as_many_queries_for_many_tokens(
    manager: Client, version: MeasureVersion, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    create_token(version.program, name="First", at=NOW)
    with django_assert_num_queries(4):
        manager.get(TOKENS)
    user = MembershipFactory.create(program=version.program).user
    for number in range(20):
        create_token(version.program, name=f"Token {number}", at=NOW, created_by=user)
    with django_assert_num_queries(4):
        manager.get(TOKENS)


@pytest.mark.django_db
def test_the_api_is_described_without_a_warning() -> None:
    out = StringIO()
    call_command("spectacular", "--validate", "--fail-on-warn", stdout=out)
    document = out.getvalue()
    assert "openapi: 3.1" in document
    for said in ("text/csv", "application/problem+json", "Figures as JSON", "scheme: bearer", "figures:exact"):
        assert said in document


@pytest.mark.django_db
def test_the_description_is_public_and_served_from_here(client: Client) -> None:
    assert client.get("/api/schema/").status_code == 200
    page = client.get("/api/docs/").content.decode()
    assert "swagger-ui" in page
    assert not re.search(r'(src|href)="(https?:)?//', page)
    script = client.get("/api/docs/?script=")
    assert script["Content-Type"] == "application/javascript"


@pytest.mark.django_db
def test_hostile_parameters_of_the_description_break_nothing(client: Client) -> None:
    for query in ("lang=%00", "version=%00", "script=%00", "lang=</script>", "format=xml"):
        assert client.get(f"/api/docs/?{query}").status_code < 500
        assert client.get(f"/api/schema/?{query}").status_code < 500
