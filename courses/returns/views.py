"""Partners' files in the browser: who manages a partner sees its own, who manages the program sees all."""

import csv
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from courses.catalogue.models import Course
from programs.access import ProgramRequest, for_roles
from programs.models import Code, Role

from .forms import UploadForm
from .models import Return, ReturnProfile, ReturnQuerySet
from .operations import load_trial, receive_return
from .overview import overview_of
from .partner_views import about_partner, only_partner_of
from .profiles import Definition
from .rejected import rejected_csv, rejected_name
from .template_workbook import template_workbook

RETURNS_ON_A_PAGE = ROWS_ON_A_PAGE = 50
REASONS_SHOWN = 20


@for_roles(Role.PROGRAM_MANAGER, Role.PARTNER_MANAGER)
@require_http_methods(["GET", "HEAD", "POST"])
def returns(request: ProgramRequest) -> HttpResponse:
    """What was sent, and a form to send more."""
    form = UploadForm(request)
    if form.is_bound and form.is_valid():
        return redirect("return", request.program.code, _received(request, form).pk)
    context = {"form": form, "own_partner": form.own_partner, **_own(request), **_newest(request), **_formats(request)}
    return render(request, "returns/returns.html", context, status=422 if form.errors else 200)


def _received(request: ProgramRequest, form: UploadForm) -> Return:
    return receive_return(
        request.program,
        form.sender,
        form.cleaned_data["profile"],
        file_name=form.file_sent.name or "",
        content=form.file_sent.chunks(),
        received_by=request.user,
        received_at=timezone.now(),
        is_trial=form.cleaned_data["is_trial"],
    )


def _visible(request: ProgramRequest) -> ReturnQuerySet:
    rows = Return.objects.of(request.program)
    return rows if request.has_role(Role.PROGRAM_MANAGER) else rows.filter(partner__in=request.partners)


def _own(request: ProgramRequest) -> dict[str, Any]:
    """What is due and how good it is, of the partner whom the user manages; of several, a line of each."""
    if only := only_partner_of(request):
        return about_partner(request, only)
    lines = [] if request.has_role(Role.PROGRAM_MANAGER) else request.partners
    return {"lines": overview_of(request.program, lines, at=timezone.now()) if lines else []}


def _newest(request: ProgramRequest) -> dict[str, Any]:
    """A page of returns; `before` in the address is the last one of the page before."""
    before = _position(request, "before")
    rows = _visible(request)
    found = list((rows.filter(pk__lt=before) if before else rows)[: RETURNS_ON_A_PAGE + 1])
    shown = found[:RETURNS_ON_A_PAGE]
    return {"returns": shown, "earlier_than": shown[-1].pk if len(found) > len(shown) else None}


def _formats(request: ProgramRequest) -> dict[str, Any]:
    """What a file may hold: each profile's columns, and the program's codes."""
    profiles = ReturnProfile.objects.of_files(request.program)
    return {
        "formats": [(profile, Definition.of(profile.definition)) for profile in profiles],
        "codes": Code.objects.filter(program=request.program).order_by("kind", "position"),
        "courses": Course.objects.of(request.program).order_by("code"),
    }


def _position(request: ProgramRequest, name: str) -> int:
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


@for_roles(Role.PROGRAM_MANAGER, Role.PARTNER_MANAGER)
@require_safe
@vary_on_headers("HX-Request")
def return_page(request: ProgramRequest, pk: int) -> HttpResponse:
    """How one file ended; while it waits, the page asks again by itself."""
    shown = get_object_or_404(_visible(request), pk=pk)
    after = _position(request, "after")
    found = list(shown.held_rows.in_file_order().filter(number__gt=after)[: ROWS_ON_A_PAGE + 1])
    rows = found[:ROWS_ON_A_PAGE]
    context = {
        "return": shown,
        "reasons": shown.held_rows.reasons()[:REASONS_SHOWN] if shown.quarantined else [],
        "rows": rows,
        "is_file_kept": shown.status == Return.Status.TRIED and shown.pieces.exists(),
        "is_later_page": after > 0,
        "later_than": rows[-1].number if len(found) > len(rows) else None,
    }
    return render(request, "returns/_return.html" if request.htmx else "returns/return.html", context)


@for_roles(Role.PROGRAM_MANAGER, Role.PARTNER_MANAGER)
@require_POST
def load_tried(request: ProgramRequest, pk: int) -> HttpResponse:
    """Loads a file that was tried, as long as it is kept."""
    trial = get_object_or_404(_visible(request), pk=pk)
    if not load_trial(trial):
        messages.error(
            request, _("The file is no longer kept, or was loaded already. Send it again if it is not below.")
        )
    return redirect("return", request.program.code, pk)


@for_roles(Role.PROGRAM_MANAGER, Role.PARTNER_MANAGER)
@require_safe
def rejected_rows(request: ProgramRequest, pk: int) -> StreamingHttpResponse:
    """The rows in quarantine as a file, to mend and to send again."""
    shown = get_object_or_404(_visible(request), pk=pk)
    return StreamingHttpResponse(
        rejected_csv(shown),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{rejected_name(shown)}"'},
    )


@for_roles(Role.PROGRAM_MANAGER, Role.PARTNER_MANAGER)
@require_safe
def return_template(request: ProgramRequest, profile: str) -> HttpResponse:
    """An empty file with the columns that the profile reads."""
    shown = get_object_or_404(ReturnProfile.objects.of_files(request.program), code=profile)
    definition = Definition.of(shown.definition)
    response = HttpResponse(
        content_type=f"text/csv; charset={definition.encoding}",
        headers={"Content-Disposition": f'attachment; filename="{shown.code}.csv"'},
    )
    csv.writer(response, delimiter=definition.delimiter).writerow(definition.columns)
    return response


@for_roles(Role.PROGRAM_MANAGER, Role.PARTNER_MANAGER)
@require_safe
def return_workbook(request: ProgramRequest, profile: str) -> HttpResponse:
    """An empty workbook of the profile, with the program's codes to choose from."""
    shown = get_object_or_404(ReturnProfile.objects.of_files(request.program), code=profile)
    return HttpResponse(
        template_workbook(shown),
        content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        headers={"Content-Disposition": f'attachment; filename="{shown.code}.xlsx"'},
    )
