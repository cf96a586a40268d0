"""The words of a Markdown text, without marks, code and fences."""

import re
from collections.abc import Iterator
from functools import lru_cache

from courses.catalogue.folders import CourseText
from courses.catalogue.folders.texts import LessonText
from courses.catalogue.questions.texts import QuestionText
from courses.catalogue.rendering import PARSER
from courses.catalogue.sections import Fault

# A remark says where and what, as a fault does; `file` is the path in the course until `remarks` names it whole.
Remark = Fault
WORD = re.compile(r"[^\W_]+(?:['’.,-][^\W_]+)*")
# Languages that are written without spaces between words: nobody can count their words by spaces.
WITHOUT_SPACES = frozenset({"zh", "ja", "th", "lo", "km", "my", "bo"})


@lru_cache(maxsize=1000)
def blocks(markdown: str) -> tuple[str, ...]:
    """The plain text of each paragraph, list item, heading and cell; kept, because several checks ask for it."""
    lines = (token.children or [] for token in PARSER.parse(markdown) if token.type == "inline")
    return tuple("".join(" " if one.type.endswith("break") else one.content for one in line) for line in lines)


def words(text: str) -> list[str]:
    return WORD.findall(text)


def has_spaces(language: str) -> bool:
    return language.split("-")[0] not in WITHOUT_SPACES


def path_in(language: str, course: CourseText, file: str) -> str:
    """The path of a text of the course in the language."""
    return file if language == course.language else f"{language}/{file}"


def places(course: CourseText) -> Iterator[tuple[str, LessonText | None, QuestionText]]:
    """Every question with the lesson that it is practice of, or `None`, and the file that it stands in."""
    for lesson in course.lessons:
        yield from ((lesson.file, lesson, question) for question in lesson.questions)
    for question in course.assessment.questions if course.assessment else []:
        yield "assessment.yaml", None, question
