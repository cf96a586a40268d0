"""Users as rows and commands: one spelling of an address, operators, the admin of accounts."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.models import User
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator(client: Client) -> Client:
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    return client


def test_createsuperuser_makes_an_operator(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)
    call_command("createsuperuser", interactive=False, email="Flavia@Example.org", stdout=io.StringIO())
    user = User.objects.get(email="flavia@example.org")
    assert user.is_operator
    assert user.check_password(PASSWORD)


def test_createsuperuser_twice_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    UserFactory(email="flavia@example.org")
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)
    with pytest.raises(CommandError, match="already taken"):
        call_command("createsuperuser", interactive=False, email="flavia@example.org")


def test_a_user_without_a_password_cannot_sign_in_with_one() -> None:
    assert not User.objects.create_user("rudolf@example.org").has_usable_password()


def test_the_database_refuses_capitals_in_an_address() -> None:
    user = UserFactory()
    with pytest.raises(IntegrityError, match="user_email_is_lower_case"), transaction.atomic():
        User.objects.filter(pk=user.pk).update(email="Rudolf@example.org")


@pytest.mark.parametrize(
    ("rights", "is_operator"),
    [
        ({"is_staff": True, "is_superuser": True}, True),
        ({"is_staff": True}, False),
        ({"is_superuser": True}, False),
        ({"is_staff": True, "is_superuser": True, "is_active": False}, False),
    ],
)
def test_an_operator_has_every_right_and_an_active_account(rights: dict[str, bool], is_operator: bool) -> None:
    assert UserFactory(**rights).is_operator == is_operator


def test_an_operator_makes_an_account_in_the_admin(operator: Client) -> None:
    form = {"email": "Sapt@Example.org", "usable_password": "true", "password1": PASSWORD, "password2": PASSWORD}
    assert operator.post("/admin/accounts/user/add/", form).status_code == 302
    assert User.objects.get(email="sapt@example.org").check_password(PASSWORD)


def test_the_admin_refuses_another_spelling_of_a_known_address(operator: Client) -> None:
    UserFactory(email="sapt@example.org")
    form = {"email": "SAPT@example.org", "usable_password": "true", "password1": PASSWORD, "password2": PASSWORD}
    assert "already exists" in operator.post("/admin/accounts/user/add/", form).content.decode()


def test_an_operator_switches_an_account_off_and_cannot_delete_it(operator: Client) -> None:
    user = UserFactory(name="Michael")
    operator.post(f"/admin/accounts/user/{user.pk}/change/", {"email": user.email, "name": "Michael"})
    user.refresh_from_db()
    assert not user.is_active
    assert operator.post(f"/admin/accounts/user/{user.pk}/delete/", {"post": "yes"}).status_code == 403


def test_the_list_of_accounts_opens_and_is_searched(operator: Client) -> None:
    UserFactory(email="sapt@example.org")
    assert "sapt@example.org" in operator.get("/admin/accounts/user/", {"q": "sapt"}).content.decode()
