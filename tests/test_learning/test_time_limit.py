"""Attempts whose time is over: what was saved in time is judged, whoever looks, and whenever."""

from datetime import timedelta

import pytest

from courses.achievements.models import Achievement
from courses.credentials.models import Credential
from courses.learning.models import Attempt
from courses.learning.operations import judge_overdue, open_attempt, save_answers, submit_attempt
from courses.learning.tasks import judge_overdue_attempts
from tests.factories import NOW
from tests.test_learning.cast import RIGHT, WRONG, Learner, asha

LATER = NOW + timedelta(days=3)


@pytest.fixture
def limited(db: None) -> Learner:
    """Asha, with ten minutes for her only attempt."""
    return asha(time_limit=10, attempts=1)


def saved(learner: Learner) -> Attempt:
    return save_answers(learner.open(), RIGHT, at=NOW)


def test_opening_after_the_time_judges_what_was_saved_and_begins_no_other(limited: Learner) -> None:
    opened = saved(limited)
    assert open_attempt(limited.begin(), at=LATER) == opened
    opened.refresh_from_db()
    assert (opened.is_passed, opened.submitted_at, limited.begin().is_complete) == (True, opened.due_at, True)


def test_it_is_achieved_when_the_time_was_over_and_recorded_when_it_was_judged(limited: Learner) -> None:
    submit_attempt(saved(limited), {}, at=LATER)
    made = Achievement.objects.get()
    assert (made.achieved_on, made.recorded_at) == (NOW.date(), LATER)


def test_what_ran_out_is_judged_though_nobody_comes_back(limited: Learner) -> None:
    opened = saved(limited)
    assert judge_overdue(at=NOW + timedelta(minutes=11)) == 0
    assert [judge_overdue(at=LATER), judge_overdue(at=LATER)] == [1, 0]
    opened.refresh_from_db()
    assert (opened.is_passed, Achievement.objects.count(), Credential.objects.count()) == (True, 1, 1)


def test_the_task_judges_what_ran_out_and_twice_is_once(limited: Learner) -> None:
    opened = saved(limited)
    judge_overdue_attempts()
    judge_overdue_attempts()
    opened.refresh_from_db()
    assert (opened.is_passed, Achievement.objects.count()) == (True, 1)


def test_an_attempt_without_a_limit_stays_open(learner: Learner) -> None:
    learner.open()
    assert judge_overdue(at=LATER) == 0


def test_answers_that_come_too_late_lead_to_the_result_and_change_nothing(limited: Learner) -> None:
    opened = saved(limited)
    judge_overdue(at=LATER)
    late = submit_attempt(opened, WRONG, at=LATER)
    assert (late.is_passed, late.answers) == (True, RIGHT)


def test_the_page_of_an_attempt_that_is_over_shows_the_result(limited: Learner) -> None:
    opened = saved(limited)
    path = limited.path("attempt", opened.form_key)
    assert "You have passed" in limited.client.get(path, follow=True).content.decode()


def test_saving_what_comes_too_late_is_not_called_saved(limited: Learner) -> None:
    opened = saved(limited)
    path = limited.path("attempt", opened.form_key)
    assert limited.client.post(path, {}, headers={"X-Save": "1"}).status_code == 409


def test_saving_while_there_is_time_is(learner: Learner) -> None:
    path = learner.path("attempt", learner.open().form_key)
    assert learner.client.post(path, {}, headers={"X-Save": "1"}).status_code == 204
