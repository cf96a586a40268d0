"""Every page says its content policy, whichever way it was made."""

from collections.abc import Callable
from typing import cast

import pytest
from csp.constants import HEADER
from csp.decorators import csp_replace
from csp.utils import build_policy
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.test import Client, RequestFactory
from pytest_django import Settings

from config.policy import ContentPolicyMiddleware


def plain(_request: HttpRequest) -> HttpResponse:
    return HttpResponse()


@csp_replace({"frame-src": ["https://packages.example"]})
def framing(_request: HttpRequest) -> HttpResponse:
    return HttpResponse()


def answered(view: Callable[[HttpRequest], HttpResponseBase]) -> HttpResponse:
    return cast(HttpResponse, ContentPolicyMiddleware(view)(RequestFactory().get("/")))


def own(_request: HttpRequest) -> HttpResponse:
    return HttpResponse(headers={HEADER: "sandbox"})


@pytest.mark.parametrize("is_debugged", [False, True])
def test_a_page_has_the_policy_of_the_settings_but_where_it_says_another(settings: Settings, is_debugged: bool) -> None:
    settings.DEBUG = is_debugged
    said = [answered(view).headers[HEADER] for view in (plain, framing, own)]
    usual = build_policy()
    assert "frame-ancestors 'none'" in usual
    assert said[0] == usual
    assert "frame-src https://packages.example" in said[1]
    assert said[1].replace("frame-src https://packages.example", "") != usual
    assert said[2] == "sandbox"


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/", "/nothing-here/", "/accounts/login/"])
def test_the_site_says_it(client: Client, address: str) -> None:
    assert client.get(address)[HEADER] == build_policy()
