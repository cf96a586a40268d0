"""What stands in the braces of a GIFT question: which kind it is, and what is right."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from courses.catalogue.banks.errors import LeftOutError
from courses.catalogue.banks.formats import NAMES, Texts
from courses.catalogue.banks.sketches import Sketch, around, decimal_of
from courses.catalogue.banks.weights import Answer, decide_choices, decide_number, decide_text
from courses.catalogue.questions.texts import Kind

WEIGHT = re.compile(r"%(-?\d{1,3}(?:\.\d{1,10})?)%")
FORMAT = re.compile(rf"\[({'|'.join(NAMES)})\]")
TRUTH = re.compile(r"(T|TRUE|F|FALSE)", re.IGNORECASE)


@dataclass
class Answers:
    """The text in the braces, whose escaped signs `restored` brings back; `format` is that of the question."""

    text: str
    format: str
    texts: Texts
    sketch: Sketch
    restored: Callable[[str], str]

    def line(self, text: str) -> str:
        return self.texts.line(self.restored(self.bare(text)), self.format_of(text))

    def block(self, text: str) -> str:
        return self.texts.feedback(self.restored(self.bare(text)), self.format_of(text))

    def plain(self, text: str) -> str:
        """What is compared and never shown as formatted text: an accepted answer, a number."""
        return self.restored(self.bare(text))

    def format_of(self, text: str) -> str:
        found = FORMAT.match(text.strip())
        return found[1] if found else self.format

    def bare(self, text: str) -> str:
        return FORMAT.sub("", text.strip(), count=1) if FORMAT.match(text.strip()) else text


def read_answers(answers: Answers) -> None:
    """Fills the sketch. Raises `LeftOutError` for what a course cannot ask."""
    answers.text, mark, general = answers.text.rpartition("####") if "####" in answers.text else (answers.text, "", "")
    if mark:
        answers.sketch.feedback = answers.block(general)
    answers.text = answers.text.strip()
    reader_of(answers.text)(answers)


def reader_of(text: str) -> Callable[[Answers], None]:
    if not text:
        raise LeftOutError("it is an essay: nothing says what is right")
    if text.startswith("#"):
        return read_number
    if text.startswith(">"):
        return read_ordering
    if "~" in text:
        return read_choices
    if "=" in text and "->" in text:
        return read_matching
    return read_truth if TRUTH.fullmatch(text.partition("#")[0].strip()) else read_accepted


def split(text: str, mark: str) -> list[str]:
    """The parts between the marks; nothing before the first mark is no part."""
    parts = [part.strip() for part in text.split(mark)]
    return parts if parts[0] else parts[1:]


def weighed(part: str, otherwise: int) -> tuple[Decimal, str]:
    """The weight in per cent at the start of the answer, and the rest."""
    found = WEIGHT.match(part)
    return (Decimal(found[1]), part[found.end() :]) if found else (Decimal(otherwise), part)


def answers_of(answers: Answers, parts: list[str], otherwise: int) -> Iterator[Answer]:
    """Accepted answers: compared, not shown."""
    for part in parts:
        weight, rest = weighed(part, otherwise)
        said, _, feedback = rest.partition("#")
        yield Answer(answers.plain(said), weight, answers.block(feedback), answers.sketch.line)


def read_choices(answers: Answers) -> None:
    is_single = "=" in answers.text
    found: list[Answer] = []
    for part in split(answers.text.replace("=", "~="), "~"):
        weight, rest = (Decimal(100), part[1:]) if part.startswith("=") else weighed(part, 0)
        said, _, feedback = rest.partition("#")
        found.append(Answer(answers.line(said), weight, answers.block(feedback), answers.sketch.line))
    decide_choices(answers.sketch, found, is_single=is_single)


def read_matching(answers: Answers) -> None:
    pairs: list[tuple[str, str]] = []
    for part in split(answers.text, "="):
        left, arrow, right = part.partition("->")
        if not arrow:
            raise LeftOutError("one of its pairs has no -> between its two sides")
        pairs.append((answers.line(left), answers.texts.line(answers.restored(right), "plain")))
    answers.sketch.kind = Kind.MATCHING
    answers.sketch.choices = [left for left, _ in pairs if left]
    answers.sketch.matches = [right for left, right in pairs if left] + [right for left, right in pairs if not left]


def read_truth(answers: Answers) -> None:
    said, *feedback = answers.text.split("#", 2)
    wrong, right = (answers.block(text) for text in (*feedback, "", "")[:2])
    is_true = said.strip().upper().startswith("T")
    answers.sketch.kind, answers.sketch.right = Kind.TRUE_FALSE, is_true
    answers.sketch.choice_feedback = [right, wrong] if is_true else [wrong, right]


def read_accepted(answers: Answers) -> None:
    decide_text(answers.sketch, list(answers_of(answers, split(answers.text, "="), 100)))


def read_number(answers: Answers) -> None:
    text, _, wrong = answers.text[1:].partition("~")
    if wrong.partition("#")[2].strip():
        answers.sketch.drop("the feedback for wrong numbers")
    decide_number(answers.sketch, list(answers_of(answers, split(text, "="), 100)), range_of)


def range_of(answer: Answer) -> tuple[Decimal, Decimal]:
    """The least and the largest number that is right: 1..5, 3:2 (three, two up or down), or 3."""
    least, dots, most = answer.text.partition("..")
    if dots and least.strip():
        first, last = decimal_of(least), decimal_of(most)
        return min(first, last), max(first, last)
    middle, _, tolerance = answer.text.partition(":")
    return around(middle, tolerance)


def read_ordering(answers: Answers) -> None:
    """The plug-in's own way: > and how many are shown, then each on a line, in the right order."""
    head, _, rest = answers.text[1:].partition("\n")
    items = [line for line in rest.splitlines() if line.strip()]
    shown = re.match(r"\s*(\d{1,3})", head)
    if shown and 0 < int(shown[1]) < len(items):
        answers.sketch.drop(f"that only {shown[1]} of the {len(items)} are asked")
    answers.sketch.kind = Kind.ORDERING
    answers.sketch.choices = [answers.line(line) for line in items]
