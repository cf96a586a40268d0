"""Mass revocations in the browser: one person proposes, another decides. No page shows whose achievements these are."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from django.views.decorators.vary import vary_on_headers

from programs.access import ProgramRequest, for_roles

from .forms import ApprovalForm, ProposalForm, UndoForm
from .models import MassRevocation
from .operations import (
    MAY_ORDER,
    MassRevocationRefusedError,
    approve_mass_revocation,
    check_proposal,
    propose_mass_revocation,
    propose_undo,
    refuse_mass_revocation,
    withdraw_mass_revocation,
)

ORDERS_ON_A_PAGE = 50


@for_roles(*MAY_ORDER)
@require_http_methods(["GET", "HEAD", "POST"])
def revocations(request: ProgramRequest) -> HttpResponse:
    """What was proposed and what came of it, and a form to propose; a proposal is shown with its number first."""
    form = ProposalForm(request.POST or None, program=request.program)
    if form.is_bound and form.is_valid() and request.POST.get("confirmed") != "change":
        answer = _answer_to_proposal(request, form)
        if answer is not None:
            return answer
    context = {"form": form, **_newest(request)}
    return render(request, "achievements/revocations.html", context, status=422 if form.errors else 200)


def _answer_to_proposal(request: ProgramRequest, form: ProposalForm) -> HttpResponse | None:
    """The page that asks to confirm, or the confirmed proposal; nothing if it is refused: the form says why."""
    asked, user, at = form.cleaned_data, request.user, timezone.now()
    try:
        if request.POST.get("confirmed") != "yes":
            proposed = MassRevocation(program=request.program, **asked, proposed_by=user, proposed_at=at)
            context = {"form": form, "order": proposed, "reach": check_proposal(proposed)}
            return render(request, "achievements/confirm.html", context)
        partner = asked.pop("partner")
        made = propose_mass_revocation(request.program, partner, **asked, proposed_by=user, at=at)
    except MassRevocationRefusedError as refusal:
        form.add_error(refusal.field, str(refusal))
        return None
    messages.success(request, _("Proposed. Nothing is revoked until another person approves it."))
    return redirect("revocation", request.program.code, made.pk)


def _newest(request: ProgramRequest) -> dict[str, Any]:
    """A page of orders; `before` in the address is the last one of the page before."""
    text = request.GET.get("before", "")
    rows = MassRevocation.objects.of(request.program)
    if text.isascii() and text.isdecimal() and len(text) < 10:
        rows = rows.filter(pk__lt=int(text))
    found = list(rows[: ORDERS_ON_A_PAGE + 1])
    shown = found[:ORDERS_ON_A_PAGE]
    return {"orders": shown, "earlier_than": shown[-1].pk if len(found) > len(shown) else None}


@for_roles(*MAY_ORDER)
@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request")
def revocation(request: ProgramRequest, pk: int) -> HttpResponse:
    """One order, and the forms to decide on it or to undo it; while it waits, the page asks again by itself."""
    order = get_object_or_404(MassRevocation.objects.of(request.program), pk=pk)
    action = request.POST.get("action", "")
    forms = {
        "approval": ApprovalForm(request.POST if action == "approve" else None),
        "undo": UndoForm(request.POST if action == "undo" else None),
    }
    refusal = ""
    if request.method == "POST":
        try:
            if made := _decided(request, order, forms):
                return redirect("revocation", request.program.code, made.pk)
        except MassRevocationRefusedError as error:
            refusal = str(error)
            order = MassRevocation.objects.of(request.program).get(pk=pk)
    context = {**_order_as_it_is(request, order), **forms, "refusal": refusal}
    page = "achievements/_revocation.html" if request.htmx else "achievements/revocation.html"
    return render(request, page, context, status=422 if request.method == "POST" else 200)


def _decided(request: ProgramRequest, order: MassRevocation, forms: dict[str, Any]) -> MassRevocation | None:
    """Does what the form asks for; answers the order to look at, or nothing if a field is wrong."""
    action, user, at = request.POST.get("action", ""), request.user, timezone.now()
    approval, undo = forms["approval"], forms["undo"]
    deeds: dict[str, Callable[[], MassRevocation]] = {
        "approve": lambda: approve_mass_revocation(order, approved_by=user, seen=approval.cleaned_data["seen"], at=at),
        "refuse": lambda: refuse_mass_revocation(order, refused_by=user, at=at),
        "withdraw": lambda: withdraw_mass_revocation(order, withdrawn_by=user, at=at),
        "undo": lambda: propose_undo(order, reason=undo.cleaned_data["reason"], proposed_by=user, at=at),
    }
    if action not in deeds:
        raise MassRevocationRefusedError(_("Choose one of the buttons of this page."))
    if any(form.is_bound and not form.is_valid() for form in (approval, undo)):
        return None
    return deeds[action]()


def _order_as_it_is(request: ProgramRequest, order: MassRevocation) -> dict[str, Any]:
    """The order with what it would take now, if nobody has decided, or what an undo would restore."""
    can_be_undone = order.carried_out_at is not None and not order.is_undo
    undone_by = order.undos.in_force().first() if can_be_undone else None
    left = order.leaves_to_undo().reach() if can_be_undone and undone_by is None else None
    return {
        "order": order,
        "reach": order.takes().reach() if order.is_open else None,
        "is_own": order.proposed_by == request.user,
        "undone_by": undone_by,
        "left": left,
    }
