"""Lessons without practice, and lessons that take longer than they say."""

from collections.abc import Iterator

from courses.catalogue.checking.plain import Remark, blocks, has_spaces, words
from courses.catalogue.folders import CourseText
from courses.catalogue.folders.markdown import look
from courses.catalogue.folders.texts import LessonText

WORDS_A_MINUTE = 180  # reading to learn, slower than reading for pleasure
LONG = 20  # minutes


def lesson_remarks(course: CourseText) -> list[Remark]:
    return [remark for lesson in course.lessons for remark in of_lesson(lesson, course.language)]


def of_lesson(lesson: LessonText, language: str) -> Iterator[Remark]:
    markdown = lesson.words[language].markdown
    if not lesson.questions and not any(piece.kind == "package" for piece in look(markdown).pieces):
        yield Remark(lesson.file, "has no practice question")
    if lesson.minutes > LONG:
        yield Remark(lesson.file, f"takes {lesson.minutes} minutes; people learn on the way and in breaks: split it")
    needed = reading_minutes(markdown) if has_spaces(language) else 0
    if needed > lesson.minutes:
        yield Remark(
            lesson.file,
            f"says {lesson.minutes} minutes, and its words alone take {needed} at {WORDS_A_MINUTE} a minute",
        )


def reading_minutes(markdown: str) -> int:
    """Minutes, rounded up, without those for questions and videos."""
    return -(-sum(len(words(block)) for block in blocks(markdown)) // WORDS_A_MINUTE)
