"""An item of QTI 2 or 3 while it is read, and how it judges an answer."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from courses.catalogue.banks.formats import Texts
from courses.catalogue.banks.judging import Verdict
from courses.catalogue.banks.qti_scoring import Scoring
from courses.catalogue.banks.qti_values import Declaration, Many, Value
from courses.catalogue.banks.sketches import Sketch
from courses.catalogue.plain_xml import Node

MOST_FEEDBACK = 100  # pieces
FEEDBACK = ("modalFeedback", "feedbackBlock", "feedbackInline")


@dataclass
class Item:
    """The item's elements, what becomes of it, and how it is scored. `right_answer` is set once it is known."""

    root: Node
    interaction: Node
    sketch: Sketch
    texts: Texts
    scoring: Scoring
    right_answer: list[str] = field(default_factory=list)
    feedback: dict[str, Node] = field(init=False)
    is_by_declaration: bool = False

    def __post_init__(self) -> None:
        found = list(self.root.every(*FEEDBACK))
        if len(found) > MOST_FEEDBACK:
            self.sketch.drop(f"all feedback, of which there are {len(found)} pieces", found[0].line)
            found = []
        self.feedback = {str(place): node for place, node in enumerate(found)}

    @property
    def response(self) -> str:
        return self.interaction.get("responseIdentifier")

    @property
    def declaration(self) -> Declaration:
        return self.scoring.responses[self.response]

    def judge(self, answer: Sequence[str]) -> Verdict:
        """What the answer earns, and the keys of the feedback that it brings up."""
        outcomes = self.scoring.outcomes(self.response, answer)
        score = outcomes.get("SCORE")
        shown = frozenset(key for key, node in self.feedback.items() if is_shown(node, outcomes))
        if self.is_by_declaration:
            score = Decimal(self.scoring.is_declared(self.response, answer))
        return Verdict(score if isinstance(score, Decimal) else Decimal(0), shown)

    def settle(self, tried: Iterable[Sequence[str]]) -> None:
        """Where nothing earns anything, neither what is tried nor what is declared right, the declaration counts."""
        declared = [str(value) for value in self.declaration.values]
        if declared and all(self.judge(answer).score <= 0 for answer in (*tried, declared)):
            self.sketch.mend("earns no points in the bank; what it declares to be right was taken")
            self.is_by_declaration = True

    def line(self, node: Node) -> str:
        """What a choice says, without the feedback in it."""
        return self.texts.markup.line(without_feedback(node))


def is_shown(node: Node, outcomes: dict[str, Value]) -> bool:
    held = outcomes.get(node.get("outcomeIdentifier"))
    wanted = node.get("identifier")
    is_there = wanted in held.values if isinstance(held, Many) else held == wanted
    return is_there != (node.get("showHide", "show") == "hide")


def without_feedback(node: Node) -> Node:
    """The same without what is shown only after an answer."""
    children = [
        child if isinstance(child, str) else without_feedback(child)
        for child in node.children
        if isinstance(child, str) or child.name not in FEEDBACK
    ]
    return Node(node.name, node.attributes, children, node.line)
