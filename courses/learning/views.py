"""The learner's pages: joining a program, lessons, the assessment and its result."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from courses.catalogue.models import Course, Lesson
from courses.learning.forms import AboutMeForm, answers_in, asked, form_key_in
from courses.learning.judging import Answers, judged
from courses.learning.models import Attempt, Enrolment, results_of
from courses.learning.operations import AnswersRefusedError, begin_course, finish_lesson, submit_assessment
from people.models import Person
from people.operations import DescriptionRefusedError, JoiningRefusedError, describe_person, person_of_user
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
        return redirect(first_step(joined, request.user))
    context = {
        "program": joined,
        "course": Course.objects.of(joined).taken_here().first(),
        "running": Enrolment.objects.latest_of(joined, request.user) if isinstance(request.user, User) else None,
    }
    return render(request, "learning/start.html", context)


def first_step(program: Program, user: User) -> str:
    """Joins the program, begins its first course unless one is begun, and answers where to go on."""
    person = person_of_user(program, user, at=timezone.now())
    first = Course.objects.of(program).taken_here().first()
    if first and not Enrolment.objects.of_person(person).exists():
        begin_course(person, first, at=timezone.now())
    latest = Enrolment.objects.latest_of(program, user)
    return latest.continues_at if latest and not latest.is_passed else reverse("learn", args=[program.code])


def learner(request: ProgramRequest) -> Person:
    """The person that the signed-in user is in this program."""
    try:
        return person_of_user(request.program, request.user, at=timezone.now())
    except JoiningRefusedError as refusal:  # made a learner by hand in a program that is closed
        raise Http404 from refusal


def course_here(request: ProgramRequest, code: str) -> Course:
    """The program's own course with this code; raises Http404 for any other."""
    return get_object_or_404(Course.objects.of(request.program).taken_here(), code=code)


def enrolment_in(request: ProgramRequest, course: Course) -> Enrolment | None:
    """The user's enrolment in the course, with its progress, if it is begun."""
    mine = Enrolment.objects.of_user(request.program, request.user)
    return mine.with_progress().filter(course=course).first()


@require_safe
@for_roles(Role.LEARNER)
def learn(request: ProgramRequest) -> HttpResponse:
    """The learner's own page: what to do next, what is running, what is done and what is recorded."""
    person = learner(request)
    enrolments = list(Enrolment.objects.of_person(person).with_progress())
    begun = {enrolment.course_id for enrolment in enrolments}
    left = [course for course in Course.objects.of(request.program).taken_here() if course.pk not in begun]
    context = {
        "person": person,
        "running": [enrolment for enrolment in enrolments if not enrolment.is_passed],
        "recommended": left[:1] if not begun else [],
        "others": left if begun else left[1:],
        "achievements": results_of(person.pk),
    }
    return render(request, "learning/learn.html", context)


@reads_and_posts
@for_roles(Role.LEARNER)
def describe(request: ProgramRequest) -> HttpResponse:
    """How the learner describes themself, all of it optional."""
    person = learner(request)
    form = AboutMeForm(request.POST if request.method == "POST" else None, person=person)
    if form.is_valid() and described(person, form):
        messages.success(request, "Saved. It describes what you achieve from now on.")
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


@reads_and_posts
@for_roles(Role.LEARNER)
def course(request: ProgramRequest, course: str) -> HttpResponse:
    """A course with its lessons and, once it is begun, the learner's progress. Posting begins it."""
    shown = course_here(request, course)
    if request.method == "POST":
        begin_course(learner(request), shown, at=timezone.now())
    enrolment = enrolment_in(request, shown)
    if enrolment and request.method == "POST":
        return redirect(enrolment.continues_at)
    lessons = enrolment.lessons() if enrolment else shown.newest_version().lessons.all()
    return render(request, "learning/course.html", {"course": shown, "enrolment": enrolment, "lessons": lessons})


@reads_and_posts
@for_roles(Role.LEARNER)
def lesson(request: ProgramRequest, course: str, lesson: str) -> HttpResponse:
    """One lesson of the version that the learner began. Posting says that it is done and goes on."""
    enrolment = enrolment_in(request, course_here(request, course))
    if enrolment is None:
        return redirect("course", program=request.program.code, course=course)
    lessons = list(enrolment.lessons())
    place = place_of(lesson, lessons)
    following = lessons[place + 1].slug if place + 1 < len(lessons) else "assessment"
    if request.method == "POST":
        finish_lesson(enrolment, lessons[place], at=timezone.now())
        return redirect("lesson", program=request.program.code, course=course, lesson=following)
    context = {
        "course": enrolment.course,
        "enrolment": enrolment,
        "lessons": lessons,
        "lesson": lessons[place],
        "previous": lessons[place - 1] if place else None,
        "following": following,
    }
    return render(request, "learning/lesson.html", context)


def place_of(slug: str, lessons: list[Lesson]) -> int:
    """Where the lesson stands in the list, from 0; raises Http404 if it does not."""
    for place, lesson in enumerate(lessons):
        if lesson.slug == slug:
            return place
    raise Http404


@reads_and_posts
@for_roles(Role.LEARNER)
def assessment(request: ProgramRequest, course: str) -> HttpResponse:
    """The questions. Posting judges the answers; what cannot be judged comes back as it was filled in."""
    shown = course_here(request, course)
    enrolment = enrolment_in(request, shown)
    if enrolment is None:
        return redirect("course", program=request.program.code, course=course)
    if request.method != "POST":
        return assessment_page(request, enrolment, {}, {})
    answers = answers_in(request.POST)
    try:
        attempt = submit_assessment(enrolment, form_key=form_key_in(request.POST), answers=answers, at=timezone.now())
    except AnswersRefusedError as refusal:
        return assessment_page(request, enrolment, answers, refusal.faults)
    return redirect("result", program=request.program.code, course=course, form_key=attempt.form_key)


def assessment_page(
    request: ProgramRequest, enrolment: Enrolment, answers: Answers, faults: dict[int, str]
) -> HttpResponse:
    questions = asked(list(enrolment.version.questions.all()), answers, faults)
    context = {
        "course": enrolment.course,
        "enrolment": enrolment,
        "questions": questions,
        "form_key": uuid4(),
        "form_fault": faults.get(0, ""),
        "has_faults": bool(faults),
    }
    return render(request, "learning/assessment.html", context, status=422 if faults else 200)


@require_safe
@for_roles(Role.LEARNER)
def result(request: ProgramRequest, course: str, form_key: UUID) -> HttpResponse:
    """How one attempt went, question by question."""
    mine = Attempt.objects.filter(enrolment__in=Enrolment.objects.of_user(request.program, request.user))
    attempt = get_object_or_404(mine, form_key=form_key, enrolment__course__code=course)
    enrolment = Enrolment.objects.with_progress().get(pk=attempt.enrolment_id)
    answers = {int(number): chosen for number, chosen in attempt.answers.items()}
    context = {
        "course": enrolment.course,
        "enrolment": enrolment,
        "attempt": attempt,
        "judged": judged(enrolment.version.questions.all(), answers),
        "achievements": results_of(enrolment.person_id).filter(course=enrolment.course),
    }
    return render(request, "learning/result.html", context)
