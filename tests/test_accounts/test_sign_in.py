"""Signing up and in, as the browser does it: one spelling of an address, safe ways back, limits, password rules."""

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import connection
from django.http import HttpResponseBase
from django.test import Client
from django.utils import timezone

from accounts.models import User
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db
SIGN_UP, SIGN_IN = "/accounts/signup/", "/accounts/login/"
ATTEMPTS = 5


def sign_up(client: Client, email: str, password: str = PASSWORD, **more: str) -> HttpResponseBase:
    return client.post(SIGN_UP, {"email": email, "password1": password, **more})


def sign_in(client: Client, email: str, password: str = PASSWORD, **more: str) -> HttpResponseBase:
    return client.post(SIGN_IN, {"login": email, "password": password, **more})


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_signing_up_stores_the_address_in_lower_case_and_signs_in(client: Client) -> None:
    sign_up(client, " Rudolf@Example.ORG ")
    user = User.objects.get()
    assert (user.email, EmailAddress.objects.get(user=user).email) == ("rudolf@example.org", "rudolf@example.org")
    assert is_signed_in(client)


def test_another_spelling_of_an_address_makes_no_second_account(client: Client) -> None:
    UserFactory(email="rudolf@example.org")
    sign_up(client, "RUDOLF@example.org")
    assert User.objects.count() == 1
    assert not is_signed_in(client)


@pytest.mark.parametrize("email", ["rudolf@example.org", "Rudolf@EXAMPLE.org"])
def test_signing_in_takes_every_spelling(client: Client, email: str) -> None:
    UserFactory(email="rudolf@example.org")
    sign_in(client, email)
    assert is_signed_in(client)


def test_a_wrong_password_signs_nobody_in(client: Client) -> None:
    user = UserFactory()
    sign_in(client, user.email, "not the password")
    assert not is_signed_in(client)


def test_a_switched_off_account_does_not_sign_in(client: Client) -> None:
    sign_in(client, UserFactory(is_active=False).email)
    assert not is_signed_in(client)


@pytest.mark.parametrize("password", ["short", "password123", "rudolf@example.org"])
def test_a_weak_password_makes_no_account(client: Client, password: str) -> None:
    sign_up(client, "rudolf@example.org", password)
    assert not User.objects.exists()


def test_signing_up_leads_back_to_where_one_came_from(client: Client) -> None:
    assert sign_up(client, "rudolf@example.org", next="/start/rur/").headers["Location"] == "/start/rur/"


def test_signing_in_leads_back_to_where_one_came_from(client: Client) -> None:
    assert sign_in(client, UserFactory().email, next="/p/rur/returns/").headers["Location"] == "/p/rur/returns/"


@pytest.mark.parametrize("evil", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example"])
def test_nobody_is_led_to_another_site(client: Client, evil: str) -> None:
    assert sign_in(client, UserFactory().email, next=evil).headers["Location"] == settings.LOGIN_REDIRECT_URL


def test_the_way_back_survives_the_change_from_signing_in_to_signing_up(client: Client) -> None:
    page = client.get(SIGN_IN, {"next": "/start/rur/"}).content.decode()
    assert "/accounts/signup/?next=%2Fstart%2Frur%2F" in page


def test_guessing_a_password_is_stopped_although_the_right_one_comes_last(client: Client) -> None:
    user = UserFactory()
    for number in range(ATTEMPTS):
        sign_in(client, user.email, f"guess {number}")
    sign_in(client, user.email)
    assert not is_signed_in(client)


def test_limits_are_counted_in_the_database_so_that_all_processes_share_them(client: Client) -> None:
    sign_in(client, UserFactory().email, "a guess")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM cache WHERE expires > %s", [timezone.now()])
        assert cursor.fetchone()[0] > 0


def test_signing_out_needs_a_form(client: Client) -> None:
    client.force_login(UserFactory())
    client.get("/accounts/logout/")
    assert is_signed_in(client)
    client.post("/accounts/logout/")
    assert not is_signed_in(client)
