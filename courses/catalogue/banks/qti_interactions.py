"""The interactions of QTI 2 and 3 that a course can ask: choosing, writing a text or a number, matching, ordering."""

import itertools
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal

from courses.catalogue.banks.errors import LeftOutError
from courses.catalogue.banks.judging import (
    Verdict,
    confirm,
    decide_number,
    decide_one,
    decide_several,
    decide_text,
)
from courses.catalogue.banks.qti_items import Item
from courses.catalogue.banks.qti_values import Single
from courses.catalogue.banks.sketches import EXACT, count_of, decimal_of
from courses.catalogue.plain_xml import Node
from courses.catalogue.questions.texts import Kind

MOST_NUMBERS = 50  # in the scoring of one item


def read_choice(item: Item) -> list[Verdict]:
    choices = item.interaction.all("simpleChoice", "inlineChoice")
    labels = labels_of(choices)
    item.sketch.choices = [item.line(choice) for choice in choices]
    item.settle([label] for label in labels)
    most = count_of(item.interaction.get("maxChoices", "1")) or len(choices)
    if item.declaration.cardinality == "single" or (item.declaration.cardinality == "multiple" and most == 1):
        verdicts = decide_one(item.sketch, labels, item.judge)
    elif item.declaration.cardinality == "multiple":
        decide_several(item.sketch, labels, item.judge, most=most)
        verdicts = [item.judge([label]) for label in labels]
    else:
        raise LeftOutError("the order of its choices counts")
    right = item.sketch.right if isinstance(item.sketch.right, list) else []
    item.right_answer = [labels[place] for place in right]
    refuse_other(item, set(item.right_answer))
    if item.interaction.get("shuffle") == "true" and any(choice.get("fixed") == "true" for choice in choices):
        item.sketch.drop("that some choices keep their place")
    return verdicts


def labels_of(choices: list[Node]) -> list[str]:
    labels = [choice.get("identifier") for choice in choices]
    if len(set(labels)) < len(labels) or not all(labels):
        raise LeftOutError("two of its choices have the same identifier, or one has none")
    return labels


def refuse_other(item: Item, right: set[str]) -> None:
    """Raises `LeftOutError` where the item declares something else to be right than what earns most."""
    declared = {str(value) for value in item.declaration.values}
    if declared and declared != right:
        raise LeftOutError("what it declares to be right is not what earns most")


def read_text_entry(item: Item) -> list[Verdict]:
    if item.declaration.cardinality != "single":
        raise LeftOutError("its answer is more than one text")
    item.settle([])
    if item.interaction.get("patternMask"):
        item.sketch.drop("the pattern that answers must have")
    if item.declaration.base in ("integer", "float"):
        decide_number(item.sketch, points_of(item), item.judge)
        item.right_answer = [item.sketch.right["value"]] if isinstance(item.sketch.right, dict) else []
    elif item.declaration.base == "string":
        decide_text(item.sketch, texts_of(item), item.judge)
        item.right_answer = item.sketch.accepts[:1]
    else:
        raise LeftOutError(f"its answer is neither a text nor a number ({item.declaration.base[:40]})")
    return []


def texts_of(item: Item) -> Iterator[str]:
    """Every text that the item's scoring knows."""
    yield from (str(value) for value in item.declaration.values)
    yield from (str(entry.key) for entry in item.declaration.entries)
    yield from (node.text for node in scored(item, "baseValue") if node.get("baseType") == "string")


def points_of(item: Item) -> list[Decimal]:
    """Every number where the judgement may change: those of the scoring, and the ends of their tolerances."""
    known: set[Single] = {*item.declaration.values, *(entry.key for entry in item.declaration.entries)}
    known |= {
        decimal_of(node.text) for node in scored(item, "baseValue") if node.get("baseType") in ("integer", "float")
    }
    numbers = {number for number in known if isinstance(number, Decimal)}
    said = [node.get("tolerance").split() for node in scored(item, "equal")]
    tolerances = {decimal_of(text) for text in itertools.chain.from_iterable(said)}
    if len(numbers) * (len(tolerances) + 1) > MOST_NUMBERS:
        raise LeftOutError("its scoring knows too many numbers")
    points = set(numbers)
    for number, tolerance in itertools.product(numbers, tolerances):
        share = EXACT.divide(EXACT.multiply(abs(number), tolerance), Decimal(100))
        points |= {EXACT.add(number, move) for move in (tolerance, -tolerance, share, -share)}
    return sorted(points)


def scored(item: Item, name: str) -> Iterator[Node]:
    return item.scoring.rules.every(name) if item.scoring.rules else iter(())


def read_match(item: Item) -> list[Verdict]:
    sets = [part.all("simpleAssociableChoice") for part in item.interaction.all("simpleMatchSet")]
    if len(sets) != 2:
        raise LeftOutError("it does not have two sides")
    left, right = ({choice.get("identifier"): choice for choice in part} for part in sets)
    item.settle([])
    pairs = pairs_of(item, set(left))
    if any(first not in left or second not in right for first, second in pairs):
        raise LeftOutError("a right pair names a text that there is not")
    item.right_answer = [" ".join(pair) for pair in pairs]
    others = [*without_one(item.right_answer), *paired_otherwise(pairs, right)]
    if len(pairs) < len(left) and len(pairs) == len(right):
        left, right, pairs = right, left, [(second, first) for first, second in pairs]
    firsts, seconds = [first for first, _ in pairs], [second for _, second in pairs]
    if len(set(firsts)) < len(pairs) or len(set(seconds)) < len(pairs):
        raise LeftOutError("a text belongs to more than one other")
    if len(pairs) < len(left):
        raise LeftOutError("not every text on the left has one on the right")
    confirm(item.right_answer, others, item.judge)
    item.sketch.kind = Kind.MATCHING
    item.sketch.choices = [item.line(left[key]) for key in firsts]
    item.sketch.matches = [item.line(right[key]) for key in dict.fromkeys([*seconds, *right])]
    return []


def pairs_of(item: Item, lefts: set[str]) -> list[tuple[str, str]]:
    """The right pairs as declared, the left side first; else those that earn something."""
    earning = [str(entry.key) for entry in item.declaration.entries if entry.score > 0]
    said = [str(value) for value in item.declaration.values] or earning
    pairs = [text.split() for text in said]
    if not pairs or any(len(pair) != 2 for pair in pairs):
        raise LeftOutError("nothing says which pairs are right")
    return [(first, second) if first in lefts else (second, first) for first, second in pairs]


def without_one(answer: list[str]) -> Iterator[list[str]]:
    return ([*answer[:place], *answer[place + 1 :]] for place in range(len(answer)))


def paired_otherwise(pairs: list[tuple[str, str]], rights: Iterable[str]) -> Iterator[list[str]]:
    """The answers in which one text has another on the right, or two have changed theirs."""
    said = [" ".join(pair) for pair in pairs]
    for place, (first, second) in enumerate(pairs):
        before, after = said[:place], said[place + 1 :]
        yield from ([*before, f"{first} {other}", *after] for other in rights if other != second)
        for later, (third, fourth) in enumerate(pairs[place + 1 :]):
            yield [*before, f"{first} {fourth}", *after[:later], f"{third} {second}", *after[later + 1 :]]


def read_order(item: Item) -> list[Verdict]:
    choices = {choice.get("identifier"): choice for choice in item.interaction.all("simpleChoice")}
    order = [str(value) for value in item.declaration.values]
    if item.declaration.cardinality != "ordered" or sorted(order) != sorted(choices):
        raise LeftOutError("the right order is not one of all its texts")
    item.settle([])
    confirm(order, swapped(order), item.judge)
    item.right_answer = order
    item.sketch.kind = Kind.ORDERING
    item.sketch.choices = [item.line(choices[key]) for key in order]
    return []


def swapped(order: list[str]) -> Iterator[list[str]]:
    """The orders in which two neighbours have changed places."""
    for place in range(len(order) - 1):
        yield [*order[:place], order[place + 1], order[place], *order[place + 2 :]]


READERS: dict[str, Callable[[Item], list[Verdict]]] = {
    "choiceInteraction": read_choice, "inlineChoiceInteraction": read_choice, "textEntryInteraction": read_text_entry,
    "matchInteraction": read_match, "orderInteraction": read_order,
}  # fmt: skip
