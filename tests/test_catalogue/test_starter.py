from courses.catalogue.folders import STARTER, read_courses
from courses.catalogue.rendering import rendered


def test_courses_that_ship_have_no_fault() -> None:
    assert [course.code for course in read_courses(STARTER)] == ["ai-first-steps"]


def test_first_course_is_short_and_counts_toward_ai_foundations() -> None:
    course = read_courses(STARTER)[0]
    assert course.tags == ["ai-foundations"]
    assert course.pass_mark == 80
    assert 20 <= course.minutes <= 30
    assert 8 <= len(course.questions) <= 10


def test_every_question_explains_itself() -> None:
    assert all(question.feedback for question in read_courses(STARTER)[0].questions)


def test_right_answers_stand_in_different_places() -> None:
    first_right = [question.right[0] for question in read_courses(STARTER)[0].questions]
    assert len(set(first_right)) >= 3


def test_lessons_render_to_headings_and_lists() -> None:
    for lesson in read_courses(STARTER)[0].lessons:
        html = rendered(lesson.markdown)
        assert "<h2>Try it</h2>" in html or "<h2>Step 1: Choose</h2>" in html
