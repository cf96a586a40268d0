"""What a partner owes and how good its returns are: a page a partner, and one of all for who manages the program."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from programs.access import ProgramRequest, for_roles
from programs.models import Partner, PartnerQuerySet, Role

from .due import standing_of
from .forms import ScheduleForm
from .models import NothingToReport, ReportingSchedule, Return
from .operations import ScheduleRefusedError, say_nothing_to_report, withdraw_nothing_to_report
from .overview import Line, overview_of
from .quality import DEDUCTIONS, LATE, places_of, quality_of

PERIODS_SHOWN, SCHEDULES_SHOWN, RETURNS_SHOWN = 13, 5, 10


@for_roles(Role.PROGRAM_MANAGER)
@require_http_methods(["GET", "HEAD", "POST"])
def partners(request: ProgramRequest) -> HttpResponse:
    """All partners, who needs most first; a schedule for all of them that have none."""
    lines = overview_of(request.program, list(partners_seen_by(request)), at=timezone.now())
    without = [line.partner for line in lines if not line.is_scheduled]
    form = ScheduleForm(request.POST or None, today=request.program.today())
    if form.is_bound and form.save(without, at=timezone.now(), by=request.user):
        messages.success(
            request, _("Set for %(number)s partners: %(schedule)s.") % {"number": len(without), "schedule": form.words}
        )
        return redirect("partners", request.program.code)
    context = {"lines": lines, "form": form, "without": without, "sums": _sums(lines)}
    return render(request, "returns/partners.html", context, status=422 if form.errors else 200)


@for_roles(Role.PROGRAM_MANAGER, Role.PARTNER_MANAGER)
@require_http_methods(["GET", "HEAD", "POST"])
def partner(request: ProgramRequest, code: str) -> HttpResponse:
    """One partner: what is due, its quality, what it sent last; who manages the program sets its schedule here."""
    shown = get_object_or_404(partners_seen_by(request), code=code)
    form = _schedule_form(request, shown)
    if form and form.is_bound and form.save([shown], at=timezone.now(), by=request.user):
        messages.success(request, _("Set: %(schedule)s.") % {"schedule": form.words})
        return redirect("partner", request.program.code, code)
    context = {
        "schedule_form": form,
        "schedules": ReportingSchedule.objects.of_partner(shown)[:SCHEDULES_SHOWN] if form else [],
        "returns": Return.objects.of(request.program).filter(partner=shown)[:RETURNS_SHOWN],
        **about_partner(request, shown),
    }
    return render(request, "returns/partner.html", context, status=422 if form and form.errors else 200)


@for_roles(Role.PROGRAM_MANAGER, Role.PARTNER_MANAGER)
@require_POST
def nothing_to_report(request: ProgramRequest, code: str) -> HttpResponse:
    """Closes a period of which there is nothing to report."""
    shown = get_object_or_404(partners_seen_by(request), code=code)
    try:
        first_on = date.fromisoformat(request.POST.get("period", ""))
        say_nothing_to_report(shown, first_on, at=timezone.now(), by=request.user)
    except ValueError:
        messages.error(request, _("Choose one of the buttons of this page."))
    except ScheduleRefusedError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Noted: nothing to report. It can be taken back below."))
    return _back(request, shown)


@for_roles(Role.PROGRAM_MANAGER, Role.PARTNER_MANAGER)
@require_POST
def undo_nothing_to_report(request: ProgramRequest, code: str, pk: int) -> HttpResponse:
    """Opens such a period again."""
    shown = get_object_or_404(partners_seen_by(request), code=code)
    said = get_object_or_404(NothingToReport, pk=pk, partner=shown)
    withdraw_nothing_to_report(said, at=timezone.now(), by=request.user)
    messages.success(request, _("Taken back: the period is open again."))
    return _back(request, shown)


def partners_seen_by(request: ProgramRequest) -> PartnerQuerySet:
    """All that report for who manages the program, the own ones for who manages partners."""
    reporting = Partner.objects.filter(program=request.program).that_report()
    if request.has_role(Role.PROGRAM_MANAGER):
        return reporting
    return reporting.filter(memberships__in=request.memberships)


def only_partner_of(request: ProgramRequest) -> Partner | None:
    """The partner of somebody who manages just one, and not the program: their page of returns is about it."""
    is_alone = len(request.partners) == 1 and not request.has_role(Role.PROGRAM_MANAGER)
    return request.partners[0] if is_alone else None


def about_partner(request: ProgramRequest, shown: Partner) -> dict[str, Any]:
    """What the parts about due periods and about quality show."""
    at = timezone.now()
    standing = standing_of(shown, today=request.program.day_of(at))
    quality, places = quality_of(shown, at=at), places_of(shown, at=at)
    return {
        "partner": shown,
        "schedule": ReportingSchedule.objects.of_partner(shown).first(),
        "standing": standing,
        "periods": standing.periods[:PERIODS_SHOWN],
        "earlier_overdue": len([each for each in standing.periods[PERIODS_SHOWN:] if each.state == "overdue"]),
        "quality": quality,
        "reasons": [(reason, places.get(reason.deduction.code, [])) for reason in quality.reasons],
        "deductions": DEDUCTIONS,
        "late_after": LATE,
    }


def _schedule_form(request: ProgramRequest, shown: Partner) -> ScheduleForm | None:
    if not request.has_role(Role.PROGRAM_MANAGER):
        if request.method == "POST":
            raise Http404
        return None
    holds = ReportingSchedule.objects.of_partner(shown).first()
    return ScheduleForm(request.POST or None, today=request.program.today(), holds=holds)


def _sums(lines: list[Line]) -> dict[str, int]:
    return {
        "overdue": len([line for line in lines if line.standing.overdue]),
        "due": len([line for line in lines if not line.standing.overdue and line.standing.next_due]),
        "without": len([line for line in lines if not line.is_scheduled]),
    }


def _back(request: ProgramRequest, shown: Partner) -> HttpResponse:
    if only_partner_of(request):
        return redirect("returns", request.program.code)
    return redirect("partner", request.program.code, shown.code)
