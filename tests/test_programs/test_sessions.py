"""What somebody may do comes with their session, and is what it is at that moment."""

from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from programs.models import Membership, Role
from programs.sessions import SessionStore, memberships_brought
from tests.factories import MembershipFactory, PartnerFactory, UserFactory

pytestmark = pytest.mark.django_db


def session_of(user: User) -> SessionStore:
    client = Client()
    client.force_login(user)
    session = SessionStore(client.cookies[settings.SESSION_COOKIE_NAME].value)
    assert session.memberships is None
    assert session.get("_auth_user_id") == str(user.pk)
    return session


def test_a_session_brings_what_its_user_may_do(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    user, partner = UserFactory.create(), PartnerFactory.create()
    MembershipFactory.create(user=user, role=Role.LEARNER)
    MembershipFactory.create(user=user, program=partner.program, role=Role.PARTNER_MANAGER, partner=partner)
    MembershipFactory.create()
    session = session_of(user)
    with django_assert_num_queries(0):
        found = memberships_brought(session, user)
        shown = [(one.user_id, one.role, one.program.name, one.program.languages, one.partner) for one in found]
    expected = Membership.objects.of_user(user)
    assert shown == [(user.pk, one.role, one.program.name, one.program.languages, one.partner) for one in expected]
    assert len(shown) == 2


def test_who_has_no_role_has_a_session_too(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    user = UserFactory.create()
    session = session_of(user)
    with django_assert_num_queries(0):
        assert memberships_brought(session, user) == []


def test_nobody_gets_the_roles_of_another() -> None:
    one, other = MembershipFactory.create(), MembershipFactory.create()
    session = session_of(one.user)
    assert memberships_brought(session, other.user) == [other]
    assert memberships_brought(None, other.user) == [other]
    assert memberships_brought(SessionStore(), other.user) == [other]


def test_a_role_that_is_taken_is_gone_with_the_next_page() -> None:
    role = MembershipFactory.create(role=Role.LEARNER)
    client = Client()
    client.force_login(role.user)
    page = f"/p/{role.program.code}/learn/"
    assert client.get(page).status_code == 200
    role.delete()
    assert client.get(page).status_code == 404


def test_a_session_that_is_over_brings_nothing() -> None:
    role = MembershipFactory.create()
    session = session_of(role.user)
    kept = SessionStore(session.session_key)
    assert kept.kept(datetime(2100, 1, 1, tzinfo=UTC)) is None
    assert kept.memberships == []
