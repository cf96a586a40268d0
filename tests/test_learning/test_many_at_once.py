"""The last submission, by fifty browsers at the same moment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connection

from courses.achievements.models import Achievement
from courses.credentials.models import Credential
from courses.learning.models import Attempt, Enrolment, PracticeAnswer
from courses.learning.operations import (
    AttemptRefusedError,
    FormAlreadySentError,
    answer_practice,
    finish_lesson,
    judge_overdue,
    open_attempt,
    save_answers,
    submit_attempt,
)
from tests.factories import NOW, QuestionFactory
from tests.test_learning.cast import RIGHT, asha

pytestmark = pytest.mark.django_db(transaction=True)
BROWSERS = 50


def all_at_once(act: Callable[[], object]) -> None:
    barrier = Barrier(BROWSERS)

    def one() -> None:
        try:
            barrier.wait(timeout=60)
            act()
        finally:
            connection.close()

    with ThreadPoolExecutor(BROWSERS) as pool:
        for done in [pool.submit(one) for _ in range(BROWSERS)]:
            done.result()


def counts() -> tuple[int, int, int, int]:
    return tuple(model.objects.count() for model in (Enrolment, Attempt, Achievement, Credential))  # type: ignore[return-value]


def test_fifty_last_submissions_at_once_give_one_completion_and_one_credential() -> None:
    learner = asha()
    opened = learner.open()
    all_at_once(lambda: submit_attempt(opened, RIGHT, at=NOW))
    assert counts() == (1, 1, 1, 1)


def test_fifty_attempts_opened_and_sent_at_once_give_one_completion() -> None:
    learner = asha()

    def try_it() -> None:
        with suppress(FormAlreadySentError):
            learner.submit(RIGHT)

    all_at_once(try_it)
    enrolments, _, achievements, credentials = counts()
    assert (enrolments, achievements, credentials) == (1, 1, 1)
    assert not Attempt.objects.filter(is_passed=False).exists()


def test_saving_sending_opening_and_the_end_of_the_time_at_once_give_one_completion() -> None:
    learner, over = asha(time_limit=10, attempts=1), NOW + timedelta(minutes=12)
    opened = save_answers(learner.open(), RIGHT, at=NOW)
    acts: list[Callable[[], object]] = [
        lambda: save_answers(opened, RIGHT, at=NOW),
        lambda: submit_attempt(opened, RIGHT, at=NOW),
        lambda: submit_attempt(opened, {}, at=over),
        lambda: open_attempt(learner.begin(), at=over),
        lambda: judge_overdue(at=over),
    ]
    turns = iter(acts * BROWSERS)

    def act() -> None:
        with suppress(AttemptRefusedError):
            next(turns)()

    all_at_once(act)
    assert counts() == (1, 1, 1, 1)
    assert Attempt.objects.get().answers == RIGHT


def test_fifty_last_lessons_at_once_give_one_completion() -> None:
    learner = asha(pass_mark=None)
    first, last = learner.version.lessons.all()
    finish_lesson(learner.begin(), first, at=NOW)
    all_at_once(lambda: finish_lesson(learner.begin(), last, at=NOW))
    assert counts() == (1, 0, 1, 1)


def test_two_last_lessons_at_once_give_one_completion() -> None:
    learner = asha(pass_mark=None)
    lessons = iter([*learner.version.lessons.all()] * BROWSERS)
    all_at_once(lambda: finish_lesson(learner.begin(), next(lessons), at=NOW))
    assert counts() == (1, 0, 1, 1)


def test_one_practice_answer_sent_fifty_times_at_once_is_recorded_once() -> None:
    learner = asha()
    question = QuestionFactory.create(version=learner.version, lesson=learner.version.lessons.first())
    user, key = learner.begin().person.user_id, uuid4()
    all_at_once(lambda: answer_practice(question, user, form_key=key, answer=[0], at=NOW))
    assert PracticeAnswer.objects.count() == 1
