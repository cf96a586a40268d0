"""Tokens by which partners send: who makes them, for whom, and what they do not open."""

import re
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from programs.models import PARTNER_SCOPES, ApiToken, MeasureVersion, Partner, Role, Scope
from programs.operations import TokenRefusedError, create_partner_token, create_token, revoke_token
from tests.factories import NOW, MembershipFactory, PartnerFactory
from tests.test_exports.ask import FIGURES, PROGRAM, Ask

TOKENS = "/p/rur/tokens/"
MAKE = "/p/rur/tokens/partner/"


def client_of(membership: Any) -> Client:
    client = Client()
    client.force_login(membership.user)
    return client


@pytest.fixture
def partner(version: MeasureVersion) -> Partner:
    return PartnerFactory.create(program=version.program, code="academy", name="Academy")


@pytest.fixture
def other(version: MeasureVersion) -> Partner:
    return PartnerFactory.create(program=version.program, code="college", name="College")


@pytest.fixture
def manager(version: MeasureVersion) -> Client:
    return client_of(MembershipFactory.create(program=version.program, role=Role.PROGRAM_MANAGER))


@pytest.fixture
def sender(partner: Partner) -> Client:
    """A partner manager of the Academy."""
    membership = MembershipFactory.create(program=partner.program, role=Role.PARTNER_MANAGER, partner=partner)
    return client_of(membership)


def asked_for(partner: Partner, **others: object) -> dict[str, object]:
    form = {"partner-partner": partner.pk, "partner-name": "LMS", "partner-scopes": list(PARTNER_SCOPES)}
    return form | {f"partner-{name}": value for name, value in others.items()}


def test_a_program_manager_makes_a_token_for_any_partner(manager: Client, partner: Partner, other: Partner) -> None:
    made = manager.post(MAKE, asked_for(other, scopes=["returns:write"]))
    assert re.search(r"uplift_[\w-]{40,}", made.content.decode())
    token = ApiToken.objects.get()
    assert (token.partner, token.scopes, token.name) == (other, ["returns:write"], "LMS")


def test_a_partner_manager_makes_a_token_of_the_own_partner(sender: Client, partner: Partner) -> None:
    assert sender.post(MAKE, asked_for(partner)).status_code == 200
    assert ApiToken.objects.get().partner == partner
    assert "Academy" in sender.get(TOKENS).content.decode()


def test_a_partner_manager_makes_none_for_another_partner(sender: Client, other: Partner) -> None:
    assert sender.post(MAKE, asked_for(other)).status_code == 422
    assert not ApiToken.objects.exists()


def test_a_partner_manager_makes_none_that_reads_figures(sender: Client, partner: Partner) -> None:
    assert sender.post(TOKENS, {"name": "Figures"}).status_code == 404
    assert sender.post(MAKE, asked_for(partner, scopes=["figures"])).status_code == 422
    assert not ApiToken.objects.exists()


def test_a_partner_manager_neither_sees_nor_revokes_other_tokens(sender: Client, other: Partner) -> None:
    tokens = [
        create_partner_token(other, name="Of the college", at=NOW)[0],
        create_token(other.program, name="Of the ministry", at=NOW)[0],
    ]
    page = sender.get(TOKENS).content.decode()
    assert "Of the college" not in page
    assert "Of the ministry" not in page
    for token in tokens:
        assert sender.post(reverse("revoke-token", args=["rur", token.pk])).status_code == 404


def test_a_partner_manager_revokes_a_token_of_the_own_partner(sender: Client, partner: Partner) -> None:
    token, _ = create_partner_token(partner, name="LMS", at=NOW)
    assert sender.post(reverse("revoke-token", args=["rur", token.pk])).status_code == 302
    token.refresh_from_db()
    assert token.revoked_at == NOW


def test_a_ministry_neither_sees_nor_makes_tokens_of_partners(partner: Partner) -> None:
    ministry = client_of(MembershipFactory.create(program=partner.program, role=Role.MINISTRY))
    token, _ = create_partner_token(partner, name="Of the academy", at=NOW)
    assert "Of the academy" not in ministry.get(TOKENS).content.decode()
    assert ministry.post(MAKE, asked_for(partner)).status_code == 404
    assert ministry.post(reverse("revoke-token", args=["rur", token.pk])).status_code == 404


def test_who_is_both_ministry_and_partner_manager_sees_both_kinds(sender: Client, partner: Partner) -> None:
    membership = partner.memberships.get()
    MembershipFactory.create(program=partner.program, user=membership.user, role=Role.MINISTRY)
    create_partner_token(partner, name="Of the academy", at=NOW)
    create_token(partner.program, name="Outside", at=NOW)
    create_token(partner.program, name="Inside", at=NOW, sees_exact=True)
    page = sender.get(TOKENS).content.decode()
    assert [name in page for name in ("Of the academy", "Outside", "Inside")] == [True, True, False]


def test_the_page_of_a_partner_takes_as_many_queries_for_many_tokens(
    sender: Client, partner: Partner, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    create_partner_token(partner, name="First", at=NOW)
    with django_assert_num_queries(3):
        sender.get(TOKENS)
    for number in range(20):
        create_partner_token(partner, name=f"Token {number}", at=NOW)
    with django_assert_num_queries(3):
        sender.get(TOKENS)


def test_a_partners_token_reads_no_figures(partner: Partner) -> None:
    ask = Ask(*create_partner_token(partner, name="LMS", at=NOW))
    assert [ask(address).status_code for address in (PROGRAM, FIGURES)] == [403, 403]


def test_two_partners_may_use_the_same_name(partner: Partner, other: Partner) -> None:
    create_partner_token(partner, name="LMS", at=NOW)
    create_partner_token(other, name="LMS", at=NOW)
    create_token(partner.program, name="LMS", at=NOW)
    with pytest.raises(TokenRefusedError, match="revoke that one first"):
        create_partner_token(partner, name="LMS", at=NOW)


def test_the_name_is_free_again_when_the_token_is_revoked(partner: Partner) -> None:
    token, _ = create_partner_token(partner, name="LMS", at=NOW)
    revoke_token(token, at=NOW)
    create_partner_token(partner, name="LMS", at=NOW)


@pytest.mark.parametrize("scopes", [[], ["figures"], ["returns:write", "figures:exact"], ["everything"]])
def test_a_token_of_a_partner_has_scopes_of_partners_only(partner: Partner, scopes: list[str]) -> None:
    with pytest.raises(TokenRefusedError, match="Say what the token is for"):
        create_partner_token(partner, name="LMS", at=NOW, scopes=scopes)


def test_own_courses_send_nothing(version: MeasureVersion) -> None:
    with pytest.raises(TokenRefusedError, match="sends nothing"):
        create_partner_token(Partner.objects.own_courses_of(version.program), name="LMS", at=NOW)


def test_the_database_keeps_the_two_kinds_apart(partner: Partner) -> None:
    token, _ = create_partner_token(partner, name="LMS", at=NOW)
    rows = ApiToken.objects.filter(pk=token.pk)
    for change in ({"scopes": [Scope.FIGURES]}, {"partner": None}, {"scopes": [Scope.SEND_RETURNS, Scope.EXACT]}):
        with pytest.raises(IntegrityError, match="scopes_are_of_the_partner_or_of_figures"), transaction.atomic():
            rows.update(**change)


def test_the_command_makes_a_token_of_a_partner(partner: Partner) -> None:
    out = StringIO()
    call_command(
        "make_token", "--program=rur", "--name=LMS", "--partner=academy", "--scopes", "statements:write", stdout=out
    )
    token = ApiToken.objects.by_secret(out.getvalue().strip()).get()
    assert (token.partner, token.scopes) == (partner, ["statements:write"])


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (["--partner=nobody"], "Partners here: .*academy"),
        (["--partner=uplift"], "Partners here: .*academy"),
        (["--partner=academy", "--exact"], "reads no figures"),
        (["--scopes", "returns:write"], "Name the partner too"),
    ],
)
def test_the_command_says_what_does_not_go_together(partner: Partner, options: list[str], why: str) -> None:
    with pytest.raises(CommandError, match=why):
        call_command("make_token", "--program=rur", "--name=LMS", *options)
