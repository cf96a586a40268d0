"""The kinds of items of QTI 1.2 that a course can ask."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from courses.catalogue.banks.errors import LeftOutError
from courses.catalogue.banks.formats import Texts
from courses.catalogue.banks.judging import (
    Verdict,
    as_true_false,
    confirm,
    decide_number,
    decide_one,
    decide_several,
    decide_text,
    joined,
    share_feedback,
)
from courses.catalogue.banks.qti12_material import Material
from courses.catalogue.banks.qti12_presentation import Presentation, Response
from courses.catalogue.banks.qti12_scoring import COMPARED, Scoring12
from courses.catalogue.banks.qti_interactions import swapped
from courses.catalogue.banks.sketches import Sketch, decimal_of
from courses.catalogue.plain_xml import Node
from courses.catalogue.questions.texts import Kind

SEVERAL_GAPS = ("fill_in_multiple_blanks_question", "multiple_dropdowns_question")
NUMBERS = ("integer", "decimal", "scientific", "number")
ESSAYS = ("cc.essay", "essay_question", "Essay", "Short Response", "file_upload_question")


@dataclass
class Asked:
    """An item while it is read. `verdicts` are those on each choice by itself, `right` the right answers."""

    node: Node
    sketch: Sketch
    texts: Texts
    material: Material
    shown: Presentation
    type: str
    scoring: Scoring12 = field(init=False)
    verdicts: list[Verdict] = field(default_factory=list)
    right: dict[str, Sequence[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        responses = self.shown.responses
        self.scoring = Scoring12(
            self.node,
            numbers=[one.ident for one in responses if is_number(one, self.node)],
            orders=[one.ident for one in responses if one.cardinality == "ordered"],
        )

    def judge(self, answer: Sequence[str]) -> Verdict:
        """The verdict on an answer to the only thing that is asked."""
        return self.scoring.judge({self.shown.responses[0].ident: answer})

    def line(self, materials: Sequence[Node]) -> str:
        return self.texts.markup.line(self.material.tree(materials))


def is_number(response: Response, item: Node) -> bool:
    kinds = [part.get("fibtype").lower() for part in response.node.every("render_fib")]
    compared = any(part.get("respident") == response.ident for part in item.every(*COMPARED))
    return response.node.name == "response_num" or any(kind in NUMBERS for kind in kinds) or compared


def reader_of(asked: Asked) -> Callable[[Asked], None]:
    responses = asked.shown.responses
    if not responses:
        raise LeftOutError("it asks nothing")
    said = " ".join(part.text for part in asked.node.every("fieldentry", "bbmd_questiontype"))
    if any(name in said for name in ESSAYS) or not asked.scoring.conditions:
        raise LeftOutError("it is an essay: nothing says what is right")
    if len(responses) > 1:
        return reader_of_many(asked)
    if responses[0].node.name in ("response_str", "response_num"):
        return read_number if responses[0].ident in asked.scoring.numbers else read_text
    if responses[0].node.name != "response_lid" or asked.type in SEVERAL_GAPS:
        raise LeftOutError(f"its kind is not known here ({asked.type or responses[0].node.name})")
    return read_order if responses[0].cardinality == "ordered" else read_choice


def reader_of_many(asked: Asked) -> Callable[[Asked], None]:
    responses = asked.shown.responses
    labels = [{label.get("ident") for label in one.labels} for one in responses]
    is_matching = all(one.node.name == "response_lid" for one in responses) and (
        bool(asked.shown.rights) or bool(set.intersection(*labels))
    )
    if asked.type in SEVERAL_GAPS or not is_matching:
        raise LeftOutError(f"it asks {len(responses)} things at once")
    return read_matching


def read_choice(asked: Asked) -> None:
    response = asked.shown.responses[0]
    labels = [label.get("ident") for label in response.labels]
    if len(set(labels)) < len(labels):
        raise LeftOutError("two of its choices have the same identifier")
    asked.sketch.choices = [asked.line(label.elements) for label in response.labels]
    if response.cardinality == "multiple":
        decide_several(asked.sketch, labels, asked.judge, most=len(labels))
        asked.verdicts = [asked.judge([label]) for label in labels]
    else:
        asked.verdicts = decide_one(asked.sketch, labels, asked.judge)
    places = asked.sketch.right if isinstance(asked.sketch.right, list) else []
    asked.right = {response.ident: [labels[place] for place in places]}


def values(asked: Asked, response: Response) -> Iterator[Node]:
    """The parts of the scoring that compare what was answered."""
    return (part for one in asked.scoring.conditions for part in one.every() if part.get("respident") == response.ident)


def read_text(asked: Asked) -> None:
    response = asked.shown.responses[0]
    decide_text(
        asked.sketch, [part.text.strip() for part in values(asked, response) if part.name == "varequal"], asked.judge
    )
    asked.right = {response.ident: asked.sketch.accepts[:1]}


def read_number(asked: Asked) -> None:
    response = asked.shown.responses[0]
    points: list[Decimal] = [decimal_of(part.text) for part in values(asked, response) if part.text.strip()]
    decide_number(asked.sketch, points, asked.judge)
    asked.right = {response.ident: [asked.sketch.right["value"]] if isinstance(asked.sketch.right, dict) else []}


def read_order(asked: Asked) -> None:
    response = asked.shown.responses[0]
    labels = {label.get("ident"): label for label in response.labels}
    orders = [
        [part.text.strip() for part in one.every("varequal") if part.get("respident") == response.ident]
        for one in asked.scoring.conditions
    ]
    whole = [order for order in orders if sorted(order) == sorted(labels)]
    if not whole:
        raise LeftOutError("the right order is not one of all its texts")
    best = max(whole, key=lambda order: asked.judge(order).score)
    confirm(best, [*swapped(best), *(order for order in whole if order != best)], asked.judge)
    asked.sketch.kind = Kind.ORDERING
    asked.sketch.choices = [asked.line(labels[ident].elements) for ident in best]
    asked.right = {response.ident: best}


def read_matching(asked: Asked) -> None:
    """Each response is a left side, and its choices are all right sides."""
    lefts: list[str] = []
    rights: dict[str, str] = {}
    matches: list[str] = []
    for response in asked.shown.responses:
        ident, texts = best_label(asked, response)
        lefts.append(asked.line(response.before))
        matches.append(texts[ident])
        rights.update(dict.fromkeys(texts.values(), ""))
        asked.right[response.ident] = [ident]
    if len(set(matches)) < len(matches):
        raise LeftOutError("a text on the right belongs to more than one on the left")
    asked.sketch.kind, asked.sketch.choices = Kind.MATCHING, lefts
    asked.sketch.matches = matches + [text for text in rights if text not in matches and text]


def best_label(asked: Asked, response: Response) -> tuple[str, dict[str, str]]:
    """The label that is right for a left side, and the texts of all of its labels."""
    texts = {
        label.get("ident"): asked.line(
            label.elements or (asked.shown.rights[place] if place < len(asked.shown.rights) else [])
        )
        for place, label in enumerate(response.labels)
    }
    scores = {ident: asked.scoring.judge({response.ident: [ident]}).score for ident in texts}
    best = max(scores.values(), default=Decimal(0))
    right = [ident for ident, score in scores.items() if score == best]
    if best <= max(Decimal(0), asked.scoring.judge({}).score) or len(right) != 1:
        raise LeftOutError("a text on the left does not have exactly one on the right")
    return right[0], texts


def take_feedback(asked: Asked) -> None:
    """Feedback for all, and for each choice; a solution is for all."""
    texts: dict[str, str] = {}
    for part in asked.node.all("itemfeedback"):
        shown = [child for child in part.elements if child.name not in ("solution", "hint")]
        texts[part.get("ident")] = joined([texts.get(part.get("ident"), ""), feedback_of(asked, shown)])
        solutions = list(part.every("solutionmaterial"))
        asked.sketch.feedback = joined([asked.sketch.feedback, feedback_of(asked, solutions)])
    if any(texts.values()):
        others = [asked.scoring.judge({}), asked.scoring.judge(asked.right)]
        share_feedback(asked.sketch, texts, asked.verdicts, others)
    if asked.sketch.kind == Kind.ONE:
        as_true_false(asked.sketch)


def feedback_of(asked: Asked, materials: Sequence[Node]) -> str:
    return asked.texts.feedback(asked.material.tree(materials)) if materials else ""
