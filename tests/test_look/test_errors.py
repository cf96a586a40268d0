"""When something goes wrong the page says what to do next."""

import pytest
from django.core.exceptions import PermissionDenied
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.views.defaults import permission_denied

from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def test_a_page_that_does_not_exist_offers_to_sign_in(client: Client) -> None:
    response = client.get("/no/such/page/")
    assert response.status_code == 404
    assert 'href="/accounts/login/">sign in</a>' in response.content.decode()


def test_a_page_that_does_not_exist_names_the_account_in_use(client: Client) -> None:
    client.force_login(UserFactory.create(email="asha@example.org"))
    assert "You are signed in as asha@example.org" in client.get("/no/such/page/").content.decode()


def test_a_form_without_its_token_says_to_send_it_again() -> None:
    response = Client(enforce_csrf_checks=True).post("/accounts/login/")
    assert response.status_code == 403
    assert "Please send the form again" in response.content.decode()


def test_a_refusal_tells_its_reason(rf: RequestFactory) -> None:
    response = permission_denied(rf.get("/"), PermissionDenied("Only your own drafts can be changed."))
    assert "Only your own drafts can be changed." in response.content.decode()


def test_the_page_for_our_own_faults_needs_nothing_that_may_have_failed() -> None:
    html = render_to_string("500.html")
    assert "Something went wrong on our side" in html
    assert 'href="/static/uplift.css"' in html
