"""The first page: who is new finds a program and "Start here", who belongs to one finds their own pages."""

import re
from datetime import date
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from programs.models import Program, Role
from tests.factories import MembershipFactory, ProgramFactory, TargetFactory, UserFactory

pytestmark = pytest.mark.django_db


def first_page(client: Client) -> str:
    return client.get("/").content.decode()


def test_a_program_open_to_learners_says_where_to_start(client: Client, program: Program) -> None:
    html = first_page(client)
    assert program.name in html
    assert f'href="/start/{program.code}/">Start here' in html


def test_a_program_that_is_not_open_is_not_shown(client: Client) -> None:
    ProgramFactory.create(names={"en": "Not yet"}, is_open_to_learners=False)
    assert "Not yet" not in first_page(client)


def test_a_target_is_shown_with_its_kind_and_its_day_as_the_nation_writes_it(client: Client) -> None:
    target = TargetFactory.create(value=15_000_000, kind="national", due_on=date(2030, 12, 31))
    Program.objects.filter(pk=target.program_id).update(number_locale="en_IN")
    words = re.sub(r"<[^>]+>|\s+", " ", first_page(client))
    assert "1,50,00,000" in words
    assert "by 31 Dec 2030" in words
    assert "national target" in words


def test_a_target_without_a_due_date_says_that_none_is_known(client: Client) -> None:
    TargetFactory.create(due_on=None)
    assert "no due date is known" in first_page(client)


def test_a_user_s_own_programs_come_first_with_the_pages_of_their_roles(client: Client) -> None:
    membership = MembershipFactory.create(role=Role.MINISTRY)
    client.force_login(membership.user)
    html = first_page(client)
    assert html.index("Your programs") < html.index("More programs you can join")
    assert f'href="/p/{membership.program.code}/figures/"' in html


def test_a_learner_is_not_asked_to_join_again(client: Client) -> None:
    membership = MembershipFactory.create(role=Role.LEARNER)
    client.force_login(membership.user)
    assert f"/start/{membership.program.code}/" not in first_page(client)


def test_a_user_of_no_program_is_told_what_to_do(client: Client, program: Program) -> None:
    client.force_login(UserFactory.create())
    assert "belong to no program yet" in first_page(client)


def test_an_instance_without_programs_says_how_to_load_one(client: Client) -> None:
    assert "manage.py load_country" in first_page(client)


def test_a_hostile_name_stays_text(client: Client) -> None:
    ProgramFactory.create(names={"en": "<script>x</script>"})
    assert "<script>x" not in first_page(client)


def test_the_number_of_queries_does_not_grow_with_the_programs(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    user = UserFactory.create()
    for _ in range(10):
        target = TargetFactory.create()
        MembershipFactory.create(user=user, program=target.program, role=Role.MINISTRY)
    client.force_login(user)
    with django_assert_num_queries(4):  # session with its user, memberships, programs, targets
        client.get("/")


def test_the_first_page_weighs_less_than_100_kilobytes(client: Client) -> None:
    for _ in range(10):
        TargetFactory.create()
    html = first_page(client)
    addresses = re.findall(r'(?:href|src)="/static/([^"]+)"', html)
    files = [Path(finders.find(address) or "") for address in addresses]
    assert len(addresses) == 3
    assert len(html.encode()) + sum(file.stat().st_size for file in files) < 100_000


def test_health_is_ok_while_the_database_answers(client: Client) -> None:
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok")
    assert "no-store" in response["Cache-Control"]
    assert not response.cookies
