"""Answers with weights in per cent, as Moodle and GIFT have them: what they make of a question.

A course knows right and wrong. What earns part of the points is wrong here, and named.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from courses.catalogue.banks.errors import LeftOutError
from courses.catalogue.banks.sketches import Sketch, number_right, refuse_twins
from courses.catalogue.questions.texts import Kind

WHOLE = 100  # per cent
ROUNDING = Decimal("0.5")  # three thirds are written as 33.33333 each
WILD = re.compile(r"(?<!\\)\*")


@dataclass(frozen=True)
class Answer:
    """One answer of the bank: its text, its weight in per cent, its feedback, its line; for numbers, the tolerance."""

    text: str
    weight: Decimal
    feedback: str
    line: int | None
    tolerance: str = ""

    @property
    def is_right(self) -> bool:
        return abs(self.weight - WHOLE) < Decimal("0.01")

    @property
    def is_partly_right(self) -> bool:
        return self.weight > 0 and not self.is_right


def decide_choices(sketch: Sketch, answers: Sequence[Answer], *, is_single: bool) -> None:
    """One right choice, or several whose weights make up the whole. Raises `LeftOutError` for anything else."""
    sketch.choices = [answer.text for answer in answers]
    sketch.choice_feedback = [answer.feedback for answer in answers]
    sketch.kind = Kind.ONE if is_single else Kind.SEVERAL
    sketch.right = only_right(answers) if is_single else all_right(answers)
    if is_single:
        drop_parts(sketch, answers)
    elif any(answer.weight <= 0 for answer in answers) or len(sketch.right) > 1:
        sketch.drop(
            "what a part of the right choices earns (" + ", ".join(percent(one.weight) for one in answers) + ")"
        )


def only_right(answers: Sequence[Answer]) -> list[int]:
    right = [place for place, answer in enumerate(answers) if answer.is_right]
    if len(right) > 1:
        raise LeftOutError("one is to be chosen, and each of several is wholly right")
    if not right:
        raise LeftOutError("one is to be chosen, and none is wholly right")
    return right


def all_right(answers: Sequence[Answer]) -> list[int]:
    right = [place for place, answer in enumerate(answers) if answer.weight > 0]
    whole = sum((answers[place].weight for place in right), Decimal(0))
    if abs(whole - WHOLE) > ROUNDING:
        raise LeftOutError(f"several are to be chosen, and what is right makes up {percent(whole)}, not 100 %")
    return right


def decide_all(sketch: Sketch, answers: Sequence[Answer]) -> None:
    """Several choices, right as a whole or not at all: every answer with any weight is right."""
    sketch.choices = [answer.text for answer in answers]
    sketch.choice_feedback = [answer.feedback for answer in answers]
    sketch.kind = Kind.SEVERAL
    sketch.right = [place for place, answer in enumerate(answers) if answer.weight > 0]


def decide_text(sketch: Sketch, answers: Sequence[Answer], *, is_case_sensitive: bool = False) -> None:
    """The accepted answers. Raises `LeftOutError` for patterns, and where a wrong answer would be right here."""
    right = [answer for answer in answers if answer.is_right]
    if any(WILD.search(answer.text) for answer in right):
        raise LeftOutError("a right answer holds *, which stands for anything")
    sketch.kind = Kind.TEXT
    sketch.accepts = [answer.text.replace("\\*", "*") for answer in right]
    refuse_twins(sketch.accepts, [answer.text for answer in answers if answer.weight <= 0])
    fold = str if is_case_sensitive else str.casefold
    refuse_shadows(answers, lambda before, one: stands_for(fold(before.text), fold(one.text)))
    if is_case_sensitive:
        sketch.drop("that capitals make a difference")
    drop_parts(sketch, answers)
    drop_feedback(sketch, answers)


def refuse_shadows(answers: Sequence[Answer], covers: Callable[[Answer, Answer], bool]) -> None:
    """Raises `LeftOutError` where an answer that is not wholly right comes before a right one that it covers.

    Of several answers that fit, the first one counts in Moodle.
    """
    for place, answer in enumerate(answers):
        before = [other for other in answers[:place] if not other.is_right]
        if answer.is_right and any(covers(other, answer) for other in before):
            raise LeftOutError("a right answer earns less than it says, because one before it fits too")


def stands_for(pattern: str, text: str) -> bool:
    """Whether the text is what the pattern says, in which each * stands for anything."""
    first, *others = [part.replace("\\*", "*") for part in WILD.split(pattern)]
    whole = text.replace("\\*", "*")
    if not others:
        return whole == first
    place, last = len(first), others.pop()
    for part in others:
        found = whole.find(part, place)
        place = len(whole) + 1 if found < 0 else found + len(part)
    return whole.startswith(first) and whole.endswith(last) and place + len(last) <= len(whole)


def decide_number(
    sketch: Sketch, answers: Sequence[Answer], range_of: Callable[[Answer], tuple[Decimal, Decimal]]
) -> None:
    """The number with its tolerance. Raises `LeftOutError` where more than one range of numbers is right."""
    ranges = {range_of(answer) for answer in answers if answer.is_right and answer.text != "*"}
    if any(answer.is_right and answer.text == "*" for answer in answers):
        raise LeftOutError("every number is right")
    if len(ranges) > 1:
        raise LeftOutError(f"{len(ranges)} different numbers or ranges of numbers are right")
    refuse_shadows(answers, lambda before, one: is_close(before, one, range_of))
    sketch.kind = Kind.NUMBER
    sketch.right = number_right(*ranges.pop()) if ranges else None
    drop_parts(sketch, answers)
    drop_feedback(sketch, answers)


def is_close(before: Answer, one: Answer, range_of: Callable[[Answer], tuple[Decimal, Decimal]]) -> bool:
    """Whether there is a number that fits both answers: a star fits every number, what is no number fits none."""
    if before.text == "*":
        return True
    try:
        (least, most), (first, last) = range_of(before), range_of(one)
    except LeftOutError:
        return False
    return least <= last and first <= most


def drop_parts(sketch: Sketch, answers: Sequence[Answer]) -> None:
    """Names what is partly right, and what is worse than wrong."""
    for answer in answers:
        if answer.is_partly_right or answer.weight < 0:
            sketch.drop(f"that {answer.text[:60]!r} earns {percent(answer.weight)}", answer.line)


def drop_feedback(sketch: Sketch, answers: Sequence[Answer]) -> None:
    for answer in answers:
        if answer.feedback:
            sketch.drop(f"the feedback for the answer {answer.text[:60]!r}", answer.line)


def percent(weight: Decimal) -> str:
    return f"{weight.normalize():f} %"
