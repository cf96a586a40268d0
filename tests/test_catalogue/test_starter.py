from collections import Counter

import pytest

from courses.catalogue.folders import STARTER, CourseText, read_courses
from courses.catalogue.questions.texts import Kind

COURSES = {course.code: course for course, _ in read_courses(STARTER)}
every_course = pytest.mark.parametrize("course", COURSES.values(), ids=COURSES.keys())


def test_three_courses_ship_and_have_no_fault() -> None:
    assert list(COURSES) == ["ai-foundations", "ai-public-service", "ai-small-business"]


@every_course
def test_every_course_counts_toward_ai_foundations(course: CourseText) -> None:
    assert course.tags == ["ai-foundations"]


@every_course
def test_every_kind_of_question_is_asked(course: CourseText) -> None:
    assert {question.kind for question in course.questions} == set(Kind)


@every_course
def test_every_question_explains_itself_in_every_language(course: CourseText) -> None:
    assert all(words.feedback for question in course.questions for words in question.words.values())


@every_course
def test_every_lesson_has_practice(course: CourseText) -> None:
    assert all(len(lesson.questions) >= 2 for lesson in course.lessons)


@every_course
def test_right_answers_stand_in_every_place_about_as_often(course: CourseText) -> None:
    places = Counter(question.right[0] for question in course.questions if question.kind == Kind.ONE)  # type: ignore[index]
    assert len(places) >= 3
    assert max(places.values()) <= places.total() / 2


@every_course
def test_the_right_choice_is_not_the_longest_more_often_than_by_chance(course: CourseText) -> None:
    ones = [question for question in course.questions if question.kind == Kind.ONE]
    longest = [
        max(range(len(choices)), key=lambda place: len(choices[place])) in question.right  # type: ignore[operator]
        for question in ones
        for choices in [question.words["en"].choices]
    ]
    assert sum(longest) <= len(ones) / 2


@every_course
def test_a_lesson_takes_at_most_ten_minutes(course: CourseText) -> None:
    assert all(3 <= lesson.minutes <= 10 for lesson in course.lessons)


def test_the_first_course_takes_two_hours_and_draws_from_forty_questions_or_more() -> None:
    course = COURSES["ai-foundations"]
    assert 100 <= course.minutes <= 130
    assert course.assessment is not None
    assert len(course.assessment.questions) >= 40
    assert course.assessment.asked() == 20
