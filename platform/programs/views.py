from collections import defaultdict

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from programs.models import Membership, Program, Role, Target
from programs.navigation import own_programs


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The first page: what Uplift is, the user's programs by role, and the programs that they may join as a learner."""
    user = request.user
    memberships = list(Membership.objects.of_user(user)) if user.is_authenticated else []
    context = {
        "own_programs": own_programs(memberships),
        "open_programs": open_programs(learns_in=[row.program_id for row in memberships if row.role == Role.LEARNER]),
        "other_programs": [],  # the page itself shows them
    }
    return render(request, "programs/home.html", context)


def open_programs(*, learns_in: list[int]) -> list[tuple[Program, list[Target]]]:
    """The programs open to learners, but for those in which one is a learner already, with their targets."""
    programs = Program.objects.open_to_learners().exclude(pk__in=learns_in)
    targets = Target.objects.filter(program__in=programs).select_related("measure_version__measure")
    by_program: dict[int, list[Target]] = defaultdict(list)
    for target in targets.order_by("position", "pk"):
        by_program[target.program_id].append(target)
    return [(program, by_program[program.pk]) for program in programs]


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """For a load balancer: 200 and "ok" while this process can reach its database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")
