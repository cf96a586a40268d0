"""The door to a program, the learner's own page, and how they describe themselves."""

from collections.abc import Iterable
from typing import NamedTuple

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from courses.catalogue.models import Course, CourseVersion
from courses.catalogue.models.course import Described
from courses.learning.forms import AboutMeForm, AboutMyWorkForm
from courses.learning.models import Enrolment, results_of
from courses.learning.operations import begin_course
from courses.learning.recommending import Recommendation, Situation, recommended
from courses.learning.searching import LONGEST_QUERY, search
from courses.learning.views.lessons import learner
from people.models import Person
from people.operations import DescriptionRefusedError, describe_person, describe_work, person_of_user
from programs.access import ProgramRequest, for_roles
from programs.models import Program, Role

reads_and_posts = require_http_methods(["GET", "HEAD", "POST"])


@reads_and_posts
def start(request: HttpRequest, program: str) -> HttpResponseBase:
    """The public door to a program: what one gets, and one button that joins it and opens the first lesson."""
    joined = get_object_or_404(Program.objects.open_to_learners(), code=program)
    if request.method == "POST" and not request.user.is_authenticated:
        return redirect_to_login(request.path)
    if request.method == "POST" and isinstance(request.user, User):
        return redirect(first_step(joined, request.user, AboutMyWorkForm(request.POST, program=joined)))
    running = Enrolment.objects.latest_of(joined, request.user) if isinstance(request.user, User) else None
    first = recommended(Situation(), Course.objects.of(joined).offered())
    context = {
        "program": joined,
        "offer": offer(first, joined) if first else None,
        "running": running,
        "running_title": running.course.described(get_language() or "", running.version.language) if running else None,
        "form": AboutMyWorkForm(None, program=joined),
    }
    return render(request, "learning/start.html", context)


def first_step(program: Program, user: User, form: AboutMyWorkForm) -> str:
    """Joins the program, begins the course that fits unless one is begun, and answers where to go on."""
    person = person_of_user(program, user, at=timezone.now())
    if form.is_valid():
        describe_work(person, **form.cleaned_data)
    if not Enrolment.objects.of_person(person).exists():
        first = recommended(Situation.of(person), Course.objects.of(program).offered())
        if first:
            begin_course(person, first.course, at=timezone.now())
    latest = Enrolment.objects.latest_of(program, user)
    return latest.continues_at if latest and not latest.is_complete else reverse("learn", args=[program.code])


class Offer(NamedTuple):
    """A course as a list shows it: in the reader's language if it is there."""

    course: Course
    described: Described
    reasons: list[str]


def offer(one: Recommendation, program: Program) -> Offer:
    return offers([one.course], program, one.reasons)[0]


def offers(courses: Iterable[Course], program: Program, reasons: list[str] | None = None) -> list[Offer]:
    """The courses with their titles in the reader's language, and the language that they are written in else."""
    language, listed = get_language() or "", list(courses)
    newest = CourseVersion.objects.filter(program=program, course__in=listed)
    written_in = dict(newest.order_by("course", "-number").distinct("course").values_list("course", "language"))
    return [Offer(one, one.described(language, written_in.get(one.pk, "en")), reasons or []) for one in listed]


@require_safe
@for_roles(Role.LEARNER)
def learn(request: ProgramRequest) -> HttpResponse:
    """The learner's own page: what to do next, what is running, what is done and what is recorded."""
    person, language = learner(request), get_language() or ""
    enrolments = list(Enrolment.objects.of_person(person).with_progress())
    begun = {enrolment.course_id for enrolment in enrolments}
    left = [course for course in Course.objects.of(request.program).offered() if course.pk not in begun]
    first = recommended(Situation.of(person), left)
    others = offers([course for course in left if not first or course != first.course], request.program)
    titled = [(one, one.course.described(language, one.version.language)) for one in enrolments]
    context = {
        "person": person,
        "running": [(one, described) for one, described in titled if not one.is_complete],
        "done": [(one, described) for one, described in titled if one.is_complete],
        "recommended": offer(first, request.program) if first else None,
        "others": others,
        "achievements": results_of(person.pk),
    }
    return render(request, "learning/learn.html", context)


@require_safe
@for_roles(Role.LEARNER)
def find(request: ProgramRequest) -> HttpResponse:
    """Courses found by words, as they are spelt or nearly."""
    query = request.GET.get("q", "").replace("\0", "").strip()[:LONGEST_QUERY]
    language = get_language() or ""
    found = search(request.program, query, language=language)
    shown = offers([one.course for one in found], request.program)
    context = {"query": query, "found": list(zip(found, shown, strict=True))}
    return render(request, "learning/search.html", context)


@reads_and_posts
@for_roles(Role.LEARNER)
def describe(request: ProgramRequest) -> HttpResponse:
    """How the learner describes themself, all of it optional."""
    person = learner(request)
    form = AboutMeForm(request.POST if request.method == "POST" else None, person=person)
    if form.is_valid() and described(person, form):
        messages.success(request, _("Saved. It describes what you achieve from now on."))
        return redirect("learn", program=request.program.code)
    return render(request, "learning/describe.html", {"form": form}, status=422 if form.errors else 200)


def described(person: Person, form: AboutMeForm) -> bool:
    """Whether the description was taken over; if not, the form says why."""
    try:
        describe_person(person, **form.cleaned_data)
    except DescriptionRefusedError as refusal:
        for field, problem in refusal.problems.items():
            form.add_error(field, problem)
        return False
    return True
