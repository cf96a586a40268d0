"""What the header of every page needs: whose program it is, and which pages the user may open, here and elsewhere."""

from typing import Any, cast
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from programs.access import OPERATOR
from programs.models import Membership, Program
from programs.navigation import Link, links_for, own_programs, role_names
from programs.sessions import memberships_brought


def program(request: HttpRequest) -> dict[str, Any]:
    """The header's variables. What it would read from the database is read only by a page that shows it, not by a part.

    A page outside /p/ that is about one program passes it to its template as `program` itself.
    """
    shown = program_shown(request)
    roles = {membership.role for membership in getattr(request, "memberships", ())} if shown else set()
    memberships = cast(list[Membership], SimpleLazyObject(lambda: memberships_of(request)))
    return {
        "program": shown,
        "roles": roles,
        "role_names": role_names(roles),
        "memberships": memberships,
        "navigation": navigation(request, shown, roles),
        "other_programs": SimpleLazyObject(lambda: other_programs(shown, memberships)),
        "sign_in_url": sign_in_url(request),
        "is_demonstration": settings.DEMO,
    }


def program_shown(request: HttpRequest) -> Program | None:
    """The program of the page, but never for an outsider: the 404 that they get must not name it."""
    is_member = bool(getattr(request, "memberships", None))
    return getattr(request, "program", None) if is_member or is_operator(request) else None


def is_operator(request: HttpRequest) -> bool:
    user = getattr(request, "user", None)
    return user is not None and user.is_authenticated and user.is_operator


def memberships_of(request: HttpRequest) -> list[Membership]:
    known: list[Membership] | None = getattr(request, "all_memberships", None)
    if known is not None:
        return known
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return []
    return memberships_brought(getattr(request, "session", None), user)


def navigation(request: HttpRequest, shown: Program | None, roles: set[str]) -> list[Link]:
    if shown is None:
        return []
    page = request.resolver_match.url_name if request.resolver_match else None
    held = roles | ({OPERATOR} if is_operator(request) else set())
    return links_for(held, shown, shown=page, memberships=getattr(request, "memberships", ()))


def other_programs(shown: Program | None, memberships: list[Membership]) -> list[Link]:
    """The user's programs but for the one shown, each by the first page that is for them there."""
    others = [own for own in own_programs(memberships) if own.program != shown]
    return [Link(own.links[0].url, own.program.name) for own in others]


def sign_in_url(request: HttpRequest) -> str:
    """The page to sign in, which leads back to the page shown unless that is itself about signing in."""
    address, back = reverse("account_login"), request.get_full_path()
    is_about_accounts = request.path.startswith("/accounts/")
    return address if back == "/" or is_about_accounts else f"{address}?{urlencode({'next': back})}"
