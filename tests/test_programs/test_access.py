"""Who may see a page of a program: those who have one of its roles. For everybody else there is no such program."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpResponse, HttpResponseBase
from django.test import RequestFactory
from django_htmx.middleware import HtmxDetails

from accounts.models import User
from programs.access import OPERATOR, ProgramRequest, for_roles
from programs.models import Role
from programs.operations import grant_role
from tests.factories import MembershipFactory, PartnerFactory, ProgramFactory, UserFactory

pytestmark = pytest.mark.django_db


@for_roles(Role.PARTNER_MANAGER, OPERATOR)
def page(request: ProgramRequest) -> HttpResponse:
    return HttpResponse(f"{request.program.code} {[partner.name for partner in request.partners]}")


def visit(user: User | AnonymousUser, program: str, **headers: str) -> HttpResponseBase:
    request = RequestFactory().get(f"/p/{program}/page/", headers=headers)
    request.user = user
    request.htmx = HtmxDetails(request)  # type: ignore[attr-defined]
    return page(request, program=program)


def test_who_has_the_role_sees_the_page_with_program_and_partner() -> None:
    partner, user = PartnerFactory(name="Clockmakers"), UserFactory()
    grant_role(partner.program, user, role=Role.PARTNER_MANAGER, partner=partner)
    answer = visit(user, partner.program.code)
    assert isinstance(answer, HttpResponse)
    assert answer.content.decode() == f"{partner.program.code} ['Clockmakers']"


def test_an_operator_sees_a_page_that_says_so() -> None:
    answer = visit(UserFactory(is_staff=True, is_superuser=True), ProgramFactory().code)
    assert answer.status_code == 200


def test_another_role_in_the_program_is_not_enough() -> None:
    membership = MembershipFactory(role=Role.MINISTRY)
    with pytest.raises(Http404):
        visit(membership.user, membership.program.code)


def test_the_role_in_another_program_is_not_enough() -> None:
    partner, user = PartnerFactory(), UserFactory()
    grant_role(partner.program, user, role=Role.PARTNER_MANAGER, partner=partner)
    with pytest.raises(Http404):
        visit(user, ProgramFactory().code)


def test_a_program_that_does_not_exist_is_not_found() -> None:
    with pytest.raises(Http404):
        visit(UserFactory(is_staff=True, is_superuser=True), "nowhere")


@pytest.mark.parametrize("rights", [{"is_staff": True}, {"is_superuser": True}])
def test_half_an_operator_is_none(rights: dict[str, bool]) -> None:
    with pytest.raises(Http404):
        visit(UserFactory(**rights), ProgramFactory().code)


def test_a_stranger_is_asked_to_sign_in_whether_or_not_the_program_exists() -> None:
    answers = [visit(AnonymousUser(), code) for code in (ProgramFactory(code="rur").code, "nowhere")]
    assert [answer.headers["Location"] for answer in answers] == [
        "/accounts/login/?next=/p/rur/page/",
        "/accounts/login/?next=/p/nowhere/page/",
    ]


def test_a_part_that_a_stranger_asks_for_leads_the_whole_page_to_sign_in_and_back() -> None:
    here = "http://testserver/p/rur/?region=N"
    answer = visit(AnonymousUser(), "rur", hx_request="true", hx_current_url=here)
    assert answer.headers["HX-Redirect"] == "/accounts/login/?next=/p/rur/%3Fregion%3DN"
