"""From what a course folder says to what is stored: rendered once, when it is published."""

import struct
from dataclasses import dataclass, field
from typing import Any

import yaml
from django.urls import reverse

from courses.catalogue.folders import CourseText, LessonText
from courses.catalogue.folders.links import in_language
from courses.catalogue.models.file import file_address
from courses.catalogue.questions.texts import QuestionText, Words
from courses.catalogue.rendering import (
    COURSE,
    DOWNLOAD,
    LESSON,
    PICTURE,
    Piece,
    pieces,
    rendered,
    rendered_inline,
    rendered_tokens,
)


@dataclass(frozen=True)
class Addresses:
    """Where the files of a course are served, and how large its pictures are, for one language."""

    program: str
    language: str
    sums: dict[str, str]
    sizes: dict[str, tuple[int, int]] = field(default_factory=dict)

    def of(self, path: str) -> str:
        found = in_language(path, self.language, self.sums)
        return file_address(self.program, self.sums[found], found) if found else path

    def __call__(self, address: str) -> tuple[str, dict[str, Any]]:
        """As `courses.catalogue.rendering.Resolve`."""
        if LESSON.fullmatch(address):
            return f"../{LESSON.fullmatch(address)[1][3:]}/", {}  # type: ignore[index]  # it matched just now
        if other := COURSE.fullmatch(address):
            return course_address(self.program, *filter(None, other.groups())), {}
        if not (PICTURE.fullmatch(address) or DOWNLOAD.fullmatch(address)):
            return address, {}
        size = self.sizes.get(in_language(address, self.language, self.sums) or "")
        return self.of(address), {"width": str(size[0]), "height": str(size[1])} if size else {}


def course_address(program: str, course: str, *lesson: str) -> str:
    """The page of the course, or of a lesson of it, for learners of the program: pages of courses.learning."""
    return reverse("lesson" if lesson else "course", args=[program, course, *lesson])


def blocks_of(lesson: LessonText, language: str, at: Addresses) -> list[dict[str, Any]]:
    """The lesson in the language, ready to be shown."""
    return [block for piece in pieces(lesson.words[language].markdown) if (block := block_of(piece, at))]


def block_of(piece: Piece, at: Addresses) -> dict[str, Any] | None:
    if piece.kind == "text":
        html = rendered_tokens(piece.tokens, at)
        return {"html": html} if html.strip() else None
    said = yaml.safe_load(piece.content)
    if piece.kind == "question":
        return {"question": said["id"]}
    if piece.kind == "video":
        return {"video": video(said, at)}
    return {"package": {key: str(value) for key, value in said.items()}}


def video(said: dict[str, str], at: Addresses) -> dict[str, str]:
    shown = {"title": said["title"], "transcript": rendered(said["transcript"], at), "language": at.language}
    if "embed" in said:
        return {**shown, "embed": said["embed"]}
    return {**shown, "file": at.of(said["file"]), "captions": at.of(said["captions"])}


def texts_of(question: QuestionText, at: dict[str, Addresses]) -> dict[str, dict[str, Any]]:
    """What is stored of the question's texts, by language."""
    return {language: shown_words(words, at[language]) for language, words in question.words.items()}


def shown_words(words: Words, at: Addresses) -> dict[str, Any]:
    """HTML, but for what can only be plain text on a page: the options of a list, and what is compared."""
    found = {
        "prompt": rendered(words.prompt, at),
        "feedback": rendered(words.feedback, at),
        "choices": [rendered_inline(choice, at) for choice in words.choices],
        "choice_feedback": [rendered_inline(text, at) for text in words.choice_feedback],
        "matches": words.matches,
        "accepts": words.accepts,
        "unit": words.unit,
    }
    return {name: value for name, value in found.items() if value}


def outline_of(course: CourseText, ids: dict[int, int]) -> list[dict[str, Any]]:
    """The lessons in order; `ids` are those of the stored lessons by their place, from 1."""
    return [
        {
            "id": ids[place],
            "slug": lesson.slug,
            "minutes": lesson.minutes,
            "titles": {language: words.title for language, words in lesson.words.items()},
        }
        for place, lesson in enumerate(course.lessons, start=1)
    ]


def picture_size(data: bytes) -> tuple[int, int] | None:
    """Width and height in pixels of a PNG or GIF, so that the page does not jump when it arrives; else `None`."""
    if data[:8] == b"\x89PNG\r\n\x1a\n" and len(data) >= 24:
        width, height = struct.unpack(">II", data[16:24])
        return int(width), int(height)
    if data[:6] in (b"GIF87a", b"GIF89a") and len(data) >= 10:
        width, height = struct.unpack("<HH", data[6:10])
        return int(width), int(height)
    return None
