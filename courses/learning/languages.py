"""In which language somebody reads a course: that of the interface, until they choose another one for the content."""

import re

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

from courses.catalogue.folders.files import LANGUAGE

COOKIE = "content-language"
A_YEAR = 365 * 24 * 3600


def content_language(request: HttpRequest) -> str:
    """The language chosen by `?language=`, now or before while the interface was in the same language; else that of the
    interface."""
    interface = get_language() or "en"
    asked = request.POST.get("language") or request.GET.get("language", "")
    if is_language(asked):
        return asked
    before, _, chosen = request.COOKIES.get(COOKIE, "").partition(":")
    return chosen if before == interface and is_language(chosen) else interface


def is_language(text: str) -> bool:
    return len(text) <= 20 and bool(re.fullmatch(LANGUAGE, text))


def remember_language(request: HttpRequest, response: HttpResponse, language: str) -> None:
    """Keeps the choice for the next lesson, on this device."""
    if request.GET.get("language") == language:
        value = f"{get_language() or 'en'}:{language}"
        response.set_cookie(COOKIE, value, max_age=A_YEAR, httponly=True, samesite="Lax", secure=request.is_secure())
