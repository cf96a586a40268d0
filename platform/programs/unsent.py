"""What somebody wrote and could not be taken, because they were signed out while they wrote, or signed in again
elsewhere: the answer is a page that holds all of it and sends it again. Nothing of it is stored here."""

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.csrf import csrf_failure as refused

MOST_FIELDS, LONGEST = 100, 1_000_000  # fields, and characters of all of them together
TOKEN = "csrfmiddlewaretoken"  # noqa: S105 - a name
BACK = "unsent"

View = Callable[..., HttpResponseBase]


def keeps_words(*names: str) -> Callable[[View], View]:
    """Decorates a page with forms, outside `for_roles`: what somebody who is not signed in posts to it comes back to
    them on a page, if they wrote anything into the fields with these names. Never name a password."""

    def decorate(view: View) -> View:
        @wraps(view)
        def keeping(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            if request.user.is_authenticated:
                say_where_it_waits(request)
                return view(request, *args, **kwargs)
            return unsent_page(request, names) if can_be_kept(request, names) else view(request, *args, **kwargs)

        keeping.kept_words = names  # type: ignore[attr-defined]  # read by csrf_failure
        return keeping

    return decorate


def say_where_it_waits(request: HttpRequest) -> None:
    """To who has come here by signing in from the page that keeps what they wrote."""
    if BACK in request.GET and request.method == "GET":
        messages.info(request, _("You are signed in. What you wrote waits in the other tab: send it again there."))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's page for a form whose token is not the reader's; on pages that keep it, with what was written.

    Kept is only what a page of ours sent: else any site could lay words into a form that has a token.
    """
    view = request.resolver_match.func if request.resolver_match else None
    names: tuple[str, ...] = getattr(view, "kept_words", ())
    if is_from_here(request) and can_be_kept(request, names):
        return unsent_page(request, names)
    return refused(request, reason)


def is_from_here(request: HttpRequest) -> bool:
    """Whether the browser says that the form stood on a page of this site; browsers say so of every form they post."""
    origin = request.headers.get("Origin", "")
    return origin == f"{request.scheme}://{request.get_host()}" or origin in settings.CSRF_TRUSTED_ORIGINS


def can_be_kept(request: HttpRequest, names: tuple[str, ...]) -> bool:
    if request.method != "POST" or request.FILES or request.htmx:  # type: ignore[attr-defined]  # HtmxMiddleware
        return False
    fields = posted(request)
    is_short = len(fields) <= MOST_FIELDS and sum(len(name) + len(value) for name, value in fields) <= LONGEST
    return is_short and any(name in names and value.strip() for name, value in fields)


def posted(request: HttpRequest) -> list[tuple[str, str]]:
    """The fields of the form in order, without its token."""
    return [(name, value) for name, values in request.POST.lists() if name != TOKEN for value in values]


def unsent_page(request: HttpRequest, names: tuple[str, ...]) -> HttpResponse:
    fields = posted(request)
    back = urlencode({"next": f"{request.path}?{urlencode({BACK: 1})}"})
    context = {
        "words": [field for field in fields if field[0] in names and field[1]],
        "others": [field for field in fields if field[0] not in names or not field[1]],
        "sign_in_address": f"{reverse('account_login')}?{back}",
        "sign_in_url": "#sign-in",  # the header's link must not lead away from what was written
        "cookie": settings.CSRF_COOKIE_NAME,
    }
    return render(request, "programs/unsent.html", context, status=403)
