"""Candidates in the browser, one after the other: the evidence side by side, and a decision in one key press."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST
from django.views.decorators.vary import vary_on_headers
from django_htmx.http import reswap, retarget

from programs.access import ProgramRequest, for_roles

from .evidence import side_by_side
from .models import AskedSearch, Candidate, Decision, Search
from .operations import (
    MAY_DECIDE,
    MOST_AT_ONCE,
    DecisionRefusedError,
    ask_for_search,
    decide_alike,
    decide_different,
    decide_later,
    decide_same,
    undo_decision,
)

DECISIONS_SHOWN = 5
LONGEST_REASON = 500
DONE = {
    Decision.Verdict.SAME: gettext_lazy("Merged: they are one person."),
    Decision.Verdict.DIFFERENT: gettext_lazy("Kept apart: they are two people."),
    Decision.Verdict.LATER: gettext_lazy("Put off."),
}


@for_roles(*MAY_DECIDE)
@require_http_methods(["GET", "HEAD"])
@vary_on_headers("HX-Request")
def candidates(request: ProgramRequest) -> HttpResponse:
    """The queue: what speaks most for one person comes first; with `?later` what was put off."""
    return _review(request, _next(request), done="")


@for_roles(*MAY_DECIDE)
@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request")
def candidate(request: ProgramRequest, pk: int) -> HttpResponse:
    """One candidate; the answer to a decision is the next one."""
    shown = get_object_or_404(_all(request), pk=pk)
    if request.method != "POST":
        return _review(request, shown, done="")
    try:
        decision = _decided(request, shown)
    except DecisionRefusedError as refusal:
        return _review(request, _all(request).get(pk=pk), done="", refusal=str(refusal))
    done = str(DONE[Decision.Verdict(decision.verdict)])
    if request.htmx:
        return _review(request, _next(request), done=done)
    messages.success(request, done)
    return redirect("candidates", request.program.code)


@for_roles(*MAY_DECIDE)
@require_POST
@vary_on_headers("HX-Request")
def undo(request: ProgramRequest, pk: int) -> HttpResponse:
    """Takes a decision back, and shows its first candidate again."""
    decision = get_object_or_404(Decision.objects.of(request.program), pk=pk)
    try:
        undo_decision(decision, at=timezone.now(), by=request.user)
    except DecisionRefusedError as refusal:
        return _review(request, _next(request), done="", refusal=str(refusal))
    rows = _all(request).filter(decided__decision=decision).order_by("pk")
    again, done = rows.filter(state=Candidate.State.OPEN).first() or rows.first(), _undone(decision, rows)
    if request.htmx:
        return _review(request, again, done=done)
    messages.success(request, done)
    return redirect("candidate", request.program.code, again.pk)


@for_roles(*MAY_DECIDE)
@require_http_methods(["GET", "HEAD", "POST"])
def alike(request: ProgramRequest, pk: int) -> HttpResponse:
    """The open candidates with the same evidence as this one: shown first, then decided together."""
    shown = get_object_or_404(_all(request), pk=pk)
    refusal = ""
    if request.method == "POST":
        try:
            return _decided_together(request)
        except DecisionRefusedError as error:
            refusal = str(error)
    everything = Candidate.objects.like(shown)
    chosen = list(everything[:MOST_AT_ONCE])
    context = {
        "candidate": shown,
        "shown": side_by_side(chosen),
        "number": everything.count(),
        "verdicts": Decision.Verdict,
        "refusal": refusal,
    }
    return render(request, "matching/alike.html", context, status=422 if refusal else 200)


@for_roles(*MAY_DECIDE)
@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request")
def search(request: ProgramRequest) -> HttpResponse:
    """Asks for a search; to a page that waits it says how it stands. With `?empty` that page shows no candidate."""
    if request.method == "POST":
        ask_for_search(request.program, at=timezone.now(), by=request.user)
    if not request.htmx:
        return redirect("candidates", request.program.code)
    context = _searches(request)
    if "empty" in request.GET and context["asked"] is None:
        return retarget(
            reswap(_review(request, _next(request), done=_("The search has ended.")), "outerHTML"), "#review"
        )
    is_over = request.method != "POST" and context["asked"] is None
    return render(request, "matching/_search.html", context | {"is_over": is_over, "is_empty": "empty" in request.GET})


def _undone(decision: Decision, rows: Any) -> str:  # noqa: ANN401 - annotated rows
    open_again = rows.filter(state=Candidate.State.OPEN).count()
    if open_again < decision.candidates:
        said = _("Undone: %(open)s of %(all)s are open again; the others were decided anew since.")
        return said % {"open": open_again, "all": decision.candidates}
    return _("Undone: it is open again.") if decision.candidates == 1 else _("Undone: all of them are open again.")


def _decided_together(request: ProgramRequest) -> HttpResponse:
    numbers = [int(text) for text in request.POST.getlist("candidate") if text.isascii() and text.isdecimal()]
    chosen = list(Candidate.objects.of(request.program).filter(pk__in=numbers).select_related("program").order_by("pk"))
    verdict = request.POST.get("action", "")
    if verdict not in (Decision.Verdict.SAME, Decision.Verdict.DIFFERENT):
        raise DecisionRefusedError(_("Choose one of the buttons of this page."))
    if request.POST.get("agreed") != "on":
        raise DecisionRefusedError(_("Tick that you have looked at each of them, then decide."))
    made = decide_alike(chosen, verdict, at=timezone.now(), by=request.user)
    messages.success(
        request,
        _("Decided %(number)s together. One undo takes all of them back.") % {"number": made.candidates},
    )
    return redirect("candidates", request.program.code)


def _decided(request: ProgramRequest, shown: Candidate) -> Decision:
    because = request.POST.get("because", "").replace("\0", "")[:LONGEST_REASON]
    given: dict[str, Any] = {"at": timezone.now(), "by": request.user}
    deeds: dict[str, Callable[[], Decision]] = {
        "same": lambda: decide_same(shown, because=because, **given),
        "different": lambda: decide_different(shown, **given),
        "later": lambda: decide_later(shown, **given),
    }
    action = request.POST.get("action", "")
    if action not in deeds:
        raise DecisionRefusedError(_("Choose one of the buttons of this page."))
    return deeds[action]()


def _all(request: ProgramRequest) -> Any:  # noqa: ANN401 - annotated rows, which django-stubs cannot name
    return Candidate.objects.of(request.program).with_roots().select_related("program", "decided_by")


def _next(request: ProgramRequest) -> Candidate | None:
    rows = Candidate.objects.of(request.program).select_related("program", "decided_by")
    return rows.put_off().first() if "later" in request.GET else rows.open().first()


def _review(request: ProgramRequest, shown: Candidate | None, *, done: str, refusal: str = "") -> HttpResponse:
    context = {
        "candidate": shown,
        "seen": side_by_side([shown])[0] if shown else None,
        "like_it": Candidate.objects.like(shown).count() if shown and shown.state == Candidate.State.OPEN else 0,
        "progress": Candidate.objects.of(request.program).progress(),
        "decisions": Decision.objects.of(request.program).standing().with_first()[:DECISIONS_SHOWN],
        **_searches(request),
        "is_empty": shown is None,
        "is_put_off": "later" in request.GET,
        "done": done,
        "refusal": refusal,
    }
    page = "matching/_review.html" if request.htmx else "matching/candidates.html"
    return render(request, page, context, status=422 if refusal else 200)


def _searches(request: ProgramRequest) -> dict[str, Any]:
    """The last search that has ended, and the one that was asked for and has not."""
    return {
        "search": Search.objects.of(request.program).first(),
        "asked": AskedSearch.objects.of(request.program).waiting().first(),
    }
