from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from programs.access import OPERATOR, ProgramRequest, for_roles
from programs.models import Role
from reporting.counting.clock import database_now
from reporting.counting.explanation import Explanation, Standing
from reporting.counting.freshness import freshness
from reporting.counting.history import POSTINGS_A_PAGE, PostingLine
from reporting.counting.models import Recount
from reporting.dashboards.figures import daily_of, totals_of
from reporting.dashboards.forms import AsOfForm, RevisionForm
from reporting.dashboards.ledger import LedgerPage
from reporting.dashboards.page import Dashboard
from reporting.dashboards.question import Question
from reporting.dashboards.revision import Revision
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
        "incident": Recount.objects.of(request.program).open_incidents().first(),
    }
    is_part = request.htmx and not request.htmx.history_restore_request
    return render(request, f"dashboards/{'_figures' if is_part else 'dashboard'}.html", context)


def figures_of(selection: Selection) -> Dashboard:
    region, today = selection.region.code if selection.region else None, selection.program.today()
    return Dashboard(
        selection=selection,
        totals=totals_of(selection.version),
        daily=daily_of(selection.version, region=region, partner=selection.partner, today=today),
        today=today,
    )


@require_safe
@for_roles(Role.PROGRAM_MANAGER, OPERATOR)
def ledger(request: ProgramRequest) -> HttpResponse:
    """How one number came to be, as of any moment: what counts, its causes, partners and cells."""
    question = Question.from_query(request.program, request.GET)
    form = AsOfForm(request.program, request.GET)
    shown = None
    if question and form.is_valid():
        explained = Explanation.of(question.figure, question.choices, until=form.cleaned_data["as_of"])
        shown = LedgerPage(question, explained)
    return render_ledger(request, "ledger", question, form, shown=shown)


@require_safe
@for_roles(Role.PROGRAM_MANAGER, OPERATOR)
def revision(request: ProgramRequest) -> HttpResponse:
    """What changed a number between two dates, by cause and by day of booking."""
    question = Question.from_query(request.program, request.GET)
    form = RevisionForm(request.program, request.GET)
    shown = None
    if question and form.is_valid():
        since, until = form.cleaned_data["since"], form.cleaned_data["until"]
        shown = Revision.of(question.figure, request.program, since=since, until=until)
    return render_ledger(request, "revision", question, form, shown=shown)


@require_safe
@for_roles(Role.PROGRAM_MANAGER, OPERATOR)
def postings(request: ProgramRequest) -> HttpResponse:
    """The postings that changed a number, the last first, a page at a time."""
    question = Question.from_query(request.program, request.GET)
    form = AsOfForm(request.program, request.GET)
    shown: list[PostingLine] = []
    earlier_link = ""
    if question and form.is_valid():
        before = number_in(request.GET.get("before", ""))
        until = form.cleaned_data["as_of"]
        shown = question.figure.postings(until, before=before, limit=POSTINGS_A_PAGE + 1)
        if len(shown) > POSTINGS_A_PAGE:
            shown.pop()
            earlier_link = question.link("ledger-postings", before=str(shown[-1].number))
    return render_ledger(request, "postings", question, form, shown=shown, earlier_link=earlier_link)


def render_ledger(
    request: ProgramRequest, page: str, question: Question | None, form: Form, **context: object
) -> HttpResponse:
    """A page of the ledger; with the status of what cannot be worked on if its dates are refused."""
    standing = Standing.of(request.program, at=database_now())
    context |= {
        "question": question,
        "form": form,
        "freshness": standing.freshness,
        "recount": standing.recount,
        "incident": Recount.objects.of(request.program).open_incidents().first(),
    }
    return render(request, f"dashboards/{page}.html", context, status=422 if form.errors else 200)


def number_in(text: str) -> int | None:
    """The number of a posting; None if none is named. Raises Http404 for what is no number."""
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < 19):
        raise Http404
    return int(text)
