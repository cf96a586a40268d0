"""A course that is published again and again, changed each time, while many learn in it."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from threading import Event

import pytest
from django.db import connection

from accounts.models import User
from courses.achievements.models import Achievement
from courses.catalogue.folders import FilesInMemory, read_course
from courses.catalogue.models import Course, CourseVersion, Lesson
from courses.catalogue.operations import publish_course
from courses.credentials.models import Credential
from courses.learning.models import Enrolment, LessonDone
from courses.learning.models.lesson_page import lesson_page
from courses.learning.operations import begin_course, finish_lesson, open_attempt, submit_attempt
from people.operations import person_of_user
from programs.models import Program
from tests.factories import NOW, ProgramFactory, UserFactory

pytestmark = pytest.mark.django_db(transaction=True)
LEARNERS = 48
AT_ONCE = 8
HEAD = b"code: first\ntitle: First\nsummary: A course.\nlevel: beginner\nlanguage: en\nminutes: 60\nposition: 1\n"


def edition(number: int) -> dict[str, bytes]:
    """Other lessons, another number of them, other ids of questions; every third edition has no assessment."""
    names = [f"part-{number}-{place}" if place % 2 else f"part-{place}" for place in range(2 + number % 3)]
    lessons = {
        f"{place:02}-{name}.md": f"---\ntitle: Part {number}\nminutes: 5\n---\nText {number}.\n".encode()
        for place, name in enumerate(names, start=1)
    }
    question = f"  - {{id: q{number}, kind: true-false, prompt: 'Is it?', right: true, feedback: 'So.'}}\n"
    asked = {"assessment.yaml": f"pass_mark: 100\nquestions:\n{question}".encode()} if number % 3 else {}
    return {"course.yaml": HEAD + b"tags: [skills]\n", **lessons, **asked}


def publish(program: Program, number: int) -> None:
    files = FilesInMemory("first", edition(number))
    publish_course(program, read_course(files), files, at=NOW)


def progresses(program: Program, learner: int, enrolment: Enrolment) -> set[int]:
    """What each page says of the learner's progress."""
    whole = Enrolment.objects.with_progress().get(pk=enrolment.pk)
    pages = (lesson_page(program.pk, learner, "first", entry["slug"], "en") for entry in whole.version.outline)
    return {whole.progress, *(page.progress for page in pages if page)}


def way(program: Program, learner: int, course: Course) -> Iterator[int]:
    """One learner's way through the course, with the progress after each step."""
    person = person_of_user(program, User.objects.get(pk=learner), at=NOW)
    enrolment = begin_course(person, course, at=NOW)
    steps: list[Callable[[], object]] = [
        lambda lesson=lesson: finish_lesson(begin_course(person, course, at=NOW), lesson, at=NOW)  # type: ignore[misc]
        for lesson in Lesson.objects.filter(version=enrolment.version).order_by("number")
    ]
    if enrolment.version.has_assessment:
        steps.append(lambda: take(enrolment))
    for step in steps:
        (progress,) = progresses(program, learner, enrolment)
        yield progress
        step()
    (progress,) = progresses(program, learner, enrolment)
    yield progress


def take(enrolment: Enrolment) -> None:
    attempt = open_attempt(enrolment, at=NOW)
    submit_attempt(attempt, {one["key"]: [0] for one in attempt.drawn}, at=NOW)


def test_nobody_loses_anything_while_the_course_changes_again_and_again() -> None:
    program = ProgramFactory.create()
    publish(program, 1)
    course = Course.objects.get()
    users = [UserFactory.create().pk for _ in range(LEARNERS)]
    is_over = Event()

    def learn(learner: int) -> list[int]:
        try:
            return list(way(program, learner, course))
        finally:
            connection.close()

    def go_on_publishing() -> None:
        try:
            number = 1
            while not is_over.wait(0.2):
                number += 1
                publish(program, number)
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE + 1) as pool:
        author = pool.submit(go_on_publishing)
        try:
            ways = list(pool.map(learn, users))
        finally:
            is_over.set()
        author.result()
    assert all(seen[0] == 0 and seen[-1] == 100 for seen in ways)
    assert all(one < other for seen in ways for one, other in pairwise(seen))
    assert CourseVersion.objects.count() > 3
    assert Enrolment.objects.values("version").distinct().count() > 1
    for model in (Enrolment.objects.filter(achievement__isnull=False), Achievement.objects, Credential.objects):
        assert model.count() == LEARNERS
    assert LessonDone.objects.count() == sum(len(one.version.outline) for one in Enrolment.objects.all())
