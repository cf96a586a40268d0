"""Every page works in every language: a translation that breaks a page is found here."""

import re
from datetime import date

import pytest
from django.conf import settings
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import translation

from programs.models import Program, Role
from programs.navigation import PAGES
from tests.factories import MembershipFactory, PartnerFactory, ProgramFactory, TargetFactory, UserFactory

pytestmark = pytest.mark.django_db
LANGUAGES = [code for code, _ in settings.LANGUAGES]
FOR_ANYBODY = ["/", "/verify/", "/accounts/login/", "/accounts/signup/", "/accounts/password/reset/", "/api/docs/"]
OF_AN_ACCOUNT = ["/accounts/email/", "/accounts/password/change/", "/accounts/2fa/", "/accounts/logout/"]


def page(client: Client, address: str, language: str) -> str:
    response = client.get(address, headers={"Accept-Language": language})
    assert response.status_code == 200, address
    html = response.content.decode()
    assert re.search(f'<html lang="{language}"', html), address
    return html


def client_with_every_role(program: Program) -> Client:
    user, client = UserFactory.create(), Client()
    partner = PartnerFactory.create(program=program)
    for role in Role:
        MembershipFactory.create(
            user=user, program=program, role=role, partner=partner if role == Role.PARTNER_MANAGER else None
        )
    client.force_login(user)
    return client


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages_for_anybody(client: Client, language: str) -> None:
    target = TargetFactory.create()
    for address in [*FOR_ANYBODY, reverse("start", args=[target.program.code])]:
        page(client, address, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages_of_every_role(language: str) -> None:
    program = TargetFactory.create().program
    client = client_with_every_role(program)
    for address in [reverse(shown.name, args=[program.code]) for shown in PAGES] + OF_AN_ACCOUNT:
        page(client, address, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_that_does_not_exist(client: Client, language: str) -> None:
    response = client.get("/no/such/page/", headers={"Accept-Language": language})
    assert response.status_code == 404
    assert f'<html lang="{language}"' in response.content.decode()


def test_numbers_are_grouped_as_in_the_country_and_words_are_the_reader_s(client: Client) -> None:
    program = TargetFactory.create(value=15_000_000).program
    Program.objects.filter(pk=program.pk).update(number_locale="en_IN", country="IN")
    for language in LANGUAGES:
        assert "1,50,00,000" in page(client, "/", language)
    assert "भारत" in page(client, "/", "hi")


def test_a_program_without_a_name_in_the_language_is_named_in_its_first(client: Client) -> None:
    ProgramFactory.create(names={"en": "Skills", "cy": "Sgiliau"}, languages=["en", "cy"])
    assert "<h3>Sgiliau</h3>" in page(client, "/", "cy")
    assert '<h3 lang="en">Skills</h3>' in page(client, "/", "ta")


@pytest.mark.parametrize("language", LANGUAGES)
def test_dates_to_choose_are_as_browsers_read_them(language: str) -> None:
    """A language's own way of writing dates would leave the field empty."""
    partner = PartnerFactory.create()
    client = client_with_every_role(partner.program)
    dates = re.findall(
        r'<input type="date"[^>]*value="([^"]*)"',
        page(client, reverse("partners", args=[partner.program.code]), language),
    )
    assert dates
    assert all(date.fromisoformat(value) for value in dates)


def test_an_unexpected_fault_is_told_in_the_reader_s_language() -> None:
    from django.views.defaults import server_error

    with translation.override("cy"):
        html = server_error(RequestFactory().get("/")).content.decode()
    assert '<html lang="cy">' in html
