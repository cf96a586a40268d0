"""In which language somebody reads: one chosen here, else one chosen elsewhere, else what the browser asks for."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db
LANGUAGE = reverse("language")


def language_of(client: Client, address: str = "/", **headers: str) -> str:
    html = client.get(address, headers=headers).content.decode()
    found = re.search(r'<html lang="([^"]+)"\s+dir="ltr">', html)
    assert found
    return found[1]


def sign_in(client: Client, user: User) -> None:
    response = client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    assert response.status_code == 302


def test_without_a_choice_it_is_what_the_browser_asks_for(client: Client) -> None:
    assert language_of(client) == "en"
    assert language_of(client, **{"Accept-Language": "ta;q=0.9, fr;q=0.8"}) == "ta"
    assert language_of(client, **{"Accept-Language": "zh-CN"}) == "zh-hans"
    assert language_of(client, **{"Accept-Language": "fr"}) == "en"


@pytest.mark.parametrize(("code", "name"), settings.LANGUAGES)
def test_every_page_offers_every_language_in_its_own_name(client: Client, code: str, name: str) -> None:
    html = client.get("/").content.decode()
    assert re.search(f'value="{code}"\\s+lang="{code}"[^>]*>{name}</button>', html)


def test_a_choice_leads_back_to_the_page_and_holds(client: Client) -> None:
    response = client.post(LANGUAGE, {"language": "cy", "next": "/verify/?x=1"})
    assert (response.status_code, response["Location"]) == (302, "/verify/?x=1")
    assert language_of(client, "/verify/", **{"Accept-Language": "hi"}) == "cy"
    assert int(response.cookies[settings.LANGUAGE_COOKIE_NAME]["max-age"]) == 31_536_000


def test_the_form_carries_the_address_of_the_page(client: Client) -> None:
    html = client.get("/verify/?x=1&y=2").content.decode()
    assert '<input type="hidden" name="next" value="/verify/?x=1&amp;y=2">' in html


def test_a_choice_leads_nowhere_else(client: Client) -> None:
    response = client.post(LANGUAGE, {"language": "cy", "next": "https://example.org/"})
    assert response["Location"] == "/"


@pytest.mark.parametrize("language", ["xx", "de", "", "../../etc"])
def test_a_language_that_is_not_offered_changes_nothing(client: Client, language: str) -> None:
    user = UserFactory.create(language="hi")
    client.force_login(user)
    client.post(LANGUAGE, {"language": language, "next": "/"})
    user.refresh_from_db()
    assert user.language == "hi"
    assert language_of(client) == "en"  # not signed in by the form, which would have brought it along


def test_choosing_takes_a_form_that_posts(client: Client) -> None:
    assert client.get(LANGUAGE).status_code == 405


def test_the_choice_of_a_user_is_kept_and_comes_along_to_another_device(client: Client) -> None:
    user = UserFactory.create()
    client.force_login(user)
    client.post(LANGUAGE, {"language": "ms", "next": "/"})
    user.refresh_from_db()
    assert user.language == "ms"
    other = Client()
    sign_in(other, user)
    assert language_of(other) == "ms"


def test_who_signs_in_reads_in_their_own_language_whatever_was_chosen_on_the_device(client: Client) -> None:
    client.post(LANGUAGE, {"language": "cy", "next": "/"})
    sign_in(client, UserFactory.create(language="hi"))
    assert language_of(client) == "hi"


def test_a_choice_made_before_signing_in_becomes_the_user_s(client: Client) -> None:
    user = UserFactory.create()
    client.post(LANGUAGE, {"language": "cy", "next": "/"})
    sign_in(client, user)
    user.refresh_from_db()
    assert user.language == "cy"


def test_what_the_browser_asks_for_is_no_choice(client: Client) -> None:
    user = UserFactory.create()
    client.post("/accounts/login/", {"login": user.email, "password": PASSWORD}, headers={"Accept-Language": "cy"})
    user.refresh_from_db()
    assert user.language == ""


def test_a_language_that_is_no_longer_offered_is_none(client: Client) -> None:
    sign_in(client, UserFactory.create(language="fr"))
    assert language_of(client) == "en"


def test_a_mail_is_in_the_language_of_who_gets_it(client: Client, settings: object) -> None:
    user = UserFactory.create(language="cy")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    seen: list[str | None] = []
    original = mail.EmailMessage.send

    def send(message: mail.EmailMessage, fail_silently: bool = False) -> int:
        seen.append(translation.get_language())
        return original(message, fail_silently)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(mail.EmailMessage, "send", send)
        client.post("/accounts/password/reset/", {"email": user.email}, headers={"Accept-Language": "hi"})
    assert seen == ["cy"]
    assert len(mail.outbox) == 1


def test_machines_are_answered_in_english(client: Client) -> None:
    response = client.get("/api/v1/programs/nowhere/", headers={"Accept-Language": "hi"})
    assert response["Content-Language"] == "en"
    assert response.json()["detail"].startswith("Send a token of the program")


def test_the_administration_is_in_english(client: Client) -> None:
    client.force_login(UserFactory.create(is_staff=True, is_superuser=True))
    assert client.get("/admin/", headers={"Accept-Language": "hi"})["Content-Language"] == "en"


def test_the_languages_cost_no_query(client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(0):
        client.get("/verify/")
