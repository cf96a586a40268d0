from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from programs.access import OPERATOR, ProgramRequest, for_roles
from programs.models import Role
from reporting.counting.freshness import freshness
from reporting.dashboards.figures import daily_of, totals_of
from reporting.dashboards.page import Dashboard
from reporting.dashboards.selection import Selection

# Exact figures are for those who steer the program; everybody else is sent to the page that is theirs.
PAGES = {Role.MINISTRY: "figures", Role.PARTNER_MANAGER: "returns", Role.LEARNER: "learn"}


@require_safe
@for_roles(Role.PROGRAM_MANAGER, OPERATOR, Role.MINISTRY, Role.PARTNER_MANAGER, Role.LEARNER)
@vary_on_headers("HX-Request", "HX-History-Restore-Request")
def dashboard(request: ProgramRequest) -> HttpResponse:
    """Target, actual and pace of a measure, by region and partner; only figures, for whoever swaps them in by htmx."""
    if not request.has_role(Role.PROGRAM_MANAGER, OPERATOR):
        page = next(page for role, page in PAGES.items() if request.has_role(role))
        return redirect(page, request.program.code)
    selection = Selection.from_query(request.program, request.GET)
    context = {
        "shown": selection and figures_of(selection),
        "freshness": freshness(request.program, at=timezone.now()),
    }
    is_part = request.htmx and not request.htmx.history_restore_request
    return render(request, f"dashboards/{'_figures' if is_part else 'dashboard'}.html", context)


def figures_of(selection: Selection) -> Dashboard:
    region = selection.region.code if selection.region else None
    return Dashboard(
        selection=selection,
        totals=totals_of(selection.version),
        daily=daily_of(selection.version, region=region, partner=selection.partner),
        today=selection.program.today(),
    )
