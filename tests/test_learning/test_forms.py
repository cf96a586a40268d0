"""What a form shows of a question, and what is understood of what it sends."""

import re
from collections.abc import Iterable
from uuid import uuid4

import pytest

from courses.catalogue.models import Question
from courses.catalogue.questions.texts import Kind
from courses.learning.forms import names_in_forms
from courses.learning.models import Attempt, PracticeAnswer
from tests.factories import QuestionFactory
from tests.test_learning.cast import Learner

PAIRS = {"prompt": "<p>Which?</p>", "choices": ["l0", "l1", "l2"], "matches": ["m0", "m1", "m2", "m3"]}
FIRST_TWO: dict[str, object] = {"a-question-1": 0, "a-question-2": 0}
SELECT = re.compile(r'<label for="[^"]*">(l\d)</label>\s*<select name="([^"]+)".*?</select>', re.S)
OPTION = re.compile(r'<option value="(\d+)"[^>]*>([^<]+)</option>')


def placing(learner: Learner, kind: Kind, key: str = "placing") -> Question:
    return QuestionFactory.create(version=learner.version, key=key, kind=kind, right=None, texts={"en": PAIRS})


def shown(learner: Learner) -> str:
    return learner.client.get(learner.path("attempt", learner.open().form_key)).content.decode()


def chosen(page: str, wanted: Iterable[tuple[str, str]]) -> dict[str, object]:
    """The fields as somebody fills them who reads the page: for each line, the text of an option."""
    lines = {line.group(1): line for line in SELECT.finditer(page)}
    return {
        lines[line].group(2): {text: value for value, text in OPTION.findall(lines[line].group())}[text]
        for line, text in wanted
    }


@pytest.mark.parametrize(
    ("kind", "wanted", "right"),
    [
        (Kind.MATCHING, [("l0", "m0"), ("l1", "m1"), ("l2", "m2")], 3),
        (Kind.MATCHING, [("l0", "m0"), ("l1", "m1"), ("l2", "m3")], 2),
        (Kind.ORDERING, [("l0", "1"), ("l1", "2"), ("l2", "3")], 3),
        (Kind.ORDERING, [("l0", "2"), ("l1", "1"), ("l2", "3")], 2),
    ],
)
def test_what_somebody_reads_and_chooses_is_what_is_judged(
    learner: Learner, kind: Kind, wanted: list[tuple[str, str]], right: int
) -> None:
    placing(learner, kind)
    learner.send({**FIRST_TWO, **chosen(shown(learner), wanted)})
    assert Attempt.objects.get().right == right
    result = learner.client.get(learner.path("attempt", Attempt.objects.get().form_key)).content.decode()
    assert all(f"{line} – {text}" in result for line, text in wanted)


@pytest.mark.parametrize("kind", [Kind.MATCHING, Kind.ORDERING])
def test_what_was_saved_stands_in_the_lists_again(learner: Learner, kind: Kind) -> None:
    placing(learner, kind)
    wanted = [("l0", "m3"), ("l1", "m0"), ("l2", "m1")] if kind == Kind.MATCHING else [("l0", "3"), ("l1", "1")]
    learner.send({**chosen(shown(learner), wanted), "save": 1})
    again = {line.group(1): line.group() for line in SELECT.finditer(shown(learner))}
    for line, text in wanted:
        assert re.search(rf'<option value="\d+" selected>{text}</option>', again[line])


@pytest.mark.parametrize("kind", [Kind.MATCHING, Kind.ORDERING])
def test_what_a_form_calls_lines_and_options_does_not_say_what_is_right(learner: Learner, kind: Kind) -> None:
    for number in range(20):
        placing(learner, kind, f"placing-{number}")
    page = shown(learner)
    told = 0
    for line in SELECT.finditer(page):
        place = line.group(1).removeprefix("l")
        right = place if kind == Kind.MATCHING else line.group(2).rpartition(".")[2]
        values = {text: value for value, text in OPTION.findall(line.group())}
        told += (values[f"m{place}"] if kind == Kind.MATCHING else place) == right
    assert told < 45  # of 60: by chance 20 (ordering) or 15 (matching)


def test_the_names_of_places_belong_to_the_instance(settings: pytest.FixtureRequest) -> None:
    before = [names_in_forms(f"key-{number}", 5) for number in range(9)]
    assert all(sorted(names.values()) == list(range(5)) for names in before)
    settings.SECRET_KEY = "another"  # type: ignore[attr-defined]
    assert before != [names_in_forms(f"key-{number}", 5) for number in range(9)]


@pytest.mark.parametrize("sent", ["99", "-1", "", "x", "4"])
@pytest.mark.parametrize("kind", [Kind.MATCHING, Kind.ORDERING])
def test_a_place_that_is_not_on_the_form_is_refused(learner: Learner, kind: Kind, sent: str) -> None:
    placing(learner, kind)
    fields: dict[str, object] = {f"a-placing.{line}": line for line in range(3)} | {"a-placing.1": sent}
    assert learner.send({**FIRST_TWO, **fields}).status_code == 422
    assert Attempt.objects.get().submitted_at is None


def test_taking_back_every_choice_takes_back_what_was_saved(learner: Learner) -> None:
    QuestionFactory.create(version=learner.version, key="several", kind=Kind.SEVERAL)
    learner.send({**FIRST_TWO, "a-several": 0, "save": 1})
    learner.send({**FIRST_TWO, "save": 1})
    assert Attempt.objects.get().answers["several"] == []
    assert learner.send(FIRST_TWO).status_code == 422


@pytest.mark.parametrize("verb", ["save", "final", "send"])
@pytest.mark.parametrize("kind", [Kind.TEXT, Kind.NUMBER])
def test_a_nul_in_a_text_is_left_out(learner: Learner, kind: Kind, verb: str) -> None:
    right = {"value": "12", "tolerance": "0"} if kind == Kind.NUMBER else None
    texts = {"en": {"prompt": "<p>?</p>", "accepts": ["12"]}}
    QuestionFactory.create(version=learner.version, key="written", kind=kind, right=right, texts=texts)
    assert learner.send({**FIRST_TWO, "a-written": "1\x002", verb: 1}).status_code == 302
    assert Attempt.objects.get().answers["written"] == "12"


def test_a_nul_in_practice_is_left_out(learner: Learner) -> None:
    lesson, texts = learner.version.lessons.get(number=1), {"en": {"prompt": "<p>?</p>", "accepts": ["12"]}}
    question = QuestionFactory.create(
        version=learner.version, lesson=lesson, key="written", kind=Kind.TEXT, right=None, texts=texts
    )
    learner.begin()
    path = learner.path("practice", "lesson-1", question.pk)
    assert learner.client.post(path, {"a-written": "1\x002", "form_key": uuid4()}).status_code == 302
    assert PracticeAnswer.objects.get().is_right


def test_a_question_that_is_not_translated_is_asked_in_the_language_of_the_course(learner: Learner) -> None:
    texts = {
        "en": {"prompt": "<p>Written in it</p>", "choices": ["a"]},
        "cy": {"prompt": "<p>Cyfieithiad</p>", "choices": ["a"]},
    }
    QuestionFactory.create(version=learner.version, key="translated", texts=texts)
    learner.client.cookies["content-language"] = "en:hi"
    page = shown(learner)
    assert ("Written in it" in page, "Cyfieithiad" in page) == (True, False)
