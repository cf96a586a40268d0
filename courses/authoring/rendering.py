"""How a draft will look to learners: the same blocks and templates, and nothing recorded."""

import re
from dataclasses import dataclass
from random import Random
from typing import Any

from django.urls import reverse

from courses.authoring.reading import Reading
from courses.catalogue.folders import CourseText, LessonText
from courses.catalogue.folders.links import in_language
from courses.catalogue.languages import direction, own_name
from courses.catalogue.publishing import Addresses, blocks_of, texts_of
from courses.catalogue.questions.drawing import drawn_keys, shown_order
from courses.catalogue.questions.texts import Kind, QuestionText
from courses.catalogue.rendering import LESSON
from courses.learning.forms import Asked


@dataclass(frozen=True)
class Shown:
    """A lesson as learners will see it."""

    title: str
    language: str
    blocks: list[dict[str, Any]]
    languages: list[tuple[str, str]]
    slug: str

    @property
    def direction(self) -> str:
        return direction(self.language)


@dataclass(frozen=True)
class DraftAddresses(Addresses):
    """Files of a draft have no address of their own yet: they are served from the draft."""

    draft: int = 0

    def of(self, path: str) -> str:
        found = in_language(path, self.language, self.sums)
        return reverse("draft-file", args=[self.program, self.draft, found]) if found else path

    def __call__(self, address: str) -> tuple[str, dict[str, Any]]:
        lesson = LESSON.fullmatch(address)
        if lesson:
            return reverse("draft-preview", args=[self.program, self.draft, lesson[1][3:]]), {}
        return super().__call__(address)


def lesson_shown(reading: Reading, path: str, language: str) -> Shown | None:
    """The lesson that the file is in the language; `None` while the draft has faults, or if it is no lesson."""
    found = re.fullmatch(r"(?:[^/]+/)?(\d\d-[a-z0-9-]+\.md)", path)
    if reading.course is None or not found:
        return None
    lesson = next((one for one in reading.course.lessons if one.file == found[1]), None)
    return shown(reading, reading.course, lesson, language) if lesson else None


def shown(reading: Reading, course: CourseText, lesson: LessonText, language: str) -> Shown:
    said = language if language in lesson.words else course.language
    at: dict[str, Addresses] = {one: addresses(reading, one) for one in course.languages}
    questions = {question.key: question for question in lesson.questions}
    blocks = [
        {"asked": asked(questions[block["question"]], at, said)} if "question" in block else block
        for block in blocks_of(lesson, said, at[said])
    ]
    return Shown(lesson.words[said].title, said, blocks, [(one, own_name(one)) for one in lesson.words], lesson.slug)


def asked(
    question: QuestionText, at: dict[str, Addresses], language: str, order: list[int] | None = None, number: int = 0
) -> Asked:
    """The question in the language, or in the one that the course is written in."""
    said = language if language in question.words else next(iter(question.words))
    texts = texts_of(question, at)[said]
    return Asked(key=question.key, kind=question.kind, texts=texts, language=said, order=order or [], number=number)


def assessment_shown(reading: Reading, course: CourseText, language: str, chance: Random) -> list[Asked]:
    """The questions that one attempt would ask, drawn and shuffled as for learners."""
    if course.assessment is None:
        return []
    at: dict[str, Addresses] = {one: addresses(reading, one) for one in course.languages}
    known = {question.key: question for question in course.assessment.questions}
    keys = drawn_keys(course.assessment.draw, {key: one.pool for key, one in known.items()}, chance)
    orders = [shown_order(known[key].kind, size_of(known[key]), chance) for key in keys]
    return [
        asked(known[key], at, language, order, number)
        for number, (key, order) in enumerate(zip(keys, orders, strict=True), start=1)
    ]


def size_of(question: QuestionText) -> int:
    """How many texts of the question are shuffled."""
    words = next(iter(question.words.values()))
    return len(words.matches if question.kind == Kind.MATCHING else words.choices)


def outline(course: CourseText, language: str) -> list[tuple[str, str]]:
    """Address and title of each lesson."""
    return [(one.slug, (one.words.get(language) or one.words[course.language]).title) for one in course.lessons]


def addresses(reading: Reading, language: str) -> DraftAddresses:
    draft = reading.files.draft
    return DraftAddresses(draft.program.code, language, dict.fromkeys(reading.files.current, ""), draft=draft.pk)
