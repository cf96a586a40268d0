"""What is worth a second look in a course, and what is not."""

import socket
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest
from django.core.management import CommandError, call_command

from courses.catalogue.checking import elsewhere, remarks
from courses.catalogue.checking.elsewhere import fault_of
from courses.catalogue.checking.lessons import reading_minutes
from courses.catalogue.checking.reading_age import flesch_kincaid, remarks_on, sentences_of, syllables_of
from courses.catalogue.folders import FolderFiles, read_course

TRANSLATED = """
```question
id: practice
prompt: "Ai e?"
feedback: "Ie."
```
"""
PRACTICE = """
```question
id: practice
kind: true-false
prompt: "Is it?"
right: true
feedback: "It is."
```
"""


@pytest.fixture
def quiet(folder: Path) -> Path:
    """A course about which there is nothing to remark."""
    (folder / "01-one.md").write_text((folder / "01-one.md").read_text() + PRACTICE)
    return folder


def said(folder: Path) -> list[str]:
    files = FolderFiles(folder)
    return [str(remark).removeprefix("first/") for remark in remarks(read_course(files), files.name)]


def add(folder: Path, path: str, text: str) -> None:
    (folder / path).parent.mkdir(exist_ok=True)
    with (folder / path).open("a") as file:
        file.write(text)


def welsh(folder: Path, lesson: str = f"Testun.\n{TRANSLATED}") -> None:
    add(folder, "cy/course.yaml", "title: Cyntaf\nsummary: Cwrs.\n")
    add(folder, "cy/01-one.md", f"---\ntitle: Un\n---\n{lesson}")


def question(key: str, *, right: int = 1, first: str = "a", second: str = "b", pool: str = "") -> str:
    named = f"    pool: {pool}\n" if pool else ""
    return (
        f"  - id: {key}\n    kind: one\n{named}    prompt: {key}?\n    choices: [{first}, {second}]\n"
        f"    right: {right}\n    feedback: So.\n"
    )


def test_a_course_that_is_whole_gets_no_remark(quiet: Path) -> None:
    assert said(quiet) == []


def test_a_lesson_without_practice_is_named(folder: Path) -> None:
    assert said(folder) == ["01-one.md: has no practice question"]


def test_a_course_without_an_assessment_is_named(quiet: Path) -> None:
    (quiet / "assessment.yaml").unlink()
    assert said(quiet)[0].startswith("course.yaml: there is no assessment")


def test_missing_translations_are_named_lesson_by_lesson_and_by_question(quiet: Path) -> None:
    welsh(quiet)
    (quiet / "02-two.md").write_text(
        f"---\ntitle: Two\nminutes: 5\n---\nText.\n{PRACTICE.replace('practice', 'more').replace('Is it', 'Or not')}"
    )
    assert said(quiet) == [
        "cy/02-two.md: is missing; learners who read cy see the lesson in en",
        "cy/assessment.yaml: questions that are not translated: which",
    ]


def test_a_copy_that_is_not_translated_is_named(quiet: Path) -> None:
    welsh(quiet, "Some *text*.\n")
    (quiet / "01-one.md").write_text("---\ntitle: One\nminutes: 5\n---\nSome *text*.\n")
    assert "cy/01-one.md: is still in en" in said(quiet)


def test_a_file_that_nothing_uses_is_named_and_one_for_a_language_is_used(quiet: Path) -> None:
    welsh(quiet, f"![Desg](pictures/desk.png)\n{TRANSLATED}")
    for path in ("pictures/desk.png", "pictures/other.png", "cy/pictures/desk.png"):
        add(quiet, path, "x")
    add(quiet, "01-one.md", "\n![A desk](pictures/desk.png)\n")
    assert [line for line in said(quiet) if "used" in line] == [
        "pictures/other.png: is used by no lesson and no question"
    ]


def test_captions_in_the_first_language_are_named_in_another(quiet: Path) -> None:
    fence = "\n```video\ntitle: A tour\nfile: videos/tour.mp4\ncaptions: videos/tour.en.vtt\ntranscript: Words.\n```\n"
    add(quiet, "videos/tour.mp4", "x")
    add(quiet, "videos/tour.en.vtt", "WEBVTT\n\n00:01.000 --> 00:02.000\nWords.\n")
    add(quiet, "01-one.md", fence)
    welsh(quiet, f"{fence}{TRANSLATED}")
    assert "cy/01-one.md, line 6: the captions videos/tour.en.vtt are those in en" in said(quiet)


@pytest.mark.parametrize(("words", "is_named"), [("desk.PNG", True), ("Image 1", True), ("A picture of a desk", False)])
def test_words_that_are_the_name_of_a_file_are_named(quiet: Path, words: str, is_named: bool) -> None:
    add(quiet, "pictures/desk.png", "x")
    add(quiet, "01-one.md", f"\n![{words}](pictures/desk.png)\n")
    assert any("does not say what the picture shows" in line for line in said(quiet)) == is_named


def test_a_lesson_that_takes_longer_than_it_says_is_named(quiet: Path) -> None:
    add(quiet, "01-one.md", "\n" + "A short word. " * 400)
    assert said(quiet) == ["01-one.md: says 5 minutes, and its words alone take 7 at 180 a minute"]


def test_code_and_questions_are_no_reading(quiet: Path) -> None:
    assert reading_minutes("```\n" + "word " * 900 + "\n```\n") == 0


def test_a_right_choice_that_is_always_the_longest_is_named(quiet: Path) -> None:
    for number in range(5):
        add(quiet, "assessment.yaml", question(f"q{number}", first="a much longer text", second="short"))
    assert said(quiet) == [
        "assessment.yaml: in 5 of 6 questions of assessment.yaml the right choice is clearly the longest"
    ]


def test_the_same_question_twice_is_named(quiet: Path) -> None:
    add(quiet, "assessment.yaml", question("a") + question("b").replace("b?", "a?"))
    assert said(quiet) == ["the same question stands 2 times: a, b"] or "a, b" in said(quiet)[0]


def test_pools_from_which_nothing_is_drawn_apart_are_named(quiet: Path) -> None:
    add(quiet, "assessment.yaml", question("a", pool="safety"))
    assert "one pool" in said(quiet)[0]
    text = (quiet / "assessment.yaml").read_text().replace("pass_mark: 50", "pass_mark: 50\ndraw: 2")
    (quiet / "assessment.yaml").write_text(text)
    assert any("every attempt asks the same" in line for line in said(quiet))


@pytest.mark.parametrize(
    ("word", "syllables"),
    [
        ("cat", 1),
        ("table", 2),
        ("make", 1),
        ("reading", 2),
        ("university", 5),
        ("wanted", 2),
        ("asked", 1),
        ("7", 1),
    ],
)
def test_syllables_are_counted(word: str, syllables: int) -> None:
    assert syllables_of(word) == syllables


def test_the_grade_is_that_of_the_formula() -> None:
    sentences = list(sentences_of("The cat sat on the mat. The dog ran."))
    assert sentences == [["The", "cat", "sat", "on", "the", "mat"], ["The", "dog", "ran"]]
    assert flesch_kincaid(sentences) == pytest.approx(0.39 * 9 / 2 + 11.8 - 15.59)


def test_a_hard_text_is_named_and_an_easy_one_is_not() -> None:
    hard = "Organisational accountability necessitates comprehensive documentation of algorithmic determinations. " * 20
    assert "grade" in next(remarks_on(hard, "en"))
    assert list(remarks_on("The cat sat on the mat. " * 40, "en")) == []
    assert "30 words a sentence" in next(remarks_on((" gair" * 30 + ".") * 5, "cy"))
    assert list(remarks_on("字" * 900, "zh-hans")) == []


class Server(BaseHTTPRequestHandler):
    def do_HEAD(self) -> None:
        self.send_response({"/ok": 200, "/moved": 302}.get(self.path, 404))
        self.send_header("Location", "http://10.0.0.1/")
        self.end_headers()

    def log_message(self, *args: object) -> None: ...


@pytest.fixture
def served() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Server)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1/", "http://[::1]/", "http://10.1.2.3/", "http://169.254.169.254/", "http://0.0.0.0/"]
)
def test_private_addresses_are_not_asked(address: str) -> None:
    assert fault_of(address) == "leads into a private network"


def test_an_address_that_is_gone_or_leads_inside_is_named(served: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The server of the test is on this machine, so only this machine counts as the internet here."""
    asked = elsewhere.refuse_private
    monkeypatch.setattr(elsewhere, "refuse_private", lambda address: None if "127.0.0.1" in address else asked(address))
    assert fault_of(f"{served}/ok") == ""
    assert "404" in fault_of(f"{served}/gone")
    assert fault_of(f"{served}/moved") == "leads into a private network"


def test_an_address_nobody_answers_at_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    monkeypatch.setattr(elsewhere, "refuse_private", lambda address: None)
    assert "cannot be reached" in fault_of(f"http://127.0.0.1:{port}/")


def test_the_command_names_remarks_and_ends_well(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("check_course", str(folder))
    assert capsys.readouterr().out.splitlines() == [
        "remark: first/01-one.md: has no practice question",
        "Courses: 1. Faults: 0. Remarks: 1.",
    ]


def test_the_command_names_faults_and_fails(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "01-one.md").write_text("nothing")
    with pytest.raises(CommandError, match="Faults: 1"):
        call_command("check_course", str(folder))
    assert "fault: first/01-one.md, line 1" in capsys.readouterr().err


def test_the_command_refuses_what_is_no_course(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(CommandError):
            call_command("check_course", str(path))


def test_links_are_asked_only_online(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    add(folder, "01-one.md", "\n[inside](http://10.0.0.1/)\n")
    call_command("check_course", str(folder))
    assert "10.0.0.1" not in capsys.readouterr().out
    call_command("check_course", str(folder), "--online")
    assert "first/01-one.md, line 7: http://10.0.0.1/ leads into a private network" in capsys.readouterr().out
