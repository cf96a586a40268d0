"""Courses and their lessons."""

from typing import Any
from uuid import uuid4

from django.http import Http404, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from django.views.decorators.vary import vary_on_headers

from courses.catalogue.languages import own_name
from courses.catalogue.models import Course, Lesson, Question
from courses.catalogue.questions.answers import Answer
from courses.learning.forms import answers_in, form_key_in, lines_of
from courses.learning.languages import content_language, remember_language
from courses.learning.models import Enrolment
from courses.learning.models.lesson_page import LessonPage, lesson_page
from courses.learning.operations import (
    AnswersRefusedError,
    CourseNotOpenError,
    LessonRefusedError,
    answer_practice,
    begin_course,
    finish_lesson,
    practice_question,
)
from courses.learning.rendering import article, form_at, outline
from courses.learning.views.offline import kept_offline, owner_of
from people.models import Person
from people.operations import JoiningRefusedError, person_of_user
from programs.access import ProgramRequest, for_roles
from programs.kept import opened
from programs.models import Role

reads_and_posts = require_http_methods(["GET", "HEAD", "POST"])


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


@reads_and_posts
@for_roles(Role.LEARNER)
def course(request: ProgramRequest, course: str) -> HttpResponse:
    """A course with its lessons and, once it is begun, the learner's progress. Posting begins it."""
    shown = course_here(request, course)
    if request.method == "POST":
        try:
            begin_course(learner(request), shown, at=timezone.now())
        except CourseNotOpenError:
            raise Http404 from None
    enrolment = enrolment_in(request, shown)
    if enrolment and request.method == "POST":
        return redirect(enrolment.continues_at)
    return course_page(request, shown, enrolment)


def course_page(request: ProgramRequest, shown: Course, enrolment: Enrolment | None) -> HttpResponse:
    version, language = enrolment.version if enrolment else shown.newest_version(), content_language(request)
    finished = enrolment.finished if enrolment else []
    lessons = [{**entry, "is_done": entry["id"] in finished} for entry in version.titles(language)]
    context = {
        "course": shown,
        "described": shown.described(language, version.language),
        "enrolment": enrolment,
        "owner": owner_of(request.user.pk),
        "course_address": request.path,
        "version": version,
        "lessons": lessons,
        "languages": [(code, own_name(code)) for code in version.languages],
        "language": language,
        "is_outdated": bool(enrolment) and shown.newest_version().pk != version.pk,
    }
    response = render(request, "learning/course.html", context)
    if enrolment:
        kept_offline(response)
    remember_language(request, response, language)
    return response


@reads_and_posts
@for_roles(Role.LEARNER)
def lesson(request: ProgramRequest, course: str, lesson: str) -> HttpResponse:
    """One lesson of the version that the learner began. Posting says that it is done and goes on."""
    language = content_language(request)
    page = lesson_page(request.program.pk, request.user.pk, course, lesson, language)
    if page is None:
        return missing(request, course, lesson)
    if request.method == "POST":
        return done(request, page)
    response = kept_offline(lesson_page_of(request, page))
    remember_language(request, response, language)
    return response


def missing(request: ProgramRequest, course: str, lesson: str) -> HttpResponse:
    """Leads whoever has not begun the course to its page, and whoever is on a version without the lesson while the
    newest one has it; raises Http404 for a lesson that there is not."""
    shown = course_here(request, course)
    if enrolment_in(request, shown) and lesson not in {one["slug"] for one in shown.newest_version().outline}:
        raise Http404
    return redirect("course", program=request.program.code, course=course)


def done(request: ProgramRequest, page: LessonPage) -> HttpResponse:
    if page.waits_for_package:
        return redirect(request.path)
    enrolment = Enrolment.objects.select_related("version").get(pk=page.enrolment_id)
    finish_lesson(
        enrolment, Lesson(pk=page.lesson_id, version_id=page.version_id), at=timezone.now(), language=page.language
    )
    if "X-Kept" in request.headers:
        return HttpResponse(status=204)
    if page.following:
        return redirect("lesson", program=request.program.code, course=page.course_code, lesson=page.following)
    return redirect("course", program=request.program.code, course=page.course_code)


def lesson_page_of(request: ProgramRequest, page: LessonPage, fault: str = "") -> HttpResponse:
    """The page of a lesson; `fault` is what is wrong with the answer to practice that was sent without HTMX."""
    code = request.program.code
    context = {
        "page": page,
        "article": article(page, code, token=get_token(request), form_key=str(uuid4())),
        "outline": outline(page, code),
        "owner": owner_of(request.user.pk),
        "course_address": reverse("course", args=[code, page.course_code]),
        "languages": [(code, own_name(code)) for code in page.languages],
        "language_name": own_name(page.wanted),
        "fault": fault,
    }
    return render(request, "learning/lesson.html", context, status=422 if fault else 200)


@require_POST
@vary_on_headers("HX-Request")
@for_roles(Role.LEARNER)
def practice(request: ProgramRequest, course: str, lesson: str, question: int) -> HttpResponse:
    """Judges an answer to a practice question; it comes back with what its author says to it."""
    try:
        asked = practice_question(question, request.program.pk, course, lesson)
        said, fault = answered_now(request, asked)
    except (Question.DoesNotExist, LessonRefusedError):
        raise Http404 from None
    wanted = content_language(request)
    language = wanted if wanted in asked.texts else asked.version.language
    if "X-Kept" in request.headers:
        return HttpResponse(status=422 if fault else 204)
    if request.htmx:
        place = (request.program.code, course, lesson, wanted)
        html = form_at(place, language, {**said, "texts": asked.texts[language]})
        return HttpResponse(opened(html, token=token_of(request), form_key=str(uuid4())), status=422 if fault else 200)
    page = lesson_page(request.program.pk, request.user.pk, course, lesson, wanted) if fault else None
    if page:
        return lesson_page_of(request, page, fault)
    return redirect(f"{request.path.removesuffix(f'practice/{question}/')}#question-{asked.key}")


def token_of(request: ProgramRequest) -> str:
    """The token that the form came with: it stays good, and a new one would cost more than judging the answer."""
    return request.POST.get("csrfmiddlewaretoken") or request.headers.get("X-CSRFToken") or get_token(request)


def answered_now(request: ProgramRequest, asked: Question) -> tuple[dict[str, Any], str]:
    """The question with the answer that was sent, judged and recorded, or with what is wrong with it."""
    answer: Answer = answers_in(request.POST, {asked.key: (asked.kind, lines_of(asked))}).get(asked.key, [])
    said: dict[str, Any] = {
        "pk": asked.pk, "key": asked.key, "kind": asked.kind, "answer": answer, "is_right": None
    }  # fmt: skip
    form_key = form_key_in(request.POST)
    try:
        made = answer_practice(asked, request.user.pk, form_key=form_key, answer=answer, at=timezone.now())
    except AnswersRefusedError as refusal:
        fault = refusal.faults.get(asked.key) or _("Please answer again.")
        return {**said, "fault": fault}, fault
    return {**said, "answer": made.answer, "is_right": made.is_right}, ""
