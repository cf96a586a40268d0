"""Who may see what: every page under /p/<program>/ says which roles it is for, and everybody else gets 404."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.views import redirect_to_login
from django.core.handlers.wsgi import WSGIRequest
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from accounts.models import User
from programs.models import Membership, Partner, Program, Role
from programs.sessions import memberships_brought

OPERATOR = "operator"
P = ParamSpec("P")


class ProgramRequest(WSGIRequest):
    """A request by somebody who has one of the page's roles in the program."""

    user: User
    htmx: HtmxDetails
    program: Program
    memberships: list[Membership]  # in this program
    all_memberships: list[Membership]  # in every program

    def has_role(self, *roles: str) -> bool:
        held = {membership.role for membership in self.memberships}
        return not held.isdisjoint(roles) or (OPERATOR in roles and self.user.is_operator)

    @property
    def partners(self) -> list[Partner]:
        """The partners that the user manages here, by name; none for anybody who has another role only."""
        return [membership.partner for membership in self.memberships if membership.partner]


ProgramView = Callable[Concatenate[ProgramRequest, P], HttpResponseBase]


def for_roles(*roles: str) -> Callable[[ProgramView[P]], Callable[..., HttpResponseBase]]:
    """Decorates a view at `/p/<slug:program>/…` with the roles that it is for.

    The view gets a `ProgramRequest`. Who is not signed in is asked to sign in, whether or not the program exists; who
    has none of the roles gets 404, as for no such program. Raises ValueError for a role that there is not.
    """
    if unknown := set(roles) - {*Role.values, OPERATOR}:
        raise ValueError(f"There is no role {', '.join(sorted(unknown))}.")

    def decorate(view: ProgramView[P]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def guarded(request: HttpRequest, program: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return ask_to_sign_in(request)
            return view(admitted(request, program, roles), *args, **kwargs)

        guarded.roles = roles  # type: ignore[attr-defined]  # read by tests/test_house/test_access.py
        return guarded

    return decorate


def ask_to_sign_in(request: HttpRequest) -> HttpResponseBase:
    """Leads to the sign-in page and back; where HTMX asked for a part of a page, the whole page goes there."""
    htmx: HtmxDetails = request.htmx  # type: ignore[attr-defined]  # set by HtmxMiddleware
    if not htmx:
        return redirect_to_login(request.get_full_path())
    return HttpResponseClientRedirect(redirect_to_login(htmx.current_url_abs_path or "/").url)


def admitted(request: HttpRequest, code: str, roles: tuple[str, ...]) -> ProgramRequest:
    """The request with its program and the user's memberships; raises Http404 for anybody who has none of the roles."""
    request.__class__ = ProgramRequest  # the same object, so that middleware and templates see what the view sees
    asked = cast(ProgramRequest, request)
    asked.all_memberships = memberships_brought(getattr(request, "session", None), asked.user)
    asked.memberships = [one for one in asked.all_memberships if one.program.code == code]
    if not asked.has_role(*roles):
        raise Http404
    # Only now: an outsider's 404 page must not know it.
    asked.program = asked.memberships[0].program if asked.memberships else get_object_or_404(Program, code=code)
    return asked
