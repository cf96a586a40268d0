from datetime import UTC, date, datetime, timedelta
from random import Random
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection

from courses.achievements.models import Achievement
from courses.achievements.operations import revoke_achievement
from courses.catalogue.operations import retire_course
from courses.catalogue.questions.answers import Answer
from courses.credentials.models import Credential
from courses.learning.models import Attempt, Enrolment, LessonDone
from courses.learning.operations import (
    AnswersRefusedError,
    AttemptRefusedError,
    CourseNotOpenError,
    FormAlreadySentError,
    LessonRefusedError,
    begin_course,
    finish_lesson,
    open_attempt,
    save_answers,
    submit_attempt,
)
from people.operations import describe_person
from programs.models import Evidence
from tests.factories import NOW, CourseFactory, CourseVersionFactory, PersonFactory, QuestionFactory, marked_dirty
from tests.test_learning.cast import RIGHT, WRONG, Learner, asha


def with_progress(learner: Learner) -> Enrolment:
    return Enrolment.objects.with_progress().get(person=learner.person)


def test_beginning_twice_is_beginning_once(learner: Learner) -> None:
    assert learner.begin() == begin_course(learner.person, learner.version.course, at=NOW + timedelta(days=1))
    assert Enrolment.objects.get().started_at == NOW


def test_a_course_without_lessons_here_cannot_be_begun(learner: Learner) -> None:
    with pytest.raises(CourseNotOpenError, match="cannot be taken here"):
        begin_course(learner.person, CourseFactory.create(program=learner.person.program), at=NOW)


def test_learner_stays_on_the_version_begun(learner: Learner) -> None:
    learner.begin()
    CourseVersionFactory.create(program=learner.person.program, course=learner.version.course, number=2)
    assert learner.begin().version == learner.version
    assert learner.submit(RIGHT).is_passed


def test_who_begins_later_gets_the_newest_version(learner: Learner) -> None:
    newest = CourseVersionFactory.create(program=learner.person.program, course=learner.version.course, number=2)
    assert learner.begin().version == newest


def test_database_refuses_the_version_of_another_course(learner: Learner) -> None:
    other = CourseVersionFactory.create(program=learner.person.program)
    Enrolment.objects.filter(pk=learner.begin().pk).update(version=other)
    with pytest.raises(IntegrityError, match="version_of_the_course"), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_finishing_a_lesson_twice_keeps_the_first_moment(learner: Learner) -> None:
    lesson = learner.version.lessons.get(number=1)
    finish_lesson(learner.begin(), lesson, at=NOW)
    finish_lesson(learner.begin(), lesson, at=NOW + timedelta(hours=1))
    assert LessonDone.objects.get().done_at == NOW


def test_a_lesson_of_another_version_is_refused(learner: Learner) -> None:
    other = CourseVersionFactory.create(program=learner.person.program, course=learner.version.course, number=2)
    enrolment = learner.begin()
    enrolment.version = learner.version
    with pytest.raises(LessonRefusedError, match="is not part of the course that you began"):
        finish_lesson(enrolment, other.lessons.get(number=1), at=NOW)


def test_progress_goes_from_0_to_100_a_step_for_each_lesson_and_the_assessment(learner: Learner) -> None:
    learner.begin()
    seen = [with_progress(learner).progress]
    for lesson in learner.version.lessons.all():
        finish_lesson(learner.begin(), lesson, at=NOW)
        seen.append(with_progress(learner).progress)
    learner.submit(RIGHT)
    assert [*seen, with_progress(learner).progress] == [0, 33, 66, 100]


def test_failed_attempts_do_not_move_progress(learner: Learner) -> None:
    for _ in range(3):
        learner.submit(WRONG)
    assert with_progress(learner).progress == 0


def test_next_step_is_the_first_lesson_not_done_then_the_assessment_then_the_course(learner: Learner) -> None:
    learner.begin()
    seen = [with_progress(learner).continues_at]
    for lesson in learner.version.lessons.all():
        finish_lesson(learner.begin(), lesson, at=NOW)
        seen.append(with_progress(learner).continues_at)
    learner.submit(RIGHT)
    assert seen == [learner.path("lesson", "lesson-1"), learner.path("lesson", "lesson-2"), learner.path("assessment")]
    assert with_progress(learner).continues_at == learner.path("course")


def test_passing_records_one_assessed_achievement_and_its_credential(learner: Learner) -> None:
    attempt = learner.submit(RIGHT)
    achievement = Achievement.objects.get()
    assert (attempt.is_passed, attempt.right, attempt.asked) == (True, 2, 2)
    assert (learner.begin().achievement, achievement.source_id) == (achievement, attempt.pk)
    assert (achievement.person, achievement.evidence) == (learner.person, Evidence.ASSESSED)
    assert Credential.objects.get().achievement == achievement
    assert marked_dirty() == [learner.person.pk]


def test_achievement_copies_how_the_person_describes_themself_that_day(learner: Learner) -> None:
    describe_person(learner.person, region="N", sector="B", employer_size="small", age_band="old")
    learner.submit(RIGHT)
    made = Achievement.objects.get()
    assert (made.region, made.sector, made.employer_size, made.age_band) == ("N", "B", "small", "old")


def test_day_of_an_achievement_is_the_programs_own(learner: Learner) -> None:
    late = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)  # already the second of March in Vienna
    submit_attempt(open_attempt(learner.begin(), at=late), RIGHT, at=late)
    assert Achievement.objects.get().achieved_on == date(2026, 3, 2)


def test_failing_records_an_attempt_and_nothing_else(learner: Learner) -> None:
    attempt = learner.submit(WRONG)
    assert (attempt.is_passed, attempt.right, attempt.per_cent) == (False, 1, 50)
    assert not Achievement.objects.exists()
    assert not Credential.objects.exists()


def test_sending_an_attempt_again_is_sending_it_once(learner: Learner) -> None:
    opened = learner.open()
    first, second = submit_attempt(opened, RIGHT, at=NOW), submit_attempt(opened, RIGHT, at=NOW + timedelta(hours=1))
    assert (first, second.submitted_at) == (second, NOW)
    assert Attempt.objects.count() == 1


def test_sending_an_attempt_again_with_other_answers_is_refused_and_the_first_stand(learner: Learner) -> None:
    opened = learner.open()
    submit_attempt(opened, WRONG, at=NOW)
    with pytest.raises(FormAlreadySentError):
        submit_attempt(opened, RIGHT, at=NOW)
    assert not Attempt.objects.get().is_passed


def test_opening_again_goes_on_with_the_open_attempt(learner: Learner) -> None:
    assert learner.open() == learner.open()
    submit_attempt(learner.open(), WRONG, at=NOW)
    assert learner.open().submitted_at is None
    assert Attempt.objects.count() == 2


def test_passing_again_keeps_the_first_achievement_and_credential(learner: Learner) -> None:
    learner.submit(RIGHT)
    first = learner.begin().achievement
    assert learner.submit(RIGHT).is_passed
    assert learner.begin().achievement == first == Achievement.objects.get()
    assert Credential.objects.count() == 1


def test_passing_again_after_a_revocation_brings_nothing_back(learner: Learner) -> None:
    learner.submit(RIGHT)
    revoke_achievement(Achievement.objects.get(), reason="shared account", recorded_at=NOW)
    learner.submit(RIGHT)
    assert not Achievement.objects.standing().exists()


@pytest.mark.parametrize(
    ("answers", "faults"),
    [
        ({}, {"question-1": "Choose an answer.", "question-2": "Choose an answer."}),
        ({"question-1": [0]}, {"question-2": "Choose an answer."}),
        ({**RIGHT, "question-2": []}, {"question-2": "Choose an answer."}),
        ({**RIGHT, "question-2": [2]}, {"question-2": "Choose from the answers on this page."}),
        ({**RIGHT, "question-2": [-1]}, {"question-2": "Choose an answer."}),
        ({**RIGHT, "question-1": [0, 0]}, {"question-1": "Choose from the answers on this page."}),
        ({**RIGHT, "question-1": [0, 1]}, {"question-1": "Choose one answer only."}),
    ],
)
def test_answers_that_cannot_be_judged_are_refused_by_question(
    learner: Learner, answers: dict[str, Answer], faults: dict[str, str]
) -> None:
    with pytest.raises(AnswersRefusedError) as refusal:
        learner.submit(answers)
    assert refusal.value.faults == faults
    assert Attempt.objects.get().submitted_at is None


def test_an_answer_to_a_question_that_was_not_asked_is_refused(learner: Learner) -> None:
    with pytest.raises(AnswersRefusedError, match="not in this attempt"):
        learner.submit({**RIGHT, "question-3": [0]})


def test_a_missing_answer_is_wrong_once_the_learner_says_that_it_is_meant(learner: Learner) -> None:
    attempt = submit_attempt(learner.open(), {"question-1": [0]}, at=NOW, is_final=True)
    assert (attempt.right, attempt.asked, attempt.is_passed) == (1, 2, False)


def test_saved_answers_count_when_the_rest_is_sent(learner: Learner) -> None:
    opened = save_answers(learner.open(), {"question-1": [0]}, at=NOW)
    assert submit_attempt(opened, {"question-2": [0]}, at=NOW).is_passed


def test_saving_answers_of_a_judged_attempt_changes_nothing(learner: Learner) -> None:
    attempt = learner.submit(WRONG)
    save_answers(attempt, RIGHT, at=NOW)
    assert Attempt.objects.get().answers == WRONG


@pytest.mark.parametrize(("pass_mark", "is_passed"), [(50, True), (51, False)])
def test_pass_mark_is_reached_exactly(pass_mark: int, is_passed: bool, db: None) -> None:
    assert asha(pass_mark=pass_mark).submit(WRONG).is_passed is is_passed


def test_a_course_without_an_assessment_is_completed_by_its_last_lesson(db: None) -> None:
    learner = asha(pass_mark=None)
    for lesson in learner.version.lessons.order_by("-number"):
        assert not Achievement.objects.exists()
        finish_lesson(learner.begin(), lesson, at=NOW)
    made = Achievement.objects.get()
    assert (made.evidence, made.source_id) == (Evidence.COMPLETED, learner.begin().pk)
    assert (with_progress(learner).progress, Credential.objects.get().achievement) == (100, made)


def test_a_course_without_an_assessment_has_no_attempt(db: None) -> None:
    with pytest.raises(AttemptRefusedError, match="has no assessment"):
        asha(pass_mark=None).open()


def test_a_retired_course_cannot_be_begun_and_can_be_finished(learner: Learner) -> None:
    learner.begin()
    retire_course(learner.version.course, at=NOW)
    learner.version.course.refresh_from_db()
    assert learner.submit(RIGHT).is_passed
    with pytest.raises(CourseNotOpenError):
        begin_course(PersonFactory.create(program=learner.person.program), learner.version.course, at=NOW)


def test_attempts_are_counted_and_refused_when_they_are_used_up(db: None) -> None:
    learner = asha(attempts=2)
    for _ in range(2):
        learner.submit(WRONG)
    with pytest.raises(AttemptRefusedError, match="every attempt that this course allows"):
        learner.open()


def test_attempts_come_back_after_the_hours_of_waiting(db: None) -> None:
    learner = asha(attempts=1, wait_hours=24)
    learner.submit(WRONG)
    with pytest.raises(AttemptRefusedError, match="try again later"):
        open_attempt(learner.begin(), at=NOW + timedelta(hours=23))
    assert open_attempt(learner.begin(), at=NOW + timedelta(hours=24)).submitted_at is None


@pytest.mark.parametrize(("times", "minutes"), [(1, 10), (2, 20), (10, 100), (7, 10)])
def test_the_time_limit_grows_by_what_the_learner_asks_for(times: int, minutes: int, db: None) -> None:
    opened = open_attempt(asha(time_limit=10).begin(), at=NOW, times=times)
    assert opened.due_at == NOW + timedelta(minutes=minutes)


def test_after_the_time_limit_what_was_saved_in_time_is_judged(db: None) -> None:
    learner = asha(time_limit=10)
    opened = save_answers(learner.open(), {"question-1": [0]}, at=NOW + timedelta(minutes=9))
    save_answers(opened, {"question-2": [0]}, at=NOW + timedelta(minutes=12))
    attempt = submit_attempt(opened, RIGHT, at=NOW + timedelta(minutes=12))
    assert (attempt.right, attempt.is_passed, attempt.answers) == (1, False, {"question-1": [0]})


def test_answers_that_arrive_within_the_grace_are_taken(db: None) -> None:
    learner = asha(time_limit=10)
    assert submit_attempt(learner.open(), RIGHT, at=NOW + timedelta(minutes=10, seconds=59)).is_passed


def test_a_pool_is_drawn_from_at_random_and_asked_as_drawn(db: None) -> None:
    learner = asha(asks=3, draw={"": 1, "more": 2})
    for number in range(3, 13):
        QuestionFactory.create(version=learner.version, number=number, pool="more")
    seen = set()
    for seed in range(30):
        opened = open_attempt(learner.begin(), at=NOW, chance=Random(seed))
        keys = [one["key"] for one in opened.drawn]
        seen.update(keys)
        assert (len(set(keys)), sum(key in RIGHT for key in keys)) == (3, 1)
        assert submit_attempt(opened, {key: [0] for key in keys}, at=NOW).is_passed
    assert len(seen) == 12


def test_the_database_keeps_one_open_attempt_an_enrolment(learner: Learner) -> None:
    opened = learner.open()
    opened.pk, opened.form_key = None, uuid4()
    with pytest.raises(IntegrityError, match="attempt_open_is_one_an_enrolment"):
        opened.save(force_insert=True)
