from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from programs.models import Program


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The first page: what Uplift is, the user's programs, and the programs that anybody may join."""
    return render(request, "programs/home.html", {"programs": Program.objects.open_to_learners()})


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """For a load balancer: 200 and "ok" while this process can reach its database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")
