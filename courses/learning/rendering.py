"""What of a lesson's page is the same for many: published lessons never change, so it is rendered once and kept."""

from typing import Any

import orjson
from django.utils.safestring import SafeString

from courses.learning.forms import Asked
from courses.learning.models.lesson_page import LessonPage
from programs.kept import kept, opened


def article(page: LessonPage, program: str, *, token: str, form_key: str) -> SafeString:
    """The lesson with its practice questions, as this learner has answered them."""
    parts = [
        practice_form(page, program, page.practice[block["question"]])
        if "question" in block
        else kept("learning/_block.html", block_context, said=orjson.dumps(block), address=page.slug)
        for block in page.blocks
    ]
    return opened("".join(parts), token=token, form_key=form_key)


def block_context(said: bytes, address: str) -> dict[str, Any]:
    return {"block": orjson.loads(said), "slug": address}


def practice_form(page: LessonPage, program: str, question: dict[str, Any]) -> str:
    """The form of a practice question with the answer that was given last; the reader's marks are still in it."""
    place = (program, page.course_code, page.slug, page.wanted)
    return form_at(
        place, page.language, {name: question[name] for name in ("pk", "key", "kind", "texts", "answer", "is_right")}
    )


def form_at(place: tuple[str, str, str, str], language: str, asked: dict[str, Any]) -> str:
    """The same for a place: program, course, lesson and the language that is wanted."""
    return kept("learning/_practice.html", practice_context, place=place, language=language, said=orjson.dumps(asked))


def practice_context(place: tuple[str, str, str, str], language: str, said: bytes) -> dict[str, Any]:
    program, course, slug, wanted = place
    return {
        "asked": Asked(**orjson.loads(said), language=language, order=[]),
        "page": {"course_code": course, "slug": slug, "wanted": wanted},
        "program": {"code": program},
    }


def outline(page: LessonPage, program: str) -> SafeString:
    """The lessons of the course, with those that are done and the one that is shown."""
    place = (program, page.course_code)
    rows = [
        kept("learning/_outline_row.html", row_context, place=place, row=tuple(row.items())) for row in page.lessons()
    ]
    return opened("".join(rows))


def row_context(place: tuple[str, str], row: tuple[tuple[str, Any], ...]) -> dict[str, Any]:
    return {"program": {"code": place[0]}, "course": place[1], "one": dict(row)}
