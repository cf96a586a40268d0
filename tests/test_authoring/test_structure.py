"""Lessons, languages and questions that are added by forms."""

import pytest
import yaml
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from courses.authoring.appending import CannotAppendError, with_practice, with_questions
from courses.authoring.models import Draft, DraftFiles
from courses.authoring.operations import FileRefusedError, remove_file
from courses.authoring.operations.structure import add_language, add_lesson, move_lesson
from courses.authoring.reading import Reading
from courses.catalogue.folders import CourseText
from courses.catalogue.questions.texts import Kind, QuestionText, Words
from tests.factories import NOW
from tests.test_authoring.world import World, text_in, write

GIFT = """\
::Capital:: What is the capital of Ruritania? {=Strelsau ~Zenda#Only a castle. ####It is Strelsau.}

::Sky:: The sky is blue. {TRUE####By day.}

::Essay:: Tell us about it. {}
"""
WORDS = Words(prompt="A?\n\n```\ncode\n```", feedback="B.", choices=["x", "y"])
QUESTION = QuestionText(key="new-one", kind=Kind.ONE, right=[1], words={"en": WORDS})
FORMS: dict[str, dict[str, str]] = {
    "one": {"choices": "this\n*that"},
    "several": {"choices": "*this\n*that\nnothing: at all"},
    "true-false": {"truth": "false"},
    "number": {"value": "3.50", "tolerance": "0.1", "unit": "km"},
    "text": {"accepts": "yes\n- no"},
    "matching": {"pairs": "a = 1\nb = 2", "others": "3"},
    "ordering": {"choices": "first\nsecond\nthird"},
}


def course(draft: Draft) -> CourseText:
    read = Reading.of(draft)
    assert read.faults == []
    assert read.course is not None
    return read.course


def test_a_lesson_is_added_after_the_last_one(world: World) -> None:
    draft = world.draft()
    made = add_lesson(draft, "One: the next's", by=world.ana, at=NOW)
    assert made.path == "03-one-the-next-s.md"
    write(draft, "course.yaml", text_in(draft, "course.yaml").replace("10", "20"), world.ana)
    assert [lesson.words["en"].title for lesson in course(draft).lessons] == ["One", "Two", "One: the next's"]


def test_a_lesson_has_an_address_of_its_own(world: World) -> None:
    draft = world.draft()
    assert add_lesson(draft, "One", by=world.ana, at=NOW).path == "03-one-2.md"
    assert add_lesson(draft, "Assessment", by=world.ana, at=NOW).path == "04-assessment-2.md"


def test_lessons_change_places_and_links_follow(world: World) -> None:
    draft = world.draft()
    add_language(draft, "cy", by=world.ana, at=NOW)
    move_lesson(draft, "02-two.md", up=True, by=world.ana, at=NOW)
    read = course(draft)
    assert [lesson.file for lesson in read.lessons] == ["01-two.md", "02-one.md"]
    assert "[then two](01-two.md)" in text_in(draft, "02-one.md")
    assert "[one](02-one.md)" in text_in(draft, "cy/01-two.md")
    move_lesson(draft, "01-two.md", up=True, by=world.ana, at=NOW)
    move_lesson(draft, "01-two.md", up=False, by=world.ana, at=NOW)
    assert [lesson.file for lesson in course(draft).lessons] == ["01-one.md", "02-two.md"]


def test_a_language_is_added_with_every_text_and_no_fault(world: World) -> None:
    draft = world.draft()
    add_language(draft, "cy", by=world.ana, at=NOW)
    read = course(draft)
    assert read.languages == ["en", "cy"]
    assert all("cy" in question.words for question in read.questions)
    assert "right" not in text_in(draft, "cy/01-one.md")
    for language in ("cy", "en", "Welsh", "pictures/x"):
        with pytest.raises(FileRefusedError):
            add_language(draft, language, by=world.ana, at=NOW)


@pytest.mark.parametrize("kind", FORMS)
@pytest.mark.parametrize("path", ["01-one.md", "assessment.yaml"])
def test_a_form_writes_a_question_of_each_kind(world: World, kind: str, path: str) -> None:
    draft, client = world.draft(), world.browser(world.ana)
    fields = {"prompt": "What: is it?", "feedback": "Because\n\n- so", **FORMS[kind]}
    for _ in range(2):
        assert client.post(world.path("draft-question", draft.pk, kind, path), fields).status_code == 302
    first, second = course(draft).questions[1:3] if path == "01-one.md" else course(draft).questions[2:4]
    assert (first.key, second.key, first.kind) == ("what-is-it", "what-is-it-2", kind)
    assert first.words["en"].prompt == "What: is it?"
    assert first.right == second.right
    assert "# how many are needed" in text_in(draft, "assessment.yaml")


def test_a_question_is_written_as_people_write_and_without_what_word_processors_leave(world: World) -> None:
    draft = world.draft()
    fields = {"prompt": "What\x0bis\r\n\r\nit?\x07", "feedback": "So.\x1f", "choices": "this\x01\r\n*that"}
    world.browser(world.ana).post(world.path("draft-question", draft.pk, "one", "assessment.yaml"), fields)
    words = course(draft).questions[-1].words["en"]
    assert (words.prompt, words.feedback, words.choices) == ("What\nis\n\nit?", "So.", ["this", "that"])
    assert "prompt: |-\n      What\n      is\n" in text_in(draft, "assessment.yaml")


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("one", {"choices": "this\nthat"}),
        ("one", {"choices": "*this\n*that"}),
        ("one", {"choices": "*this\nthis"}),
        ("several", {"choices": "*this"}),
        ("true-false", {"truth": "maybe"}),
        ("number", {"value": "NaN"}),
        ("matching", {"pairs": "a = 1\nb"}),
        ("matching", {"pairs": "a = 1\nb = 2", "others": "1"}),
        ("ordering", {"choices": "\n".join(map(str, range(11)))}),
        ("text", {"accepts": "x" * 501}),
    ],
)
def test_a_question_that_cannot_be_judged_is_not_written(world: World, kind: str, fields: dict[str, str]) -> None:
    draft, client = world.draft(), world.browser(world.ana)
    said = {"prompt": "What?", "feedback": "So.", **fields}
    response = client.post(world.path("draft-question", draft.pk, kind, "assessment.yaml"), said)
    assert response.status_code == 422
    assert len(course(draft).questions) == 2


def send_bank(world: World, draft: Draft, text: str, **fields: str) -> str:
    client: Client = world.browser(world.ana)
    upload = SimpleUploadedFile("bank.gift", text.encode())
    response = client.post(world.path("draft-bank", draft.pk), {"bank-bank": upload, **fields}, follow=True)
    return response.content.decode()


def test_a_question_bank_is_added_once_and_says_what_was_left_out(world: World) -> None:
    draft = world.draft()
    html = send_bank(world, draft, GIFT)
    assert [question.key for question in course(draft).questions] == ["which", "right-or-wrong", "capital", "sky"]
    assert "2 questions were added." in html
    assert "Essay" in html
    assert "2 questions are in the course already" in send_bank(world, draft, GIFT)
    assert len(course(draft).questions) == 4


def test_a_question_bank_can_be_a_pool(world: World) -> None:
    draft = world.draft()
    send_bank(world, draft, GIFT, **{"bank-pool": "geography"})
    assert {question.pool for question in course(draft).questions} == {"", "geography"}


def test_what_is_no_question_bank_is_refused(world: World) -> None:
    draft = world.draft()
    assert "no question bank" in send_bank(world, draft, "a text")
    assert "Choose a question bank" in send_bank(world, draft, GIFT, **{"bank-pool": "Not a pool"})
    assert len(course(draft).questions) == 2


def test_a_draft_without_an_assessment_gets_one(world: World) -> None:
    draft = world.draft()
    remove_file(draft, "assessment.yaml", seen=0, by=world.ana, at=NOW)
    send_bank(world, draft, GIFT)
    assert len(course(draft).questions) == 3


def test_a_practice_question_with_code_in_it_stays_in_its_fence() -> None:
    assert with_practice("Text.\n\n\n", QUESTION, "en").startswith("Text.\n\n````question\n")


@pytest.mark.parametrize(
    "text",
    [
        "questions: []\n",
        "questions: [] # none yet\npass_mark: 80\n",
        "questions:\n- id: a\n  kind: text\n",
        "questions:\n- id: a\n  kind: text",
        "# above\nquestions:\n    - id: a\n      prompt: |\n        x\n\n        y\n# below\npass_mark: 80\n",
        "questions:\n  - {id: a, kind: text}\npass_mark: 3\n",
        "questions:\n  - id: a\n    choices:\n    - x\n    - y\n\n\npass_mark: 3\n",
        "questions:\n  - id: a\n    prompt: >-\n      folded\n\n",
        'questions:\n  - id: a\n    prompt: "over\n      two lines"\npass_mark: 3\n',
    ],
)
def test_questions_are_added_without_touching_what_is_there(text: str) -> None:
    before, after = yaml.safe_load(text), yaml.safe_load(with_questions(text, [QUESTION, QUESTION], "en"))
    assert after["questions"][: len(before["questions"])] == before["questions"]
    assert [one["id"] for one in after["questions"][len(before["questions"]) :]] == ["new-one", "new-one"]
    assert {key: value for key, value in after.items() if key != "questions"} == {
        key: value for key, value in before.items() if key != "questions"
    }
    comments = [line for line in text.splitlines() if line.startswith("#")]
    assert all(line in with_questions(text, [QUESTION], "en").splitlines() for line in comments)


@pytest.mark.parametrize(
    "text", ["", "[", "pass_mark: 3\n", "questions: 3\n", "questions: [{id: a}]\n", "a: &a\nb: *a\n"]
)
def test_questions_are_not_added_to_what_has_no_list_of_them(text: str) -> None:
    with pytest.raises(CannotAppendError):
        with_questions(text, [QUESTION], "en")


def test_the_assessment_is_drawn_as_learners_will_meet_it(world: World) -> None:
    draft = world.draft()
    send_bank(world, draft, GIFT)
    html = world.browser(world.ana).get(world.path("draft-preview-assessment", draft.pk)).content.decode()
    assert html.count("<fieldset") == 3
    assert "Because" not in html
    assert len(DraftFiles(draft).paths()) == 6
