"""Questions and videos changed by a form: what it does not touch stays byte for byte."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from courses.authoring.changing import form_of, passage_in, question_in, video_in, with_question, with_video
from courses.authoring.following import changed, moves, origins, translated
from courses.authoring.passages import CannotChangeError, Passage, passages
from courses.authoring.question_forms import FORMS
from courses.catalogue.folders import CourseText, course_folders, read_course
from courses.catalogue.folders.files import FolderFiles
from courses.catalogue.folders.reading import STARTER
from courses.catalogue.questions.texts import Kind, QuestionText, Right, Words
from courses.catalogue.questions.yaml_text import entry, questions_yaml

FOLDERS = {folder.name: folder for folder in course_folders(STARTER)}
LESSON, ASSESSMENT = "01-one.md", "assessment.yaml"


def texts_of(course: CourseText, folder: FolderFiles) -> dict[str, str]:
    """Lessons and assessment in the language that the course is written in."""
    paths = [lesson.file for lesson in course.lessons] + (["assessment.yaml"] if course.assessment else [])
    return {path: folder.read(path).decode() for path in paths}


def crlf(text: str) -> str:
    """As browsers send it."""
    return text.replace("\n", "\r\n")


def opened_and_saved(passage: Passage, language: str) -> tuple[QuestionText, QuestionText]:
    """The question as it stands there, and as the form has it that nobody has touched."""
    has_pool = not passage.is_fence
    old = question_in(passage, language, has_pool=has_pool)
    fields = form_of(old, language, has_pool=has_pool).initial
    form = FORMS[old.kind]({key: crlf(value) for key, value in fields.items()}, has_pool=has_pool)
    assert form.is_valid(), form.errors
    return old, changed(old, form.question(language), language)


@pytest.mark.parametrize("name", FOLDERS)
def test_every_question_of_the_starter_courses_opens_and_is_saved_unchanged(name: str) -> None:
    folder = FolderFiles(FOLDERS[name])
    course, seen = read_course(folder), 0
    for path, text in texts_of(course, folder).items():
        for passage in passages(path, text):
            if passage.kind == "video":
                assert with_video(path, passage, video_in(passage)) == text
                continue
            old, new = opened_and_saved(passage, course.language)
            assert new == old
            assert with_question(path, passage, old, new) == text
            seen += 1
    assert seen == len(course.questions) > 5


def test_of_every_question_of_the_starter_courses_one_text_alone_can_be_changed() -> None:
    for name in FOLDERS:
        folder = FolderFiles(FOLDERS[name])
        course = read_course(folder)
        for path, text in texts_of(course, folder).items():
            for passage in [one for one in passages(path, text) if one.kind == "question"]:
                old, new = opened_and_saved(passage, course.language)
                words = replace(new.words[course.language], feedback="Another text: 1 # of *two*.")
                after = with_question(path, passage, old, replace(new, words={course.language: words}))
                gone = [line for line in text.split("\n") if line not in after.split("\n")]
                assert len(gone) <= old.words[course.language].feedback.count("\n") + 9, path
                assert text.count("id: ") == after.count("id: ")


# Texts that are hard to write in YAML or in the lines of a form.
HARD = [
    *("*", "\\*a*", "a = b", "\\=", "a \\= b", "- x", "# y", "a: b", "{}", "[x]", "'", '"', "yes", "2026", "1e3", "~"),
    *("null", "!t", "&a", "%p", "@", "`c`", "? q", "| b", "> f", "नमस्ते", "日本", "a  b", "```", "```question"),
    *("x" * 130, "a " * 90 + "b"),
]
line = (
    st.one_of(st.sampled_from(HARD), st.text("ab *=\\#:-'\"[]{}|>&!%`,?é漢", min_size=1, max_size=30))
    .map(str.strip)
    .filter(bool)
)
lines = st.lists(line, min_size=2, max_size=5, unique=True)
block = st.lists(line, min_size=1, max_size=4).map("\n\n".join)


@st.composite
def questions(draw: st.DrawFn, kind: Kind | None = None) -> QuestionText:
    kind = kind or draw(st.sampled_from(Kind))
    words, right = Words(prompt=draw(block), feedback=draw(block)), None
    if kind in (Kind.ONE, Kind.SEVERAL, Kind.ORDERING):
        words = replace(words, choices=draw(lines))
    if kind in (Kind.ONE, Kind.SEVERAL):
        words = replace(words, choice_feedback=draw(st.one_of(st.just([]), st.just(words.choices))))
        right = draw(rights(len(words.choices), most=1 if kind == Kind.ONE else 9))
    if kind == Kind.MATCHING:
        matches = draw(lines)
        words = replace(
            words, choices=draw(st.lists(line, min_size=2, max_size=len(matches), unique=True)), matches=matches
        )
    if kind == Kind.TEXT:
        words = replace(words, accepts=draw(lines))
    if kind == Kind.NUMBER:
        words = replace(words, unit=draw(st.one_of(st.just(""), line.map(lambda text: text[:20].strip()))))
        right = {"value": draw(numbers), "tolerance": draw(st.sampled_from(["0", "0.5", "2"]))}
    if kind == Kind.TRUE_FALSE:
        right = draw(st.booleans())
    pool = draw(st.sampled_from(["", "basics", "other"]))
    return QuestionText(key="asked", kind=kind, pool=pool, right=right, words={"en": words})


numbers = (
    st.decimals(-1000, 1000, allow_nan=False, places=2)
    .map(lambda number: f"{number:f}")
    .filter(lambda text: text != "-0.00")
)


def rights(size: int, *, most: int) -> st.SearchStrategy[Right]:
    return st.lists(st.integers(0, size - 1), min_size=1, max_size=min(most, size), unique=True).map(sorted)


def plainly(value: Any) -> Any:
    """With the types that YAML knows, so that any writer of YAML can write it."""
    if isinstance(value, dict):
        return {key: plainly(one) for key, one in value.items()}
    if isinstance(value, list):
        return [plainly(one) for one in value]
    return str(value) if isinstance(value, str) else value


def said_by(question: QuestionText) -> Any:
    said = plainly(entry(question, question.words["en"], False))
    if question.kind == Kind.NUMBER:
        said |= {key: float(said[key]) for key in ("right", "tolerance") if key in said}
    return said


def in_brackets(question: QuestionText) -> str:
    whole = yaml.safe_dump(said_by(question), default_flow_style=True, width=10**6, allow_unicode=True, sort_keys=False)
    return f"  - {whole}"


def by_hand(question: QuestionText) -> str:
    """As some people write: lists at the margin of their key, short lines, comments, blank lines."""
    rows = yaml.safe_dump(said_by(question), width=40, allow_unicode=True, sort_keys=False).rstrip("\n").split("\n")
    first, *others = rows
    return "\n".join([f"  - {first}", *(f"    {row}" if row.strip() else row for row in others), "", "  # behind it\n"])


STYLES: dict[str, Callable[[QuestionText], str]] = {
    "as-exported": lambda question: questions_yaml([question], "en"),
    "in-brackets": in_brackets,
    "by-hand": by_hand,
}
OTHER = """\
  - id: {key}
    kind: true-false # note
    prompt: "Is it?"
    right: true
    feedback: >-
      So
      it is.
"""
IN_A_LESSON = """\
---
title: x
minutes: 1
---
```question
id: asked
kind: true-false
prompt: p
right: true
feedback: f
```"""


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("kind", Kind)
@given(data=st.data())
def test_a_question_becomes_another_and_nothing_beside_it_changes(style: str, kind: Kind, data: st.DataObject) -> None:
    old, new = data.draw(questions(kind)), data.draw(questions(kind))
    first, last = OTHER.format(key="first"), OTHER.format(key="last")
    text = f"# above\npass_mark: 50\nquestions:\n{first}{STYLES[style](old)}{last}# below\n"
    found = passage_in(ASSESSMENT, text, "question", "asked")
    assert found
    old = question_in(found, "en", has_pool=True)  # some styles write numbers in their own way
    after = with_question(ASSESSMENT, found, old, new)
    assert after.startswith(f"# above\npass_mark: 50\nquestions:\n{first}")
    assert after.endswith(f"{last}# below\n")
    assert ("# behind it" in after) == ("# behind it" in text)
    assert [one.key for one in passages(ASSESSMENT, after)] == ["first", "asked", "last"]


@given(questions())
def test_what_a_form_shows_of_a_question_is_what_it_reads(question: QuestionText) -> None:
    try:
        form = form_of(question, "en", has_pool=True)
    except CannotChangeError:
        return  # it is changed in the text: test_what_the_form_cannot_show_is_left_to_the_text
    again = FORMS[question.kind]({key: crlf(value) for key, value in form.initial.items()})
    assert again.is_valid()
    assert changed(question, again.question("en"), "en") == question


@given(
    st.lists(questions(Kind.ONE), min_size=1, max_size=1), st.integers(0, 3), st.sampled_from(["```", "~~~", "````"])
)
def test_in_a_lesson_the_fence_holds_whatever_is_written(asked: list[QuestionText], indent: int, fence: str) -> None:
    [old], margin = [replace(asked[0], pool="")], " " * indent
    content = questions_yaml([old], "en").replace("\n    ", "\n").removeprefix("  - ")
    rows = "".join(f"{margin}{row}\n" if row.strip() else f"{row}\n" for row in content.rstrip("\n").split("\n"))
    long = fence + fence[0] * 3
    text = f"---\ntitle: One\nminutes: 5\n---\nBefore.\n\n{margin}{long}question\n{rows}{margin}{long}\n\nAfter.\n"
    found = passage_in(LESSON, text, "question", "asked")
    assert found
    words = replace(old.words["en"], prompt="Code:\n\n```\nx\n```\n\n~~~~~~\ny\n~~~~~~\n\n``````````\nz\n``````````")
    after = with_question(LESSON, found, old, replace(old, words={"en": words}))
    again = passage_in(LESSON, after, "question", "asked")
    assert again
    assert question_in(again, "en", has_pool=False).words["en"] == words
    assert after.endswith("\n\nAfter.\n")


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (["a", "b", "c"], ["c", "a", "b"], [2, 0, 1]),
        (["a", "b", "c"], ["a", "c"], [0, 2]),
        (["a", "b"], ["a", "b", "quite new"], [0, 1, None]),
        (["The sky is blue", "b"], ["b", "The sky is so blue"], [1, 0]),
        (["one", "two"], ["three", "four"], [0, 1]),
        (["one", "two", "six"], ["six", "four"], [2, None]),
        ([], [], []),
    ],
)
def test_a_text_is_found_where_it_stood(before: list[str], after: list[str], expected: list[int | None]) -> None:
    assert origins(before, after) == expected


def test_pairs_move_together_and_other_texts_after_them() -> None:
    before = Words(prompt="x", choices=["a", "b"], matches=["1", "2", "3", "4"])
    after = Words(prompt="x", choices=["b", "a"], matches=["2", "1", "4", "new", "3"])
    moved = moves(Kind.MATCHING, before, after)
    assert [moved.choices, moved.matches] == [[1, 0], [1, 0, 3, None, 2]]
    theirs = Words(prompt="y", choices=["A", "B"], matches=["I", "II", "III", "IV"])
    assert translated(theirs, moved, before, after).matches == ["II", "I", "IV", "new", "III"]
    assert translated(replace(theirs, choices=["A"]), moved, before, after).choices == ["A"]


@pytest.mark.parametrize("choices", ['[a, "b\\nc"]', '[a, "x\\u2028y"]', '[a, "' + "z" * 499 + '", "  "]'])
def test_what_the_form_cannot_show_is_left_to_the_text(choices: str) -> None:
    text = (
        f"questions:\n  - id: x\n    kind: one\n    prompt: p\n    choices: {choices}\n    right: 1\n    feedback: f\n"
    )
    found = passage_in(ASSESSMENT, text, "question", "x")
    assert found
    with pytest.raises(CannotChangeError):
        form_of(question_in(found, "en", has_pool=True), "en", has_pool=True)


def test_what_the_text_would_say_otherwise_is_not_written() -> None:
    text = f"questions:\n{OTHER.format(key='asked')}"
    found = passage_in(ASSESSMENT, text, "question", "asked")
    assert found
    old = question_in(found, "en", has_pool=True)
    for prompt in ("  indented", "a bell \x07", "half of a sign \ud800"):
        with pytest.raises(CannotChangeError):
            with_question(ASSESSMENT, found, old, replace(old, words={"en": replace(old.words["en"], prompt=prompt)}))


@pytest.mark.parametrize(
    "text", ["", "[", "questions: 3\n", "questions: [3, {kind: one}, {id: 3}]\n", "a: &a\nb: *a\n", "- a\n"]
)
def test_what_holds_no_questions_has_none(text: str) -> None:
    assert passages(ASSESSMENT, text) == []
    assert passages(LESSON, text) == []


def test_a_byte_order_mark_stays() -> None:
    for path, text in (
        (ASSESSMENT, f"\ufeffquestions:\n{OTHER.format(key='asked')}"),
        (LESSON, f"\ufeff{IN_A_LESSON}"),
    ):
        found = passage_in(path, text, "question", "asked")
        assert found
        old = question_in(found, "en", has_pool=path == ASSESSMENT)
        after = with_question(path, found, old, replace(old, right=False))
        assert after == text.replace("right: true", "right: false")
