"""Feedback in QTI 2 and 3: shown or hidden by outcome variables, in the body or after the answer."""

from collections.abc import Sequence

from courses.catalogue.banks.judging import Verdict, share_feedback
from courses.catalogue.banks.qti_items import Item, without_feedback
from courses.catalogue.plain_xml import Node


def take_feedback(item: Item, verdicts: Sequence[Verdict]) -> None:
    """Gives each feedback of the item to whom it is shown: everybody, or those who took a choice.

    `verdicts` are those on each choice by itself; none where there is nothing to choose.
    """
    texts = {key: item.texts.feedback(inner(node)) for key, node in item.feedback.items()}
    if any(texts.values()):
        share_feedback(item.sketch, texts, verdicts, [item.judge([]), item.judge(item.right_answer)])


def inner(node: Node) -> Node:
    return Node("div", {}, without_feedback(node).children, node.line)
