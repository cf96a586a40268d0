"""A session brings its user along, and is good for nothing that Django's own would not be good for."""

import importlib

import pytest
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db import connection
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.models import Session, User
from accounts.sessions import SessionStore
from accounts.tasks import forget_expired_sessions
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
PASSWORD = "a-long-pass-phrase"


@pytest.fixture
def user() -> User:
    made = UserFactory.create()
    made.set_password(PASSWORD)
    made.save()
    return made


def signed_in(user: User) -> Client:
    client = Client()
    assert client.login(email=user.email, password=PASSWORD)
    return client


def is_signed_in(client: Client) -> bool:
    return bool(client.get("/").wsgi_request.user.is_authenticated)


def test_a_session_says_whose_it_is_once_somebody_signs_in(user: User) -> None:
    client = signed_in(user)
    assert Session.objects.get().user == user
    client.post(reverse("account_logout"))
    assert Session.objects.filter(user=user).count() == 0


def test_nobody_is_asked_for_twice(user: User, django_assert_num_queries: "object") -> None:
    client = signed_in(user)
    request = client.get("/").wsgi_request
    request.session = SessionStore(client.cookies[settings.SESSION_COOKIE_NAME].value)
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert request.session[SESSION_KEY] == str(user.pk)
        assert request.session.user == user


def test_a_new_password_signs_other_browsers_out(user: User) -> None:
    client = signed_in(user)
    user.set_password("another-long-pass-phrase")
    user.save()
    assert not is_signed_in(client)


def test_who_may_not_sign_in_any_more_is_signed_out(user: User) -> None:
    client = signed_in(user)
    User.objects.update(is_active=False)
    assert not is_signed_in(client)


def test_a_session_that_names_another_user_than_its_row_is_the_one_in_its_data(user: User) -> None:
    """The data is signed, the column is not."""
    client, other = signed_in(user), UserFactory.create()
    Session.objects.update(user=other)
    assert client.get("/").wsgi_request.user == user


def test_a_session_without_a_user_in_its_row_is_good_all_the_same(user: User) -> None:
    client = signed_in(user)
    Session.objects.update(user=None)
    assert is_signed_in(client)


def test_a_session_of_a_way_to_sign_in_that_is_no_more_is_not_good(user: User) -> None:
    client = signed_in(user)
    session = client.session
    session["_auth_user_backend"] = "accounts.gone.Backend"
    session.save()
    assert not is_signed_in(client)


def test_an_expired_session_is_not_good(user: User) -> None:
    client = signed_in(user)
    Session.objects.update(expire_date="2001-01-01T00:00Z")
    assert not is_signed_in(client)


def test_sessions_whose_time_is_over_are_removed_and_no_others(user: User) -> None:
    signed_in(user)
    client = signed_in(user)
    Session.objects.exclude(pk=client.session.session_key).update(expire_date="2001-01-01T00:00Z")
    assert forget_expired_sessions() == 1
    assert is_signed_in(client)


def test_sessions_outlive_the_move_to_our_table(user: User) -> None:
    client = signed_in(user)
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE django_session AS SELECT session_key, session_data, expire_date FROM accounts_session"
        )
        cursor.execute("DELETE FROM accounts_session")
        assert not is_signed_in(client)
        client = Client(headers={"cookie": f"{settings.SESSION_COOKIE_NAME}={key_in_old_table()}"})
        cursor.execute(importlib.import_module("accounts.migrations.0003_sessions_with_users").KEEP)
    assert is_signed_in(client)


def key_in_old_table() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT session_key FROM django_session")
        return str(cursor.fetchone()[0])


def test_data_is_signed_as_django_signs_it() -> None:
    """The salt has the name of the class in it: sessions of before the move stay readable."""
    assert SessionStore.key_salt.fget(SessionStore()) == DatabaseStore.key_salt.fget(DatabaseStore())  # type: ignore[attr-defined]


def test_data_is_believed_only_with_a_signature_of_ours(user: User, settings: Settings) -> None:
    client = signed_in(user)
    assert is_signed_in(client)
    assert is_signed_in(client)
    stored = Session.objects.get()
    Session.objects.update(session_data=stored.session_data[:-1] + ("A" if stored.session_data[-1] != "A" else "B"))
    assert not is_signed_in(client)
    Session.objects.update(session_data=stored.session_data)
    old = settings.SECRET_KEY
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another key", [old]
    assert SessionStore(stored.session_key)[SESSION_KEY] == str(user.pk)
    settings.SECRET_KEY_FALLBACKS = []
    assert SESSION_KEY not in SessionStore(stored.session_key)


def test_what_a_request_changes_in_its_session_no_other_request_sees(user: User) -> None:
    client = signed_in(user)
    key = client.session.session_key
    SessionStore(key)["_auth_user_id"]
    changed = SessionStore(key)
    changed["list"] = ["one"]
    changed.save()
    SessionStore(key)["list"].append("two")
    assert SessionStore(key)["list"] == ["one"]
