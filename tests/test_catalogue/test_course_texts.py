"""What authors write, by mistake or on purpose, is a course or a fault, and never an error later on."""

import time

import pytest

from courses.catalogue.folders import CourseFaultsError, CourseText, FilesInMemory, read_course
from courses.catalogue.folders.links import in_language
from courses.catalogue.publishing import Addresses, blocks_of
from tests.test_authoring.world import FILES, PNG

HEAD = b"---\ntitle: One\nminutes: 5\n---\n"
PRACTICE = """\
```question
id: q
kind: one
prompt: |
  {prompt}
choices: ["{choice}", other]
right: 1
feedback: "{feedback}"
```
"""
TOUR = """\
```video
title: Tour
file: videos/tour.mp4
captions: videos/tour.vtt
transcript: "{transcript}"
```
"""
VIDEO = {"videos/tour.mp4": b"x", "videos/tour.vtt": b"WEBVTT\n\n00:01.000 --> 00:02.000\nHi\n"}


def read(files: dict[str, bytes]) -> CourseText:
    return read_course(FilesInMemory("first", {**FILES, **files}))


def faults(files: dict[str, bytes]) -> list[str]:
    with pytest.raises(CourseFaultsError) as refusal:
        read(files)
    return [str(fault).removeprefix("first/") for fault in refusal.value.faults]


def with_practice(**said: str) -> dict[str, bytes]:
    texts = {"prompt": "What?", "choice": "this", "feedback": "So.", **said}
    return {"01-one.md": HEAD + b"Text.\n\n" + PRACTICE.format(**texts).encode()}


@pytest.mark.parametrize(
    "value",
    ['!!int ""', "!!bool maybe", "!!timestamp x", '!!float ""', "!!python/name:os.system", "!!set [a]",
     "[" * 300 + "]" * 300, "020", "1:30", "0x10", "1_0", "{<<: [1]}"],
)  # fmt: skip
def test_a_number_that_yaml_reads_otherwise_than_people_is_a_fault(value: str) -> None:
    said = FILES["course.yaml"].replace(b"minutes: 10", f"minutes: {value}".encode())
    assert faults({"course.yaml": said})[0].startswith("course.yaml, line 6, minutes: ")


@pytest.mark.parametrize("escape", [r"\0", r"\ud800", r"\x07", r"\e"])
@pytest.mark.parametrize("key", ["title: First", "summary: A course."])
def test_a_character_that_no_page_can_show_is_a_fault(key: str, escape: str) -> None:
    said = FILES["course.yaml"].decode().replace(key, f'{key.split(":")[0]}: "a{escape}b"')
    assert any("nobody can read" in fault for fault in faults({"course.yaml": said.encode()}))
    asked = FILES["assessment.yaml"].decode().replace('"Is it?"', f'"Is{escape} it?"')
    assert any("prompt: holds a character" in fault for fault in faults({"assessment.yaml": asked.encode()}))


def test_a_list_with_numbers_or_yes_and_no_says_what_to_put_in_quotes() -> None:
    said = FILES["assessment.yaml"] + b"  - {id: a, kind: text, prompt: When, accepts: [2026, No], feedback: So.}\n"
    assert faults({"assessment.yaml": said}) == [
        "assessment.yaml, line 9, questions 2, accepts: must be a list of texts; put 2026, No in quotes"
    ]


def test_an_id_that_stands_twice_is_named_with_its_files() -> None:
    said = FILES["assessment.yaml"].replace(b"right-or-wrong", b"which")
    assert faults({"assessment.yaml": said}) == [
        "assessment.yaml: two questions have the id which (in 01-one.md, assessment.yaml)"
    ]


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ({"prompt": "See [x](09-none.md)."}, "prompt: the link leads to 09-none.md"),
        ({"feedback": "![A desk](pictures/none.png)"}, "feedback: pictures/none.png is not in the course folder"),
        ({"choice": "[x](files/none.pdf)"}, "choices: files/none.pdf is not in the course folder"),
        ({"prompt": "![](pictures/desk.png)"}, "prompt: a picture needs words"),
        ({"choice": "![ ](pictures/desk.png)"}, "choices: a picture needs words"),
        ({"prompt": "# Big"}, "prompt: headings go from ##"),
        ({"prompt": "[](02-two.md)"}, "prompt: a link needs words"),
    ],
)
def test_what_a_practice_question_cannot_show_is_a_fault_where_it_stands(said: dict[str, str], fault: str) -> None:
    found = faults(with_practice(**said))
    assert len(found) == 1
    assert found[0].startswith("01-one.md, line ")
    assert fault in found[0]


def test_a_choice_that_looks_like_a_heading_is_none() -> None:
    assert read(with_practice(choice="# 1")).questions[0].words["en"].choices[0] == "# 1"


def test_dead_links_in_a_transcript_are_faults() -> None:
    lesson = HEAD + b"Text.\n\n" + TOUR.format(transcript="See [x](09-none.md).").encode()
    assert faults({**VIDEO, "01-one.md": lesson}) == [
        "01-one.md, line 11, transcript: the link leads to 09-none.md, and there is no such lesson"
    ]


def test_a_dead_link_of_a_translation_is_named_on_its_line() -> None:
    said = b'questions:\n  - id: right-or-wrong\n    prompt: "Ai e?"\n    feedback: "[x](09-none.md)"\n'
    found = faults({"cy/course.yaml": b"title: Cyntaf\nsummary: Cwrs.\n", "cy/assessment.yaml": said})
    assert found[0].startswith("cy/assessment.yaml, line 4, questions 1, feedback: the link leads to 09-none.md")


@pytest.mark.parametrize("name", ["désk.png", "desk one.png", "मेज़.png", "a%20b.png", "a(b).png", "a'b+c.png"])
def test_a_picture_is_found_whatever_its_name(name: str) -> None:
    text = HEAD + f"![A desk](<pictures/{name}>)\n".encode()
    course = read({"01-one.md": text, f"pictures/{name}": PNG})
    sums = {file.path: file.sha256 for file in course.files}
    (block,) = blocks_of(course.lessons[0], "en", Addresses("gb", "en", sums))
    assert f"/{sums[f'pictures/{name}']}/" in block["html"]


def test_accents_in_one_sign_or_two_name_the_same_file() -> None:
    assert in_language("pictures/d\u00e9sk.png", "en", {"pictures/de\u0301sk.png"}) == "pictures/de\u0301sk.png"
    assert in_language("pictures/de\u0301sk.png", "cy", {"cy/pictures/d\u00e9sk.png"}) == "cy/pictures/d\u00e9sk.png"


@pytest.mark.parametrize("name", ["a\udcff.png", "a\nb.png", "a\\b.png"])
def test_a_name_that_cannot_be_kept_is_a_fault(name: str) -> None:
    (fault,) = faults({f"pictures/{name}": PNG})
    assert fault.isprintable() or "\n" in name
    assert "name" in fault


@pytest.mark.parametrize("piece", ["[", "![", "[a](b", "*a_ ", "**a", "`a", "<"])
def test_a_text_made_to_take_long_is_refused_at_once(piece: str) -> None:
    began = time.process_time()
    found = faults({"01-one.md": HEAD + (piece * (480_000 // len(piece))).encode() + b"\n"})
    assert "a paragraph has 4" in found[0]
    assert time.process_time() - began < 5
