"""In which language somebody reads: the one chosen here, else the one chosen elsewhere, else what the browser asks for.

The choice is in a cookie, and on the user, so that signing in on another device brings it along.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils import translation

from accounts.models import User


def is_offered(language: str) -> bool:
    return language in dict(settings.LANGUAGES)


def language_for(user: object) -> str:
    """The language in which the user is to be written to: their own choice, else that of the request."""
    chosen = user.language if isinstance(user, User) else ""
    return chosen if is_offered(chosen) else translation.get_language() or settings.LANGUAGE_CODE


def chosen_here(request: HttpRequest) -> str:
    """The language chosen in this browser; empty if none was."""
    language = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    return language if is_offered(language) else ""


def remember_here(response: HttpResponseBase, language: str) -> None:
    """Makes the language the choice of this browser."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        path=settings.LANGUAGE_COOKIE_PATH,
        domain=settings.LANGUAGE_COOKIE_DOMAIN,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
    )
