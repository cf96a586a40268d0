"""What the first page says to operators: a recount that found a difference is never only in a log."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from programs.context_processors import is_operator
from reporting.counting.models import Recount


def incidents(request: HttpRequest) -> dict[str, Any]:
    """`open_incidents`: the recounts of all programs that found a difference, for operators; read only where shown."""
    return {"open_incidents": SimpleLazyObject(lambda: open_incidents(request))}


def open_incidents(request: HttpRequest) -> list[Recount]:
    if not is_operator(request):
        return []
    return list(Recount.objects.open_incidents().select_related("program").order_by("program"))
