"""What every page's header needs: whose program is shown, and which pages the user's roles open in it and elsewhere."""

from collections.abc import Iterable
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject

from programs.access import OPERATOR
from programs.models import Membership, Program, Role


class Page(NamedTuple):
    """An entry of the header: the page's URL name, for whom it is, and the URL names of the pages below it."""

    name: str
    label: str
    roles: tuple[str, ...]
    below: tuple[str, ...] = ()


class Link(NamedTuple):
    url: str
    label: str
    is_current: bool = False


PAGES = [
    Page("dashboard", "Dashboard", (Role.PROGRAM_MANAGER, OPERATOR)),
    Page("learn", "Learn", (Role.LEARNER,), ("course", "lesson", "assessment")),
    Page("credentials", "My credentials", (Role.LEARNER,)),
    Page("returns", "Returns", (Role.PARTNER_MANAGER, Role.PROGRAM_MANAGER), ("return",)),
    Page("figures", "Published figures", (Role.PROGRAM_MANAGER, Role.MINISTRY)),
    Page("tokens", "API tokens", (Role.PROGRAM_MANAGER, Role.MINISTRY)),
]


def program(request: HttpRequest) -> dict[str, Any]:
    """The header's variables; the rows behind them are read only by a page that shows them, not by a part of one.

    A public page that is about a program passes it to its template as `program` itself.
    """
    shown = program_shown(request)
    rows = SimpleLazyObject(lambda: list(memberships_of(request)))
    here = set(getattr(request, "memberships", ()) if shown else ())
    return {
        "program": shown,
        "memberships": rows,
        "roles": here,
        "role_names": [Role(role).label for role in Role.values if role in here],
        "navigation": SimpleLazyObject(lambda: navigation_of(request, shown, here)),
        "other_programs": SimpleLazyObject(lambda: other_programs(shown, rows)),
        "sign_in_url": sign_in_url(request),
    }


def program_shown(request: HttpRequest) -> Program | None:
    """The request's program, but never to an outsider: the 404 that they get must not name it."""
    if getattr(request, "memberships", None) or getattr(getattr(request, "user", None), "is_operator", False):
        return getattr(request, "program", None)
    return None


def memberships_of(request: HttpRequest) -> Iterable[Membership]:
    user = getattr(request, "user", None)
    return Membership.objects.of_user(user) if user is not None and user.is_authenticated else []


def navigation_of(request: HttpRequest, shown: Program | None, roles: set[str]) -> list[Link]:
    """The pages of the program that somebody with these roles may open; an operator has the operators' pages."""
    if shown is None:
        return []
    here = request.resolver_match.url_name if request.resolver_match else None
    held = roles | ({OPERATOR} if request.user.is_authenticated and request.user.is_operator else set())
    return [
        Link(reverse(page.name, args=[shown.code]), page.label, here in (page.name, *page.below))
        for page in PAGES
        if held.intersection(page.roles) and exists(page.name, shown)
    ]


def exists(name: str, shown: Program) -> bool:
    try:
        return bool(reverse(name, args=[shown.code]))
    except NoReverseMatch:
        return False


def other_programs(shown: Program | None, memberships: Iterable[Membership]) -> list[Link]:
    """The user's programs but for the one shown, each by the first page that it has for their roles."""
    others = {row.program_id: row for row in memberships if shown is None or row.program_id != shown.pk}
    return [Link(first_page(row), row.program.name) for row in others.values()]


def first_page(membership: Membership) -> str:
    """Where somebody with this role starts."""
    page = next(page for page in PAGES if membership.role in page.roles)
    return reverse(page.name, args=[membership.program.code])


def sign_in_url(request: HttpRequest) -> str:
    """The sign-in page, which leads back to where one was."""
    address, back = reverse("account_login"), request.get_full_path()
    return address if back == "/" or back.startswith(reverse("account_login")[:-6]) else f"{address}?{urlencode({'next': back})}"
