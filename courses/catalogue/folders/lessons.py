"""Lessons: Markdown with the practice questions, videos and packages that stand in it."""

import re
from dataclasses import dataclass

from courses.catalogue.folders.files import LESSON_FILE, Sorted
from courses.catalogue.folders.links import check_texts, faults_of_text
from courses.catalogue.folders.markdown import look
from courses.catalogue.folders.questions import read_question, read_translation
from courses.catalogue.folders.texts import LessonText, LessonWords
from courses.catalogue.folders.videos import check_package, check_video
from courses.catalogue.questions.texts import QuestionText
from courses.catalogue.rendering import Piece
from courses.catalogue.sections import Fault, Section, read_section

FRONT_MATTER = re.compile(r"---\n(.*?\n)---\n(.*)", re.DOTALL)
RESERVED = ("assessment",)


@dataclass(frozen=True)
class LessonFile:
    """A lesson's file in one language: its words, and the minutes that only the written language says."""

    words: LessonWords
    minutes: int


def read_lessons(found: Sorted, language: str, others: list[str]) -> list[LessonText]:
    """Every lesson in all its languages, in the order of their numbers."""
    names = sorted(path for path in found.texts if LESSON_FILE.fullmatch(path))
    lessons = [read_lesson(found, name, language, others) for name in names]
    for other in others:
        strange = [path for path in found.texts if path.startswith(f"{other}/") and is_without_original(path, names)]
        for path in strange:
            found.fault(path, f"translates no lesson: there is no {path.removeprefix(f'{other}/')}")
    return lessons


def is_without_original(path: str, names: list[str]) -> bool:
    name = path.split("/", 1)[1]
    return bool(LESSON_FILE.fullmatch(name)) and name not in names


def read_lesson(found: Sorted, name: str, language: str, others: list[str]) -> LessonText:
    number, slug = name.removesuffix(".md").split("-", 1)
    first = read_file(found, name, language, has_minutes=True)
    made = LessonText(number=int(number), slug=slug, minutes=first.minutes, words={language: first.words})
    made.questions.extend(practice(found, name, first.words, language))
    for other in others:
        path = f"{other}/{name}"
        if path in found.texts:
            made.words[other] = read_file(found, path, other, has_minutes=False).words
            translate(found, path, made, other)
    return made


def read_file(found: Sorted, path: str, language: str, *, has_minutes: bool) -> LessonFile:
    text, file = found.texts[path], found.named(path)
    parts = FRONT_MATTER.fullmatch(f"{text}\n") if text is not None else None
    if parts is None:
        if text is not None:
            found.fault(path, "must start with ---, the keys title and minutes, and --- again", 1)
        return LessonFile(LessonWords(title="", markdown=""), 1)
    first_line, markdown = parts[1].count("\n") + 3, parts[2].rstrip() + "\n"
    section = read_section(parts[1], file, found.faults, first_line=2)
    section.allow_only("title", *(["minutes"] if has_minutes else []))
    title = section.text("title", longest=200)
    minutes = section.number("minutes", 1, 600) if has_minutes else 0
    check_body(found, path, markdown, first_line, language)
    return LessonFile(LessonWords(title=title, markdown=markdown, first_line=first_line), minutes)


def check_body(found: Sorted, path: str, markdown: str, first_line: int, language: str) -> None:
    if not markdown.strip():
        found.fault(path, "has no text", first_line)
    for line, message in faults_of_text(markdown, language, found.paths):
        found.fault(path, message, first_line + line - 1)
    for piece in look(markdown).pieces:
        if piece.kind in ("video", "package"):
            section = read_piece(found, path, piece, first_line)
            (check_video if piece.kind == "video" else check_package)(section, language, found.paths)


def read_piece(found: Sorted, path: str, piece: Piece, first_line: int) -> Section:
    return read_section(piece.content, found.named(path), found.faults, first_line=first_line + piece.line - 1)


def practice(found: Sorted, path: str, words: LessonWords, language: str) -> list[QuestionText]:
    read = []
    for piece in questions_in(words):
        section = read_piece(found, path, piece, words.first_line)
        question = read_question(section, language=language, has_pool=False)
        if question:
            check_texts(section, question.words[language], language, found.paths)
            read.append(question)
    return read


def questions_in(words: LessonWords) -> list[Piece]:
    return [piece for piece in look(words.markdown).pieces if piece.kind == "question"]


def translate(found: Sorted, path: str, lesson: LessonText, language: str) -> None:
    known = {question.key: question for question in lesson.questions}
    words = lesson.words[language]
    for piece in questions_in(words):
        section = read_piece(found, path, piece, words.first_line)
        read = read_translation(section, known, language)
        if read:
            check_texts(section, read, language, found.paths)
    left_out = [question.key for question in lesson.questions if language not in question.words]
    found.faults.extend(Fault(found.named(path), f"lacks the practice question {key}") for key in left_out)


def faults_together(found: Sorted, lessons: list[LessonText]) -> list[Fault]:
    """What only shows when the lessons are seen together."""
    where = found.named("")
    faults = [] if lessons else [Fault(where, "has no lesson; lessons are named like 01-first-lesson.md")]
    for name in ("number", "slug"):
        values = [getattr(lesson, name) for lesson in lessons]
        twice = sorted({str(value) for value in values if values.count(value) > 1})
        faults.extend(Fault(where, f"two lessons have the {name} {value}") for value in twice)
    reserved = [lesson.slug for lesson in lessons if lesson.slug in RESERVED]
    faults.extend(
        Fault(where, f"a lesson cannot be named {slug}: that is the address of the assessment") for slug in reserved
    )
    return faults
