"""Questions as YAML, and the command that makes YAML of a question bank."""

import io
from pathlib import Path

import pytest
import yaml
from django.core.management import CommandError, call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from courses.catalogue.folders.questions import read_question
from courses.catalogue.questions.right_answers import with_feedback
from courses.catalogue.questions.texts import Kind, QuestionText, Right, Words
from courses.catalogue.questions.yaml_text import question_yaml, questions_yaml
from courses.catalogue.sections import Fault, read_section
from tests.test_catalogue.banks import PNG
from tests.test_catalogue.moodle import ONE, picture, question, quiz

any_letter = st.characters(exclude_categories=["Cs", "Cc"])
decimals = st.decimals(-(10**12), 10**12, allow_nan=False, places=3).map(lambda number: f"{number:f}")
keys = st.from_regex(r"\A[a-z0-9]{1,8}(-[a-z0-9]{1,8}){0,3}\Z")


@st.composite
def questions(draw: st.DrawFn, letters: st.SearchStrategy[str] = any_letter) -> QuestionText:
    """Any question that a course can hold."""
    text = st.text(letters, min_size=1, max_size=60).map(str.strip).filter(bool)
    long = st.lists(text, min_size=1, max_size=4).map("\n\n".join)
    several = st.lists(text, min_size=2, max_size=10, unique=True)
    kind = draw(st.sampled_from(Kind))
    said = {"prompt": draw(long), "feedback": draw(long)}
    choices = draw(several) if kind in (Kind.ONE, Kind.SEVERAL, Kind.ORDERING, Kind.MATCHING) else []
    places = st.sampled_from(range(len(choices) or 1))
    right: Right = None
    if kind in (Kind.ONE, Kind.SEVERAL):
        right = [draw(places)] if kind == Kind.ONE else sorted(draw(st.sets(places, min_size=1)))
    elif kind == Kind.TRUE_FALSE:
        right = draw(st.booleans())
    elif kind == Kind.NUMBER:
        right = {"value": draw(decimals), "tolerance": draw(decimals).lstrip("-")}
    own: dict[str, object] = {"choices": choices}
    if kind == Kind.MATCHING:
        most = st.lists(text, min_size=len(choices), max_size=len(choices) + 3, unique=True)
        own["matches"] = draw(most)
    if kind == Kind.TEXT:
        own["accepts"] = draw(st.lists(text, min_size=1, max_size=4, unique=True))
    if kind == Kind.NUMBER:
        own["unit"] = draw(st.sampled_from(["", "m", "°C", "%"]))
    if kind in (Kind.ONE, Kind.SEVERAL, Kind.TRUE_FALSE) and draw(st.booleans()):
        count = len(choices) or 2
        own["choice_feedback"] = draw(st.lists(text, min_size=count, max_size=count))
    words = Words(**said, **own)  # type: ignore[arg-type]
    pool = draw(st.sampled_from(["", "fire"]))
    return QuestionText(key=draw(keys), kind=kind, pool=pool, right=right, words={"en": words})


def read_back(source: str) -> tuple[QuestionText | None, list[Fault]]:
    faults: list[Fault] = []
    section = read_section(source, "assessment.yaml", faults)
    return read_question(section, language="en", has_pool=True), faults


@settings(max_examples=300, deadline=None)
@given(questions())
def test_reading_what_was_written_gives_the_same_question(made: QuestionText) -> None:
    assert read_back(question_yaml(made, "en")) == (made, [])


@settings(max_examples=50, deadline=None)
@given(st.lists(questions(), max_size=4))
def test_a_list_of_questions_is_one_document_and_always_the_same(made: list[QuestionText]) -> None:
    source = questions_yaml(made, "en")
    assert source == questions_yaml(made, "en")
    assert [part["id"] for part in yaml.safe_load(f"questions:\n{source}")["questions"] or []] == [
        one.key for one in made
    ]


def test_a_question_reads_well() -> None:
    words = Words(
        prompt="What is it?\n\nLook *well*.",
        feedback="Because: so.",
        choices=["yes", "no, 5"],
        choice_feedback=["", "Oh"],
    )
    made = QuestionText(key="is-it", kind=Kind.SEVERAL, pool="fire", right=[0, 1], words={"en": words, "cy": words})
    assert questions_yaml([made], "en") == (
        "  - id: is-it\n    kind: several\n    pool: fire\n    prompt: |-\n      What is it?\n\n      Look *well*.\n"
        "    choices:\n      - 'yes'\n      - no, 5\n    right: [1, 2]\n    choice_feedback:\n      - ''\n      - Oh\n"
        "    feedback: 'Because: so.'\n"
    )
    assert question_yaml(made, "cy", is_translation=True).startswith("id: is-it\nprompt: |-\n")
    assert "right" not in question_yaml(made, "cy", is_translation=True)


@pytest.mark.parametrize(
    ("kind", "right", "words", "feedback"),
    [
        (Kind.SEVERAL, [0, 2], Words(prompt="p", choices=["a", "b", "*c*"]), "✓ a · *c*"),
        (Kind.TRUE_FALSE, True, Words(prompt="p"), "✓"),
        (Kind.NUMBER, {"value": "3.5", "tolerance": "0.1"}, Words(prompt="p", unit="m"), "✓ 3.5 ± 0.1 m"),
        (Kind.NUMBER, {"value": "3", "tolerance": "0.00"}, Words(prompt="p"), "✓ 3"),
        (Kind.TEXT, None, Words(prompt="p", accepts=["2*3", "six"]), "✓ 2\\*3 · six"),
        (Kind.MATCHING, None, Words(prompt="p", choices=["a", "b"], matches=["1", "2", "3"]), "✓ a – 1 · b – 2"),
        (Kind.ORDERING, None, Words(prompt="p", choices=["a", "b"]), "✓ a → b"),
        (Kind.ONE, [0], Words(prompt="p", choices=["a", "b"], feedback="own"), "own"),
    ],
)
def test_where_there_is_no_feedback_it_is_the_right_answer(
    kind: Kind, right: object, words: Words, feedback: str
) -> None:
    made = QuestionText(key="k", kind=kind, right=right, words={"en": words})  # type: ignore[arg-type]
    assert with_feedback(made).words["en"].feedback == feedback


def run(bank: Path, **options: object) -> tuple[str, str]:
    out, err = io.StringIO(), io.StringIO()
    call_command("import_questions", bank, stdout=out, stderr=err, **options)
    return out.getvalue(), err.getvalue()


@pytest.fixture
def bank(tmp_path: Path) -> Path:
    shown = question("multichoice", ONE, text='<img src="@@PLUGINFILE@@/a.png" alt="A">')
    shown = shown.replace("</questiontext>", picture("a.png") + "</questiontext>")
    path = tmp_path / "bank.txt"
    path.write_text(quiz(shown, question("essay", "", name="Long")), encoding="utf-8")
    return path


def test_the_command_prints_an_assessment_and_says_what_is_left_out(bank: Path, tmp_path: Path) -> None:
    out, err = run(bank, folder=tmp_path, pool="fire")
    assert yaml.safe_load(out)["pass_mark"] == 75
    assert [(part["kind"], part["pool"]) for part in yaml.safe_load(out)["questions"]] == [("one", "fire")]
    assert (tmp_path / "pictures" / "a.png").read_bytes() == PNG
    assert 'bank.txt, line 25, question "Long": is left out: it is an essay: nothing says what is right\n' in err
    assert err.endswith("1 of 2 questions taken over, 1 left out.\n")


def test_the_command_says_where_pictures_would_go(bank: Path) -> None:
    assert "Pictures not written: 1. Name the course's folder with --folder." in run(bank)[1]


def test_the_command_overwrites_no_other_picture(bank: Path, tmp_path: Path) -> None:
    (tmp_path / "pictures").mkdir()
    (tmp_path / "pictures" / "a.png").write_bytes(b"mine")
    with pytest.raises(CommandError, match="is another picture"):
        run(bank, folder=tmp_path)
    assert (tmp_path / "pictures" / "a.png").read_bytes() == b"mine"


def test_the_command_draws_where_there_are_many(tmp_path: Path) -> None:
    path = tmp_path / "many.gift"
    path.write_text("\n\n".join(f"::Q{number}:: Is it? {{T}}" for number in range(101)))
    assert yaml.safe_load(run(path)[0])["draw"] == 20


@pytest.mark.parametrize("content", [b"", b"<html/>", b"PK\x03\x04"])
def test_the_command_refuses_what_is_no_bank(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "bank"
    path.write_bytes(content)
    with pytest.raises(CommandError):
        run(path)


def test_the_command_refuses_a_pool_with_a_strange_name_and_files_that_are_not_there(bank: Path) -> None:
    with pytest.raises(CommandError, match="The name of a pool may hold"):
        run(bank, pool="Fire!")
    with pytest.raises(CommandError):
        run(bank.with_name("none"))
