"""A question while it is read from a bank, and what it must have to stand in a course."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Context, Decimal

from courses.catalogue.banks.errors import LeftOutError
from courses.catalogue.folders.questions import LONGEST_CHOICE, LONGEST_FEEDBACK, LONGEST_PROMPT, MOST_CHOICES
from courses.catalogue.questions.answers import LONGEST_ANSWER, plain
from courses.catalogue.questions.texts import Kind, QuestionText, Right, Words

MOST_DROPPED = 100  # of one question
DIGITS = 15  # before and after the point, as in course folders
TEX = re.compile(r"\$\$|\\\\\\?[(\[]")  # in Markdown, where a backslash is two
EXACT = Context(prec=100)  # more than two numbers of these digits can need


@dataclass(kw_only=True)
class Sketch:
    """A question of a bank. `dropped` are parts of it that are left out, with their lines in the bank.

    `excerpt` is how it begins in the bank; `identifier` and `category` are the bank's own; a category goes from the
    outermost to the innermost.
    """

    name: str
    line: int | None
    identifier: str = ""
    category: tuple[str, ...] = ()
    kind: Kind = Kind.ONE
    excerpt: str = ""
    prompt: str = ""
    feedback: str = ""
    choices: list[str] = field(default_factory=list)
    choice_feedback: list[str] = field(default_factory=list)
    matches: list[str] = field(default_factory=list)
    accepts: list[str] = field(default_factory=list)
    unit: str = ""
    right: Right = None
    dropped: dict[str, int | None] = field(default_factory=dict)

    @property
    def shown_name(self) -> str:
        """What faults call it: its name, else how its text begins."""
        readable = " ".join((self.name or self.prompt or self.excerpt).split())
        return readable if len(readable) <= 80 else f"{readable[:79]}…"

    def drop(self, what: str, line: int | None = None) -> None:
        """Notes once that the question loses `what`, which ends that sentence."""
        self.mend(f"loses {what}", line)

    def mend(self, message: str, line: int | None = None) -> None:
        """Notes once what the author should know of the question as it was taken: the sentence without its subject."""
        if len(self.dropped) < MOST_DROPPED:
            self.dropped.setdefault(message, line or self.line)
        else:
            self.dropped.setdefault("loses more than is said here", self.line)

    def finished(self, language: str, key: str, pool: str) -> QuestionText:
        """The question, with its texts in the language. It has passed `check`."""
        words = Words(
            prompt=self.prompt, feedback=self.feedback, choices=self.choices, choice_feedback=self.choice_feedback,
            matches=self.matches, accepts=self.accepts, unit=self.unit,
        )  # fmt: skip
        return QuestionText(key=key, kind=self.kind, pool=pool, right=self.right, words={language: words})


def check(sketch: Sketch) -> None:
    """Raises `LeftOutError` where a course cannot hold the question. Feedback that is too long is dropped."""
    if not sketch.prompt.strip():
        raise LeftOutError("it has no text")
    if len(sketch.prompt) > LONGEST_PROMPT:
        raise LeftOutError(f"its text has {len(sketch.prompt):,} characters, {LONGEST_PROMPT:,} are allowed")
    CHECKS[sketch.kind](sketch)
    check_feedback(sketch)
    if any(TEX.search(text) for text in (sketch.prompt, sketch.feedback, *sketch.choices, *sketch.matches)):
        sketch.mend("has a formula in TeX, which is shown as it is written")


def check_feedback(sketch: Sketch) -> None:
    if len(sketch.feedback) > LONGEST_FEEDBACK:
        sketch.feedback = ""
        sketch.drop(f"feedback of more than {LONGEST_FEEDBACK:,} characters")
    elif not sketch.feedback.strip():
        sketch.mend("has no general feedback; write one")
    if not any(text.strip() for text in sketch.choice_feedback):
        sketch.choice_feedback = []


def check_choices(sketch: Sketch) -> None:
    check_texts(sketch.choices, "choices")
    if isinstance(sketch.right, list) and not sketch.right:
        raise LeftOutError("no choice is right")


def check_true_false(sketch: Sketch) -> None:
    if not isinstance(sketch.right, bool):
        raise LeftOutError("it does not say whether true or false is right")


def check_number(sketch: Sketch) -> None:
    if not isinstance(sketch.right, dict):
        raise LeftOutError("it does not say which number is right")


def check_text(sketch: Sketch) -> None:
    sketch.accepts = list(dict.fromkeys(sketch.accepts))
    if not sketch.accepts:
        raise LeftOutError("it does not say which answer is right")
    if not all(map(plain, sketch.accepts)):
        raise LeftOutError("one of its right answers is empty")
    if any(len(text) > LONGEST_ANSWER for text in sketch.accepts):
        raise LeftOutError(f"one of its right answers has more than {LONGEST_ANSWER} characters")


def refuse_twins(right: Iterable[str], wrong: Iterable[str]) -> None:
    """Raises `LeftOutError` where a wrong answer would be judged right here."""
    known = {plain(text) for text in right}
    if any(plain(text) in known for text in wrong):
        raise LeftOutError(
            "a wrong answer differs from a right one only in what makes no difference here: capitals, spaces, quotation"
            " marks, a stop at the end, or how a sign is written"
        )


def check_matching(sketch: Sketch) -> None:
    check_texts(sketch.choices, "pairs")
    check_different(sketch.matches, "texts on the right")
    if len(sketch.matches) < len(sketch.choices):
        raise LeftOutError("not every text on the left has one on the right")


def check_texts(texts: Sequence[str], what: str) -> None:
    if not 2 <= len(texts) <= MOST_CHOICES:
        raise LeftOutError(f"2 to {MOST_CHOICES} {what} are allowed, and it has {len(texts)}")
    check_different(texts, what)


def check_different(texts: Sequence[str], what: str) -> None:
    if not all(text.strip() for text in texts):
        raise LeftOutError(f"one of its {what} is empty")
    if len(set(texts)) < len(texts):
        raise LeftOutError(f"two of its {what} are the same")
    if any(len(text) > LONGEST_CHOICE for text in texts):
        raise LeftOutError(f"one of its {what} has more than {LONGEST_CHOICE} characters")


CHECKS = {
    Kind.ONE: check_choices, Kind.SEVERAL: check_choices, Kind.ORDERING: check_choices, Kind.TEXT: check_text,
    Kind.TRUE_FALSE: check_true_false, Kind.NUMBER: check_number, Kind.MATCHING: check_matching,
}  # fmt: skip


def number_right(least: Decimal, most: Decimal) -> dict[str, str]:
    """What is right for a number from `least` to `most`, both included: the middle and the tolerance, exact.

    Raises `LeftOutError` for numbers with more digits than a course can hold.
    """
    middle = EXACT.divide(EXACT.add(least, most), Decimal(2))
    tolerance = EXACT.divide(EXACT.subtract(most, least), Decimal(2))
    return {"value": decimal_text(middle), "tolerance": decimal_text(tolerance)}


def decimal_text(number: Decimal) -> str:
    """The number as a course writes it, without exponent: 1E+3 is 1000."""
    text = f"{number:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    whole, _, part = text.lstrip("-").partition(".")
    if len(whole) > DIGITS or len(part) > DIGITS:
        raise LeftOutError(f"the number {number:.6g} has more than {DIGITS} digits before or after the point")
    return "0" if text in ("-0", "") else text


def count_of(text: str) -> int:
    """The whole number that the text is; 0 for anything else, and for millions."""
    return int(text) if re.fullmatch(r"\d{1,6}", text.strip()) else 0


def around(middle: str, tolerance: str) -> tuple[Decimal, Decimal]:
    """The range from the number less the tolerance to the number and the tolerance, exact; no tolerance is 0."""
    number, distance = decimal_of(middle), abs(decimal_of(tolerance.strip() or "0"))
    return EXACT.subtract(number, distance), EXACT.add(number, distance)


def decimal_of(text: str) -> Decimal:
    """The number that the text is. Raises `LeftOutError` for anything but a number in digits with a point."""
    said = text.strip().replace("−", "-")
    try:
        number = Decimal(said if len(said) <= 60 and "_" not in said else "NaN")
    except ArithmeticError:
        number = Decimal("NaN")
    if not number.is_finite() or abs(number.adjusted()) > 2 * DIGITS or len(number.as_tuple().digits) > 2 * DIGITS:
        raise LeftOutError(f"{said[:40]!r} is not a number that a course can hold")
    return number
