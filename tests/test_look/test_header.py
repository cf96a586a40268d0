"""The header says whose program this is and opens the pages of the user's roles, and tells outsiders nothing."""

import json
import re

import pytest
from django.template import engines
from django.test import Client, RequestFactory
from django.urls import resolve, reverse
from pytest_django import DjangoAssertNumQueries

from programs.models import Membership, Program, Role
from programs.navigation import PAGES, Page
from tests.factories import MembershipFactory, PartnerFactory, ProgramFactory, UserFactory

pytestmark = pytest.mark.django_db


def page_of(client: Client, membership: Membership, name: str) -> str:
    client.force_login(membership.user)
    return client.get(reverse(name, args=[membership.program.code])).content.decode()


def navigation(html: str) -> list[str]:
    nav = re.search(r'<nav class="site-nav".*?</nav>', html, re.S)
    return re.findall(r"<a[^>]*>([^<]*)</a>", nav[0]) if nav else []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_in_the_header_admits_everybody_who_sees_it_there(page: Page) -> None:
    view = resolve(reverse(page.name, args=["any"])).func
    assert set(page.roles) <= set(vars(view)["roles"])


def test_it_names_the_program_and_its_country(client: Client) -> None:
    html = page_of(client, MembershipFactory.create(role=Role.LEARNER, program__country="SG"), "learn")
    assert '<p class="whose"><strong>Ruritania Learns</strong> <span>Singapore</span></p>' in html


@pytest.mark.parametrize(
    ("role", "page", "links"),
    [
        (Role.LEARNER, "learn", ["Learn", "My credentials"]),
        (Role.MINISTRY, "figures", ["Published figures", "API tokens"]),
        (
            Role.PROGRAM_MANAGER,
            "dashboard",
            [
                "Dashboard",
                "Ledger",
                "Authoring",
                "Returns",
                "Partners",
                "Quarantine",
                "Candidates",
                "Revocations",
                "Published figures",
                "API tokens",
            ],
        ),
    ],
)
def test_it_links_the_pages_of_the_role(client: Client, role: str, page: str, links: list[str]) -> None:
    assert navigation(page_of(client, MembershipFactory.create(role=role), page)) == links


def test_a_partner_manager_has_the_returns_and_tokens(client: Client) -> None:
    partner = PartnerFactory.create()
    manager = MembershipFactory.create(role=Role.PARTNER_MANAGER, partner=partner, program=partner.program)
    assert navigation(page_of(client, manager, "returns")) == ["Returns", "API tokens"]


@pytest.mark.parametrize(("shown", "marked"), [("credentials", "My credentials"), ("describe", "Learn")])
def test_the_page_shown_is_marked_or_else_the_one_above_it(client: Client, shown: str, marked: str) -> None:
    html = page_of(client, MembershipFactory.create(role=Role.LEARNER), shown)
    assert re.findall(r'aria-current="page">([^<]*)<', html) == [marked]


def test_it_links_the_user_s_other_programs_by_their_own_first_page(client: Client) -> None:
    here = MembershipFactory.create(role=Role.LEARNER)
    there = MembershipFactory.create(role=Role.MINISTRY, user=here.user, program__names={"en": "Elsewhere"})
    html = page_of(client, here, "learn")
    assert f'<a href="/p/{there.program.code}/figures/">Elsewhere</a>' in html


def test_a_page_that_an_outsider_asks_for_does_not_name_the_program(client: Client) -> None:
    program = ProgramFactory.create(names={"en": "Secret Learners"})
    client.force_login(UserFactory.create())
    response = client.get(reverse("learn", args=[program.code]))
    assert response.status_code == 404
    assert "Secret Learners" not in response.content.decode()


def test_an_operator_has_the_operators_pages(client: Client, program: Program) -> None:
    client.force_login(UserFactory.create(is_staff=True, is_superuser=True))
    html = client.get(reverse("dashboard", args=[program.code])).content.decode()
    assert navigation(html) == ["Dashboard", "Ledger", "Revocations"]
    assert reverse("admin:index") in html


def test_signing_out_is_a_form_that_posts(client: Client) -> None:
    html = page_of(client, MembershipFactory.create(role=Role.LEARNER), "learn")
    assert '<form method="post" action="/accounts/logout/">' in html


def test_signing_in_leads_back_to_the_page_shown(client: Client) -> None:
    html = client.get("/no/such/page/?x=1").content.decode()
    assert 'href="/accounts/login/?next=%2Fno%2Fsuch%2Fpage%2F%3Fx%3D1"' in html
    assert 'href="/accounts/login/"' in client.get("/accounts/signup/").content.decode()


def test_htmx_is_told_to_need_neither_inline_styles_nor_eval(client: Client) -> None:
    html = client.get("/").content.decode()
    found = re.search(r"<meta name=\"htmx-config\"\s+content='([^']*)'>", html)
    assert found
    assert (
        json.loads(found[1]).items()
        >= {"includeIndicatorStyles": False, "allowEval": False, "historyCacheSize": 0}.items()
    )


def test_a_part_of_a_page_reads_nothing_for_the_header(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    request = RequestFactory().get("/")
    request.user = UserFactory.create()
    with django_assert_num_queries(0):
        engines["django"].from_string("{{ program }}{{ navigation }}").render({}, request)
    with django_assert_num_queries(1):
        engines["django"].from_string("{{ other_programs }}").render({}, request)
