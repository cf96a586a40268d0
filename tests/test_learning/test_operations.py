from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection

from courses.achievements.models import Achievement
from courses.achievements.operations import revoke_achievement
from courses.credentials.models import Credential
from courses.learning.models import Attempt, Enrolment, LessonDone
from courses.learning.operations import (
    AnswersRefusedError,
    CourseNotOpenError,
    FormAlreadySentError,
    LessonRefusedError,
    begin_course,
    finish_lesson,
    submit_assessment,
)
from people.operations import describe_person
from programs.models import Evidence
from tests.factories import NOW, CourseFactory, CourseVersionFactory, marked_dirty
from tests.test_learning.cast import RIGHT, WRONG, Learner


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
    with pytest.raises(LessonRefusedError, match="is not part of"):
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
    assert (attempt.is_passed, attempt.right, attempt.asked, attempt.achievement) == (True, 2, 2, achievement)
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
    submit_assessment(learner.begin(), form_key=uuid4(), answers=RIGHT, at=late)
    assert Achievement.objects.get().achieved_on == date(2026, 3, 2)


def test_failing_records_an_attempt_and_nothing_else(learner: Learner) -> None:
    attempt = learner.submit(WRONG)
    assert (attempt.is_passed, attempt.right, attempt.per_cent) == (False, 1, 50)
    assert not Achievement.objects.exists()
    assert not Credential.objects.exists()


def test_sending_a_form_again_is_one_attempt(learner: Learner) -> None:
    key = uuid4()
    assert learner.submit(RIGHT, key) == learner.submit(RIGHT, key)
    assert Attempt.objects.count() == 1


def test_sending_a_form_again_with_other_answers_is_refused_and_the_first_stand(learner: Learner) -> None:
    key = uuid4()
    learner.submit(WRONG, key)
    with pytest.raises(FormAlreadySentError):
        learner.submit(RIGHT, key)
    assert not Attempt.objects.get().is_passed


def test_passing_again_keeps_the_first_achievement_and_credential(learner: Learner) -> None:
    first, second = learner.submit(RIGHT), learner.submit(RIGHT)
    assert second.is_passed
    assert (first.achievement, second.achievement) == (Achievement.objects.get(), None)
    assert Credential.objects.count() == 1


def test_passing_again_after_a_revocation_brings_nothing_back(learner: Learner) -> None:
    learner.submit(RIGHT)
    revoke_achievement(Achievement.objects.get(), reason="shared account", recorded_at=NOW)
    learner.submit(RIGHT)
    assert not Achievement.objects.standing().exists()


@pytest.mark.parametrize(
    ("answers", "faults"),
    [
        ({}, {1: "Choose an answer.", 2: "Choose an answer."}),
        ({1: [0]}, {2: "Choose an answer."}),
        ({1: [0], 2: []}, {2: "Choose an answer."}),
        ({1: [0], 2: [2]}, {2: "Choose from the answers on this page."}),
        ({1: [0], 2: [-1]}, {2: "Choose from the answers on this page."}),
        ({1: [0, 0], 2: [0]}, {1: "Choose from the answers on this page."}),
        ({1: [0, 1], 2: [0]}, {1: "Choose one answer only."}),
    ],
)
def test_answers_that_cannot_be_judged_are_refused_by_question(
    learner: Learner, answers: dict[int, list[int]], faults: dict[int, str]
) -> None:
    with pytest.raises(AnswersRefusedError) as refusal:
        learner.submit(answers)
    assert refusal.value.faults == faults
    assert not Attempt.objects.exists()


def test_an_answer_to_a_question_that_was_not_asked_is_refused(learner: Learner) -> None:
    with pytest.raises(AnswersRefusedError, match="not in this assessment"):
        learner.submit({**RIGHT, 3: [0]})


@pytest.mark.parametrize(("chosen", "is_passed"), [([0, 2], True), ([2, 0], True), ([0], False), ([0, 1, 2], False)])
def test_several_is_right_with_every_right_choice_and_no_other(
    learner: Learner, chosen: list[int], is_passed: bool
) -> None:
    learner.version.questions.filter(number=1).update(kind="several", choices=["a", "b", "c"], right=[0, 2])
    assert learner.submit({1: chosen, 2: [0]}).is_passed is is_passed


@pytest.mark.parametrize(("pass_mark", "is_passed"), [(50, True), (51, False)])
def test_pass_mark_is_reached_exactly(learner: Learner, pass_mark: int, is_passed: bool) -> None:
    learner.version.pass_mark = pass_mark
    learner.version.save()
    assert learner.submit(WRONG).is_passed is is_passed
