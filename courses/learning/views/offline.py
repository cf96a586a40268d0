"""Lessons that can be read without a connection: the worker that keeps them in the browser."""

import hashlib
import hmac

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

WORKER = "learning/worker.js"


@require_safe
@never_cache
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker, at the root, because it may only see pages below its own address."""
    with open(str(finders.find(WORKER)), "rb") as file:
        return HttpResponse(file.read(), content_type="text/javascript; charset=utf-8")


def owner_of(user_id: int) -> str:
    """A name for what a browser keeps for a reader: it tells readers apart, and says nothing about them."""
    return hmac.new(settings.SECRET_KEY.encode(), f"offline {user_id}".encode(), hashlib.sha256).hexdigest()[:16]


def kept_offline(response: HttpResponse) -> HttpResponse:
    """Marks a page that the reader's own browser may keep."""
    response["X-Keep"] = "1"
    return response
