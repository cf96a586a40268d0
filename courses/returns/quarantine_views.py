"""Flagged rows in the browser: one group after the other, the evidence side by side, a decision in one key press."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from programs.access import ProgramRequest, for_roles
from programs.models import Partner

from .anomalies import DEFAULTS, MEANINGS, ParametersRefusedError
from .evidence import findings, first_rows, group_from, sheet_of
from .models import AnomalyRule, Group, HeldRow, QuarantineDecision, RuleChange
from .operations import (
    MAY_DECIDE,
    QuarantineRefusedError,
    change_rule,
    dismiss_rows,
    ensure_rules,
    release_rows,
    undo_quarantine_decision,
)
from .sealing import Seal

GROUPS_SHOWN, ROWS_SHOWN, DECISIONS_SHOWN, CHANGES_SHOWN = 30, 20, 10, 10
LONGEST_REASON = 500
BY_THE_EVIDENCE, TAKEN_BACK = "decided by the evidence shown", "taken back without a reason"
DONE = {
    "release": gettext_lazy("Released: a worker takes the rows in."),
    "dismiss": gettext_lazy("Dismissed: the rows stay out."),
}


@for_roles(*MAY_DECIDE)
@require_safe
def quarantine(request: ProgramRequest) -> HttpResponse:
    """The queue: the largest group is shown, or the one that the address names."""
    return _shown(request, group_from(request.GET))


@for_roles(*MAY_DECIDE)
@require_POST
def decide(request: ProgramRequest) -> HttpResponse:
    """Releases or dismisses the waiting rows of a group, or one of them."""
    group = group_from(request.POST)
    try:
        made = _decided(request, group)
    except QuarantineRefusedError as refusal:
        return _shown(request, group, refusal=str(refusal))
    messages.success(request, DONE[made.verdict])
    return redirect("quarantine", request.program.code)


@for_roles(*MAY_DECIDE)
@require_POST
def undo(request: ProgramRequest, pk: int) -> HttpResponse:
    """Takes a decision back."""
    decision = get_object_or_404(QuarantineDecision.objects.of(request.program), pk=pk)
    try:
        undo_quarantine_decision(decision, because=_because(request, TAKEN_BACK), at=timezone.now(), by=request.user)
    except QuarantineRefusedError as refusal:
        return _shown(request, None, refusal=str(refusal))
    messages.success(request, _("Undone: the rows wait again."))
    return redirect("quarantine", request.program.code)


@for_roles(*MAY_DECIDE)
@require_http_methods(["GET", "HEAD", "POST"])
def rules(request: ProgramRequest) -> HttpResponse:
    """Switches and thresholds, and who changed them."""
    faults: list[str] = []
    if request.method == "POST":
        try:
            rule = _changed(request)
        except ParametersRefusedError as refusal:
            faults = refusal.faults
        else:
            messages.success(request, _("Saved: %(rule)s.") % {"rule": rule})
            return redirect("quarantine-rules", request.program.code)
    ensure_rules(request.program)
    changes = RuleChange.objects.filter(program=request.program).select_related("rule", "changed_by").order_by("-pk")
    context = {
        "rules": [_as_form(rule) for rule in _in_order(request)],
        "changes": changes[:CHANGES_SHOWN],
        "faults": faults,
    }
    return render(request, "returns/rules.html", context, status=422 if faults else 200)


def _decided(request: ProgramRequest, group: Group | None) -> QuarantineDecision:
    operation = {"release": release_rows, "dismiss": dismiss_rows}.get(request.POST.get("action", ""))
    if group is None or operation is None:
        raise QuarantineRefusedError(_("Choose one of the buttons of this page."))
    if not Partner.objects.filter(program=request.program, pk=group.partner_id).exists():
        raise QuarantineRefusedError(_("No row of this group waits here. Load the page again."))
    number = request.POST.get("row", "")
    waiting = HeldRow.objects.flagged(request.program).in_group(group)
    row = get_object_or_404(waiting, pk=int(number)) if number.isascii() and number.isdecimal() else None
    return operation(
        request.program, group, because=_because(request), at=timezone.now(), by=request.user, row=row
    )  # fmt: skip


def _because(request: ProgramRequest, without: str = BY_THE_EVIDENCE) -> str:
    return request.POST.get("because", "").replace("\0", "").strip()[:LONGEST_REASON] or without


def _shown(request: ProgramRequest, group: Group | None, *, refusal: str = "") -> HttpResponse:
    waiting = HeldRow.objects.waiting(request.program)
    groups = _groups(request, waiting.groups()[: GROUPS_SHOWN + 1])
    chosen = next((each for each in groups if each["group"] == group), groups[0] if groups and group is None else None)
    rows = first_rows(waiting.in_group(chosen["group"]), ROWS_SHOWN) if chosen else []
    context = {
        "groups": groups[:GROUPS_SHOWN],
        "are_more": len(groups) > GROUPS_SHOWN,
        "chosen": chosen,
        "findings": findings(rows[0], request.program) if rows else [],
        "sheet": sheet_of(rows, Seal(request.program)) if rows else None,
        "decisions": _decisions(request),
        "refusal": refusal,
    }
    return render(request, "returns/quarantine.html", context, status=422 if refusal else 200)


def _groups(request: ProgramRequest, found: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - rows of `groups()`
    partners = Partner.objects.in_bulk({each["of_return__partner"] for each in found})
    labels = {kind: str(label) for kind, label in AnomalyRule.Kind.choices}
    first_of = HeldRow.objects.only("evidence").in_bulk([each["first"] for each in found])
    return [
        {
            "group": Group(each["of_return__partner"], each["rule"], each["group"], each["also"]),
            "partner": partners[each["of_return__partner"]],
            "rule": labels[each["rule"]],
            "found": findings(first_of[each["first"]], request.program)[0].words,
            "also": [labels[kind] for kind in each["also"].split()],
            "rows": each["rows"],
            "returns": each["returns"],
            "url": f"{reverse('quarantine', args=[request.program.code])}?{_address(each)}",
        }
        for each in found
    ]


def _address(found: dict[str, Any]) -> str:
    asked = QueryDict(mutable=True)
    asked.update(
        {"partner": str(found["of_return__partner"])} | {name: found[name] for name in ("rule", "group", "also")}
    )
    return asked.urlencode()


def _decisions(request: ProgramRequest) -> list[dict[str, Any]]:
    """The log, the newest first; what can still be undone is marked."""
    found = list(QuarantineDecision.objects.of(request.program)[:DECISIONS_SHOWN])
    undone = set(QuarantineDecision.objects.filter(undoes__in=found).values_list("undoes", flat=True))
    labels = dict(AnomalyRule.Kind.choices)
    return [
        {"decision": each, "rule": labels[each.rule], "can_undo": each.verdict != "undo" and each.pk not in undone}
        for each in found
    ]


def _in_order(request: ProgramRequest) -> list[AnomalyRule]:
    kept = {rule.kind: rule for rule in AnomalyRule.objects.of(request.program)}
    return [kept[kind] for kind in AnomalyRule.Kind.values]


def _as_form(rule: AnomalyRule) -> dict[str, Any]:
    values = DEFAULTS[rule.kind] | rule.parameters
    numbers = [(name, words, values[name]) for name, words in MEANINGS[rule.kind].items()]
    texts = [(name, "\n".join(value)) for name, value in values.items() if isinstance(value, list)]
    return {"rule": rule, "numbers": numbers, "texts": texts}


def _changed(request: ProgramRequest) -> AnomalyRule:
    kind = request.POST.get("kind", "")
    if kind not in DEFAULTS:
        raise ParametersRefusedError([_("Choose one of the buttons of this page.")])
    parameters = {name: _parameter(request.POST, name, default) for name, default in DEFAULTS[kind].items()}
    return change_rule(
        request.program, kind, is_on=request.POST.get("is_on") == "on", parameters=parameters, at=timezone.now(),
        by=request.user,
    )  # fmt: skip


def _parameter(posted: QueryDict, name: str, default: object) -> object:
    text = posted.get(name, "").strip()
    if isinstance(default, list):
        return [line.strip() for line in text.splitlines() if line.strip()]
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else text
