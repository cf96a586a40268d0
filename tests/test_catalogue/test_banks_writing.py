"""Questions that leave as Moodle XML, or as a package of QTI 3, come back as they were."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from courses.catalogue.banks.writing import plain_of, write_moodle_xml
from courses.catalogue.banks.writing_qti import write_qti
from courses.catalogue.folders import STARTER, FolderFiles, read_course
from courses.catalogue.questions.texts import Kind, QuestionText, Words
from courses.catalogue.rendering import rendered, rendered_inline
from tests.test_catalogue.banks import PNG, only, read
from tests.test_catalogue.banks import said as said_parts
from tests.test_catalogue.test_banks_yaml import questions

Writer = Callable[..., bytes]
COURSES = sorted(path.parent for path in STARTER.glob("*/course.yaml"))


@pytest.mark.parametrize("folder", COURSES, ids=lambda path: path.name)
def test_the_questions_of_our_own_courses_come_back_the_same_in_every_language(folder: Path) -> None:
    asked = read_course(FolderFiles(folder)).questions
    assert asked
    for language in sorted({language for question in asked for language in question.words}):
        told = [
            replace(question, words={language: question.words[language]})
            for question in asked
            if language in question.words
        ]
        assert read(write_moodle_xml(told, language), language=language).questions == told
        assert read(write_qti(told, language), language=language).questions == told


def shown(words: Words) -> list[object]:
    """What learners read and what is compared."""
    blocks = [plain_of(rendered(text)) for text in (words.prompt, words.feedback, *words.choice_feedback)]
    lines = [plain_of(rendered_inline(text)) for text in (*words.choices, *words.matches)]
    return [[text for text in blocks if text], lines, words.accepts, words.unit]


def is_plain(question: QuestionText) -> bool:
    """Whether every text says something, and no two the same, once formatting and invisible signs are gone."""
    words = question.words["en"]
    seen = [plain_of(rendered_inline(text)) for text in (*words.choices, *words.matches)]
    return bool(plain_of(rendered(words.prompt))) and all(seen) and len(set(seen)) == len(seen)


letters = st.characters(categories=["L", "N", "P", "S"], codec="utf-8")


@pytest.mark.parametrize("write", [write_moodle_xml, write_qti])
@settings(max_examples=150, deadline=None)
@given(asked=questions(letters).filter(is_plain))
def test_any_question_comes_back_with_the_same_words(write: Writer, asked: QuestionText) -> None:
    came = only(read(write([asked], "en")))
    assert (came.key, came.kind, came.pool, came.right) == (asked.key, asked.kind, asked.pool, normal(asked.right))
    assert shown(came.words["en"]) == shown(asked.words["en"])


def normal(right: object) -> object:
    """Numbers without zeros at the end, as banks give them."""
    if not isinstance(right, dict):
        return right
    cut = {key: value.rstrip("0").rstrip(".") if "." in value else value for key, value in right.items()}
    return {key: "0" if value in ("-0", "") else value for key, value in cut.items()}


@pytest.mark.parametrize("write", [write_moodle_xml, write_qti])
def test_pictures_go_along(write: Writer) -> None:
    words = Words(prompt="See ![A desk](pictures/in/my-desk.png)", feedback="f", choices=["a", "b"])
    asked = QuestionText(key="k", kind=Kind.ONE, right=[1], words={"en": words})
    bank = read(write([asked], "en", pictures={"pictures/in/my-desk.png": PNG, "pictures/other.png": PNG + b"x"}))
    assert bank.pictures == {"pictures/my-desk.png": PNG}
    assert only(bank).words["en"].prompt == "See ![A desk](pictures/my-desk.png)"


@pytest.mark.parametrize("write", [write_moodle_xml, write_qti])
def test_what_looks_like_html_stays_text(write: Writer) -> None:
    words = Words(prompt="<b>x</b> & \\*y\\*", feedback="`<i>`", choices=["1. a", "# b", "<s>"])
    asked = QuestionText(key="k", kind=Kind.SEVERAL, right=[0, 2], words={"en": words})
    came = only(read(write([asked], "en")))
    assert shown(came.words["en"]) == shown(words)
    assert came.words["en"].choices == words.choices


@pytest.mark.parametrize("write", [write_moodle_xml, write_qti])
def test_the_same_questions_are_the_same_bytes_and_need_their_language(write: Writer) -> None:
    asked = QuestionText(key="k", kind=Kind.TRUE_FALSE, right=True, words={"en": Words(prompt="p")})
    assert write([asked], "en") == write([asked], "en")
    with pytest.raises(KeyError):
        write([asked], "cy")


@pytest.mark.parametrize("write", [write_moodle_xml, write_qti])
def test_everything_about_a_question_goes_along(write: Writer) -> None:
    said = Words(prompt="How far?", feedback="So.", unit="km/h")
    asked = [
        QuestionText(key="n", kind=Kind.NUMBER, pool="b", right={"value": "3", "tolerance": "0.5"}, words={"en": said})
    ]
    said = Words(prompt="Which?", feedback="So.", choices=["a", "b", "c"], choice_feedback=["x", "", "*y*"])
    asked.append(QuestionText(key="s", kind=Kind.SEVERAL, pool="a", right=[0, 2], words={"en": said}))
    asked.append(QuestionText(key="o", kind=Kind.ONE, right=[1], words={"en": said}))
    said = Words(prompt="Is it?", feedback="So.", choice_feedback=["x", "y"])
    asked.append(QuestionText(key="t", kind=Kind.TRUE_FALSE, pool="b", right=False, words={"en": said}))
    bank = read(write(asked, "en"))
    assert bank.questions == asked
    assert said_parts(bank) == ["loses what a part of the right choices earns (50 %, -100 %, 50 %)"] * (
        write is write_moodle_xml
    )
