"""Parts of pages that are the same whenever they are given the same: rendered once in each process and kept.

What a reader has of their own is left open: the token of their browser, the address of the page and the key of a form
stand as marks that nobody can guess, and are put in at the end.
"""

from collections.abc import Callable, Hashable
from functools import lru_cache
from secrets import token_hex
from typing import Any

from django.template.loader import get_template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

PARTS = 20_000
TOKEN, ADDRESS, FORM_KEY = (token_hex(16) for _ in range(3))
MARKS = {"csrf_token": TOKEN, "address": ADDRESS, "form_key": FORM_KEY}

Build = Callable[..., dict[str, Any]]


def kept(template: str, build: Build = dict, /, **values: Hashable) -> str:
    """The template rendered with `build(**values)` and in the language of the reader, the marks still in it.

    Both must depend on nothing else: no request, no database, no clock.
    """
    return _rendered(template, get_language(), build, tuple(values.items()))


@lru_cache(PARTS)
def _rendered(template: str, language: str | None, build: Build, values: tuple[tuple[str, Hashable], ...]) -> str:
    return get_template(template).render({**MARKS, **build(**dict(values))})


def opened(html: str, *, token: str = "", address: str = "", form_key: str = "") -> SafeString:
    """Puts in what is the reader's own."""
    own = html.replace(TOKEN, escape(token)).replace(ADDRESS, escape(address)).replace(FORM_KEY, form_key)
    return mark_safe(own)  # noqa: S308 - rendered by templates, and what is put in is escaped
