"""The assessment: its rules, an attempt, and how it went."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from courses.catalogue.languages import own_name
from courses.catalogue.questions.answers import Answer
from courses.learning.forms import Asked, answers_in, asked, lines_of
from courses.learning.languages import content_language
from courses.learning.models import Attempt, Enrolment, results_of
from courses.learning.operations import (
    AnswersRefusedError,
    AttemptRefusedError,
    open_attempt,
    save_answers,
    submit_attempt,
)
from courses.learning.operations.assessing import EXTRA_TIME, is_right_answer
from courses.learning.views.lessons import course_here, enrolment_in
from programs.access import ProgramRequest, for_roles
from programs.models import Role

reads_and_posts = require_http_methods(["GET", "HEAD", "POST"])


@reads_and_posts
@for_roles(Role.LEARNER)
def assessment(request: ProgramRequest, course: str) -> HttpResponse:
    """What the assessment asks for. Posting opens an attempt, or goes on with the one that is open."""
    enrolment = enrolment_in(request, course_here(request, course))
    if enrolment is None or not enrolment.version.has_assessment:
        return redirect("course", program=request.program.code, course=course)
    if request.method != "POST":
        return rules_page(request, enrolment, "")
    times = request.POST.get("times", "1")
    try:
        opened = open_attempt(enrolment, at=timezone.now(), times=int(times) if times.isdecimal() else 1)
    except AttemptRefusedError as refusal:
        return rules_page(request, enrolment, str(refusal))
    return redirect("attempt", program=request.program.code, course=course, form_key=opened.form_key)


def rules_page(request: ProgramRequest, enrolment: Enrolment, refusal: str) -> HttpResponse:
    language, version, now = content_language(request), enrolment.version, timezone.now()
    used = Attempt.objects.since(enrolment, now).count() if version.attempts else 0
    context = {
        "course": enrolment.course,
        "described": enrolment.course.described(language, version.language),
        "enrolment": enrolment,
        "version": version,
        "running": enrolment.attempts.open().first(),
        "before": enrolment.attempts.filter(submitted_at__isnull=False).order_by("-submitted_at")[:20],
        "attempts_left": max(0, version.attempts - used) if version.attempts else None,
        "extra_time": EXTRA_TIME,
        "refusal": refusal,
    }
    return render(request, "learning/assessment.html", context, status=409 if refusal else 200)


@reads_and_posts
@for_roles(Role.LEARNER)
def attempt(request: ProgramRequest, course: str, form_key: UUID) -> HttpResponse:
    """An attempt: its questions while it is open, its result once it is sent. Posting saves or sends the answers."""
    mine = Attempt.objects.filter(enrolment__in=Enrolment.objects.of_user(request.program, request.user))
    related = mine.select_related("enrolment__course", "enrolment__version", "enrolment__program")
    found = get_object_or_404(related, form_key=form_key, enrolment__course__code=course)
    if request.method == "POST":
        return sent(request, found)
    if found.submitted_at is None and found.is_over(timezone.now()):
        submit_attempt(found, {}, at=timezone.now())
        return redirect(request.path)
    if found.submitted_at is None:
        return attempt_page(request, found, found.answers, {})
    return result_page(request, found)


def sent(request: ProgramRequest, found: Attempt) -> HttpResponse:
    kinds = {question.key: (question.kind, lines_of(question)) for question, _ in found.questions()}
    answers, now = answers_in(request.POST, kinds), timezone.now()
    if "save" in request.POST or request.headers.get("X-Save"):
        saved = save_answers(found, answers, at=now)
        is_open = saved.submitted_at is None and not saved.is_over(now)
        return HttpResponse(status=204 if is_open else 409) if "X-Save" in request.headers else redirect(request.path)
    try:
        submit_attempt(found, answers, at=now, is_final="final" in request.POST)
    except AnswersRefusedError as refusal:
        save_answers(found, answers, at=now)
        return attempt_page(request, found, {**found.answers, **answers}, refusal.faults)
    return redirect(request.path)


def attempt_page(
    request: ProgramRequest, found: Attempt, answers: Mapping[str, Answer], faults: Mapping[str, str]
) -> HttpResponse:
    enrolment, language, now = found.enrolment, content_language(request), timezone.now()
    questions = asked(found.questions(), language, answers, faults)
    context = {
        "course": enrolment.course,
        "described": enrolment.course.described(language, enrolment.version.language),
        "enrolment": enrolment,
        "version": enrolment.version,
        "attempt": found,
        "questions": questions,
        "missing": [one for one in questions if one.fault],
        "form_fault": faults.get("", ""),
        "has_faults": bool(faults),
        "missing_language": missing_language(questions, language),
        "seconds_left": max(0, int((found.due_at - now).total_seconds())) if found.due_at else None,
    }
    return render(request, "learning/attempt.html", context, status=422 if faults else 200)


def missing_language(questions: Iterable[Asked], language: str) -> str:
    """The name of the language if a question is not there in it; else nothing."""
    return own_name(language) if any(one.language != language for one in questions) else ""


def result_page(request: ProgramRequest, found: Attempt) -> HttpResponse:
    """How one attempt went, question by question."""
    enrolment = Enrolment.objects.with_progress().get(pk=found.enrolment_id)
    language, questions = content_language(request), found.questions()
    shown = asked(questions, language, found.answers, {})
    rights = [is_right_answer(question, found.answers.get(question.key)) for question, _ in questions]
    context = {
        "course": enrolment.course,
        "described": enrolment.course.described(language, enrolment.version.language),
        "enrolment": enrolment,
        "attempt": found,
        "judged": list(zip(shown, rights, strict=True)),
        "missing_language": missing_language(shown, language),
        "achievements": results_of(enrolment.person_id).filter(course=enrolment.course),
    }
    return render(request, "learning/result.html", context)
