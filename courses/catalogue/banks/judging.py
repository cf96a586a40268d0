"""What is right, found by judging answers as the bank itself judges them.

QTI says how an answer is scored, in version 1.2 in nothing else, and what it declares to be right need not be what
earns the points. So answers are tried: right is what earns most, if there is one such answer.
"""

import itertools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from courses.catalogue.banks.errors import LeftOutError
from courses.catalogue.banks.sketches import EXACT, Sketch, number_right, refuse_twins
from courses.catalogue.questions.texts import Kind

MOST_TRIED = 10  # choices of which every combination is tried
MOST_TEXTS = 300


@dataclass(frozen=True)
class Verdict:
    """What an answer earns, and which feedback it brings up."""

    score: Decimal
    feedback: frozenset[str] = frozenset()


Judge = Callable[[Sequence[str]], Verdict]


def decide_one(sketch: Sketch, labels: Sequence[str], judge: Judge) -> list[Verdict]:
    """One right choice. Raises `LeftOutError` where none earns more than all others."""
    verdicts = [judge([label]) for label in labels]
    best = max((verdict.score for verdict in verdicts), default=Decimal(0))
    right = [place for place, verdict in enumerate(verdicts) if verdict.score == best]
    refuse_nothing(best, judge([]).score)
    if len(right) > 1:
        raise LeftOutError("one is to be chosen, and each of several is wholly right")
    drop_part_scores(sketch, verdicts, best)
    sketch.kind, sketch.right = Kind.ONE, right
    return verdicts


def refuse_nothing(best: Decimal, empty: Decimal) -> None:
    if best <= max(empty, Decimal(0)):
        raise LeftOutError("no answer earns anything")


def decide_several(sketch: Sketch, labels: Sequence[str], judge: Judge, *, most: int) -> None:
    """The right choices, of which at most `most` may be taken. Raises `LeftOutError` where several answers are best."""
    if len(labels) > MOST_TRIED:
        raise LeftOutError(f"2 to {MOST_TRIED} choices are allowed, and it has {len(labels)}")
    scores = {
        frozenset(taken): judge(taken).score
        for count in range(min(most, len(labels)) + 1)
        for taken in itertools.combinations(labels, count)
    }
    best = max(scores.values())
    refuse_nothing(best, scores[frozenset()])
    winners = [taken for taken, score in scores.items() if score == best]
    right = frozenset.intersection(*winners)
    if scores[right] != best:
        raise LeftOutError("different answers are wholly right")
    if len(winners) > 1:
        sketch.drop("that further choices besides the right ones cost nothing")
    if any(empty_or_less < score < best for score in scores.values() for empty_or_less in [scores[frozenset()]]):
        sketch.drop("what a part of the right choices earns")
    sketch.kind, sketch.right = Kind.SEVERAL, [place for place, label in enumerate(labels) if label in right]


def confirm(right: Sequence[str], worse: Iterable[Sequence[str]], judge: Judge) -> None:
    """Raises `LeftOutError` unless the answer that the bank declares to be right earns more than each of the others."""
    best = judge(right).score
    refuse_nothing(best, judge([]).score)
    if any(judge(other).score >= best for other in worse):
        raise LeftOutError("what it declares to be right is not what earns most")


def decide_text(sketch: Sketch, candidates: Iterable[str], judge: Judge) -> None:
    """The accepted answers among the candidates. Raises `LeftOutError` where one that differs in capitals is wrong."""
    known = list(dict.fromkeys(candidates))
    if len(known) > MOST_TEXTS:
        raise LeftOutError("its scoring knows too many texts")
    verdicts = {text: judge([text]) for text in known}
    best = max((verdict.score for verdict in verdicts.values()), default=Decimal(0))
    refuse_nothing(best, judge([]).score)
    sketch.kind = Kind.TEXT
    sketch.accepts = [text for text, verdict in verdicts.items() if verdict.score == best]
    others = {text: verdict.score for text, verdict in verdicts.items() if verdict.score < best}
    refuse_twins(sketch.accepts, [text for text, score in others.items() if score <= 0])
    for text, score in others.items():
        if score > 0:
            sketch.drop(f"that {text[:60]!r} earns a part of the points")
    if any(
        judge([changed]).score < best for text in sketch.accepts for changed in [text.swapcase()] if changed != text
    ):
        sketch.drop("that capitals make a difference")


def decide_number(sketch: Sketch, points: Iterable[Decimal], judge: Judge) -> None:
    """The number, or the range of numbers, that is right; `points` are all where the judgement may change.

    Raises `LeftOutError` where more than one range is right, or one whose ends are not right themselves.
    """
    known = sorted(set(points))
    samples: list[tuple[Decimal, bool]] = []
    for left, right in itertools.pairwise([None, *known, None]):
        samples += [(between(left, right), False)] + ([(right, True)] if right is not None else [])
    scores = [judge([f"{number:f}"]).score for number, _ in samples]
    best = max(scores)
    refuse_nothing(best, judge([]).score)
    places = [place for place, score in enumerate(scores) if score == best]
    first, last = places[0], places[-1]
    if len(places) != last - first + 1:
        raise LeftOutError("more than one range of numbers is right")
    if not samples[first][1] or not samples[last][1]:
        raise LeftOutError("the ends of the range of right numbers are not right themselves, or there are none")
    if any(Decimal(0) < score < best for score in scores):
        sketch.drop("that some numbers earn a part of the points")
    sketch.kind, sketch.right = Kind.NUMBER, number_right(samples[first][0], samples[last][0])


def between(left: Decimal | None, right: Decimal | None) -> Decimal:
    """A number between the two; beyond the other where one is `None`."""
    if left is None or right is None:
        known = right if left is None else left
        return EXACT.add(known or Decimal(0), Decimal(-1 if left is None else 1))
    return EXACT.divide(EXACT.add(left, right), Decimal(2))


def drop_part_scores(sketch: Sketch, verdicts: Sequence[Verdict], best: Decimal) -> None:
    if any(Decimal(0) < verdict.score < best for verdict in verdicts):
        sketch.drop("that some wrong choices earn a part of the points")


def share_feedback(
    sketch: Sketch, texts: dict[str, str], by_choice: Sequence[Verdict], others: Sequence[Verdict]
) -> None:
    """What every answer brings up is the general feedback, what one choice brings up is its own; the rest is dropped.

    `by_choice` are the verdicts on each choice by itself, none where there is nothing to choose; `others` on no answer
    at all, and on the right one.
    """
    wholes = by_choice or others
    everywhere = [key for key in texts if all(key in verdict.feedback for verdict in (*wholes, others[-1]))]
    sketch.feedback = joined([sketch.feedback, *(texts[key] for key in everywhere)])
    rest = {key: text for key, text in texts.items() if key not in everywhere}
    sketch.choice_feedback = [joined(rest[key] for key in rest if key in verdict.feedback) for verdict in by_choice]
    shown = {key for verdict in by_choice for key in verdict.feedback}
    for key, text in rest.items():
        if text and key not in shown:
            sketch.drop(f"feedback that only some answers bring up ({text[:60]!r})")


def joined(parts: Iterable[str]) -> str:
    return "\n\n".join(filter(None, parts))


def as_true_false(sketch: Sketch) -> None:
    """A choice between the two words True and False becomes a question of its own kind."""
    names = [text.strip().casefold() for text in sketch.choices]
    if sketch.kind != Kind.ONE or not isinstance(sketch.right, list) or sorted(names) != ["false", "true"]:
        return
    if sketch.choice_feedback and names[0] == "false":
        sketch.choice_feedback.reverse()
    sketch.kind, sketch.right, sketch.choices = Kind.TRUE_FALSE, names[sketch.right[0]] == "true", []
