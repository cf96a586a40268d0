"""The pages of an account look like ours, and tie every hint and error to its field."""

import re

import pytest
from django.test import Client

from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db

FOR_ANYBODY = ["login/", "signup/", "password/reset/", "password/reset/done/", "confirm-email/", "inactive/"]
FOR_USERS = ["email/", "password/change/", "logout/", "2fa/", "reauthenticate/"]


def assert_is_ours(html: str) -> None:
    assert '<html lang="en" dir="ltr">' in " ".join(html.split())
    assert html.count("<main") == html.count("<h1") == 1
    assert "uplift.css" in html
    assert re.search(r"<title>\s*\S", html)


@pytest.mark.parametrize("page", FOR_ANYBODY)
def test_a_page_for_anybody_has_our_frame(client: Client, page: str) -> None:
    assert_is_ours(client.get(f"/accounts/{page}").content.decode())


@pytest.mark.parametrize("page", FOR_USERS)
def test_a_page_for_users_has_our_frame(client: Client, page: str) -> None:
    client.force_login(UserFactory.create())
    assert_is_ours(client.get(f"/accounts/{page}").content.decode())


def test_every_field_has_a_label_and_says_what_browsers_may_fill_in(client: Client) -> None:
    html = client.get("/accounts/signup/").content.decode()
    fields = re.findall(r"<input[^>]*type=\"(?:email|password)\"[^>]*>", html)
    assert [re.findall(r'autocomplete="([^"]+)"', field) for field in fields] == [["email"], ["new-password"]]
    assert all(f'<label for="{name}">' in html for field in fields for name in re.findall(r'id="([^"]+)"', field))


def test_an_error_is_tied_to_its_field(client: Client) -> None:
    html = client.post("/accounts/signup/", {"email": "asha", "password1": PASSWORD}).content.decode()
    assert re.search(r'<input[^>]*aria-invalid="true"[^>]*aria-describedby="id_email_error"', html)
    assert re.search(r'<div class="error" id="id_email_error">\s*<p>Enter a valid email address.</p>', html)


def test_an_error_of_the_whole_form_is_announced(client: Client) -> None:
    html = client.post("/accounts/login/", {"login": "asha@example.org", "password": "wrong"}).content.decode()
    assert re.search(r'<div class="message error" role="alert">\s*<p>The email address and/or password', html)


def test_creating_an_account_leads_back_to_where_one_was(client: Client) -> None:
    form = client.get("/accounts/signup/?next=/start/x/").content.decode()
    assert 'name="next" value="/start/x/"' in form
    response = client.post(
        "/accounts/signup/", {"email": "Asha@Example.org", "password1": PASSWORD, "next": "/start/x/"}
    )
    assert response.headers["Location"] == "/start/x/"


def test_signing_in_and_creating_an_account_point_at_each_other_with_the_way_back(client: Client) -> None:
    assert (
        'href="/accounts/signup/?next=%2Fstart%2Fx%2F"'
        in client.get("/accounts/login/?next=/start/x/").content.decode()
    )
    assert (
        'href="/accounts/login/?next=%2Fstart%2Fx%2F"'
        in client.get("/accounts/signup/?next=/start/x/").content.decode()
    )
