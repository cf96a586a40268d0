"""Every page and every view of the API says who may see it."""

import re
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.views import View
from django.views.decorators.http import require_GET

from programs.access import for_roles
from programs.api.base import BelongsToProgram, ProgramApiView
from programs.models import PARTNER_SCOPES
from tests.factories import ProgramFactory, UserFactory


def every_view(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        address = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from every_view(entry, address)
        else:
            yield address, entry


def is_guarded(view: object) -> bool:
    """Whether a page names its roles, or an API view of a program its scopes, and checks them."""
    if isinstance(kind := getattr(view, "cls", None) or getattr(view, "view_class", None), type):
        return issubclass(kind, ProgramApiView) and BelongsToProgram in kind.permission_classes and bool(kind.scopes)
    return bool(getattr(view, "roles", ()))


def is_of_a_program(address: str) -> bool:
    return address.lstrip("^").startswith(("p/", "api/v1/programs/"))


def is_of_a_partner(address: str) -> bool:
    """Where a partner's systems speak, whose token says the program and the partner."""
    return address.startswith("xapi/") and address not in PUBLIC


def test_every_view_of_a_program_names_its_roles() -> None:
    views = {address: entry.callback for address, entry in every_view(get_resolver()) if is_of_a_program(address)}
    assert len(views) > 10
    assert [address for address, view in views.items() if not is_guarded(view)] == []


FILLED = {
    "path": "course.yaml",
    "file": "course.yaml",
    "slug:program": "rur",
    "slug": "x",
    "str": "x",
    "int": "1",
    "uuid": "5d61334d-b69e-49c3-bb2c-af39e553f0b9",
}


def filled(address: str) -> str:
    """The address with something in every place, for a program that there is."""
    return "/" + re.sub(r"<(slug:program|\w+)(:\w+)?>", lambda place: FILLED[place[1]], address)


def test_every_resource_of_a_partner_names_the_scopes_of_its_methods() -> None:
    views = {address: entry.callback for address, entry in every_view(get_resolver()) if is_of_a_partner(address)}
    assert len(views) > 5
    for address, view in views.items():
        scopes = getattr(view, "scopes", {})
        assert scopes, address
        assert set(scopes.values()) <= set(PARTNER_SCOPES), address


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "put", "post", "delete"])
def test_outsiders_get_nothing_of_a_partner(client: Client, method: str) -> None:
    addresses = ["/" + address for address, _ in every_view(get_resolver()) if is_of_a_partner(address)]
    assert {getattr(client, method)(address).status_code for address in addresses} <= {401, 405}


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "post"])
def test_outsiders_get_nothing_of_a_program_whatever_the_view_says_of_itself(client: Client, method: str) -> None:
    ProgramFactory.create(code="rur")
    client.force_login(UserFactory.create())
    addresses = [filled(address) for address, _ in every_view(get_resolver()) if is_of_a_program(address)]
    answers = {address: getattr(client, method)(address).status_code for address in addresses}
    assert {a: code for a, code in answers.items() if code not in (404, 405) and not a.startswith("/api/")} == {}
    assert {a: code for a, code in answers.items() if code not in (401, 405) and a.startswith("/api/")} == {}


# Every address of our own that is for everybody, with the reason; admin and accounts are Django's and allauth's.
PUBLIC = {
    "": "the first page",
    "language/": "anybody may choose the language that they read in",
    "healthz": "for whoever watches the servers",
    "sw.js": "the worker that keeps lessons in the browser, the same for everybody",
    "start/<slug:program>/": "where a learner joins",
    "media/<slug:program>/<slug:sha256>/<str:name>": "files of courses, by an address that only their pages know",
    "verify/": "anybody may check a credential",
    "verify/<str:code>/": "anybody may check a credential",
    "verify/<slug:code>.jwt": "anybody may check a credential",
    "verify/<slug:code>.json": "anybody may check a credential",
    "issuers/<slug:issuer>/did.json": "the keys by which anybody verifies a credential",
    "issuers/<slug:issuer>/jwks.json": "the same keys for JWT libraries",
    "xapi/about": "which versions of xAPI are served, asked before anything else",
    "xapi//about": "the same, for clients whose endpoint ends with a slash",
    "metrics": "for whoever watches the counting, by a token of the installation",
    "api/schema/": "what the API is",
    "api/docs/": "the same for people",
}


def is_of_a_library(address: str) -> bool:
    return address.startswith(("accounts/", "admin/"))


def test_no_other_address_is_public_unless_it_says_why() -> None:
    known = [address for address, _ in every_view(get_resolver()) if not is_of_a_library(address)]
    others = [address for address in known if not is_of_a_program(address) and not is_of_a_partner(address)]
    assert set(others) == set(PUBLIC)


def test_a_view_without_roles_is_found() -> None:
    @require_GET
    def bare(request: object) -> None: ...

    assert is_guarded(for_roles("learner")(bare))  # type: ignore[arg-type]
    assert not is_guarded(bare)
    assert not is_guarded(for_roles()(bare))  # type: ignore[arg-type]


def test_an_api_view_that_checks_nothing_is_found() -> None:
    class Open(View):
        scopes = ("figures",)

    class Unchecked(ProgramApiView):
        scopes = ("figures",)
        permission_classes = ()  # type: ignore[assignment]

    assert not is_guarded(Open.as_view())
    assert not is_guarded(Unchecked.as_view())


def test_a_role_that_there_is_not_is_refused() -> None:
    with pytest.raises(ValueError, match="king"):
        for_roles("king")
