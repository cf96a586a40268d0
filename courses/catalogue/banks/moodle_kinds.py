"""The question types of Moodle that a course can ask."""

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

from courses.catalogue.banks.errors import LeftOutError
from courses.catalogue.banks.formats import Texts
from courses.catalogue.banks.moodle_files import Files
from courses.catalogue.banks.sketches import Sketch, around, count_of, decimal_of
from courses.catalogue.banks.weights import Answer, decide_all, decide_choices, decide_number, decide_text
from courses.catalogue.plain_xml import Node
from courses.catalogue.questions.texts import Kind

NO = ("", "0", "false")


@dataclass
class Source:
    """A question in the bank: its element, what becomes of it, and the format of its text.

    `text_of` is how texts are written in elements; `known` are further elements that the kind has looked at.
    """

    node: Node
    sketch: Sketch
    texts: Texts
    text_of: Callable[[Node | None], str]
    files: Files
    format: str = "html"
    known: set[str] = field(default_factory=set)

    def said(self, name: str, otherwise: str = "") -> str:
        """The text of a child element, in lower case."""
        part = self.node.child(name)
        return self.text_of(part).lower() if part else otherwise

    def feedback(self, part: Node | None) -> str:
        if part is None:
            return ""
        self.files.stand_at(part)
        return self.texts.feedback(self.text_of(part), part.get("format", self.format))

    def line(self, part: Node) -> str:
        self.files.stand_at(part)
        return self.texts.line(self.text_of(part), part.get("format", self.format))

    def answers(self, shown: Callable[[Node], str]) -> list[Answer]:
        """The answers with their weights; `shown` says how the text of one is read."""
        return [
            Answer(
                text=shown(part),
                weight=decimal_of(part.get("fraction") or self.text_of(part.child("fraction")) or "0"),
                feedback=self.feedback(part.child("feedback")),
                line=part.line,
                tolerance=self.text_of(part.child("tolerance")),
            )
            for part in self.node.all("answer")
        ]


def read_multichoice(source: Source) -> None:
    decide_choices(source.sketch, source.answers(source.line), is_single=source.said("single", "true") not in NO)


def read_multichoice_set(source: Source) -> None:
    decide_all(source.sketch, source.answers(source.line))


def read_truefalse(source: Source) -> None:
    """Old exports say true and false in the language of the site: then the first is true."""
    answers = source.answers(source.text_of)
    names = [answer.text.strip().lower() for answer in answers]
    if len(answers) != 2 or len([answer for answer in answers if answer.is_right]) != 1:
        raise LeftOutError("it does not say whether true or false is right")
    if names == ["false", "true"]:
        answers.reverse()
    elif names != ["true", "false"]:
        source.sketch.mend(f"says {names[0]!r} and {names[1]!r}, which were taken for true and false")
    source.sketch.kind, source.sketch.right = Kind.TRUE_FALSE, answers[0].is_right
    source.sketch.choice_feedback = [answer.feedback for answer in answers]


def read_shortanswer(source: Source) -> None:
    decide_text(source.sketch, source.answers(source.text_of), is_case_sensitive=source.said("usecase") not in NO)


def read_numerical(source: Source) -> None:
    decide_number(source.sketch, source.answers(source.text_of), range_of)
    read_unit(source)


def range_of(answer: Answer) -> tuple[Decimal, Decimal]:
    return around(answer.text, answer.tolerance)


def read_unit(source: Source) -> None:
    """The unit that stands for the number as it is; others would have to be calculated."""
    units = [(part.child("unit_name"), part.child("multiplier"), part) for part in source.node.every("unit")]
    for name, factor, part in units:
        unit, is_whole = source.text_of(name), decimal_of(source.text_of(factor) or "1") == 1
        if is_whole and unit and not source.sketch.unit and len(unit) <= 40:
            source.sketch.unit = unit
        elif unit:
            source.sketch.drop(f"the unit {unit[:40]!r}", part.line)
    if source.sketch.unit and source.said("unitsleft") not in NO:
        source.sketch.mend("has its unit behind the number, in the bank before it")
    if source.sketch.unit and source.said("showunits") in ("0", "1"):
        source.sketch.drop("that the unit is to be given in the answer")


def read_match(source: Source) -> None:
    parts = source.node.all("subquestion")
    rights = [source.texts.line(source.text_of(part.child("answer")), "plain_text") for part in parts]
    pairs = [(source.line(part), right) for part, right in zip(parts, rights, strict=True)]
    if any(left and not right for left, right in pairs):
        raise LeftOutError("one of its pairs has no text on the right")
    source.sketch.kind = Kind.MATCHING
    source.sketch.choices = [left for left, _ in pairs if left]
    others = [right for left, right in pairs if not left and right]
    source.sketch.matches = [right for left, right in pairs if left] + others


def read_ordering(source: Source) -> None:
    """In the order of the answers; their weights, 1, 2, 3, must not contradict it."""
    answers = source.answers(source.line)
    places = [answer.weight for answer in answers]
    if places != sorted(places):
        raise LeftOutError("the numbers of its answers contradict their order")
    source.sketch.kind = Kind.ORDERING
    source.sketch.choices = [answer.text for answer in answers]
    for answer in answers:
        if answer.feedback:
            source.sketch.drop(f"the feedback for {answer.text[:60]!r}", answer.line)
    asked = count_of(source.said("selectcount"))
    if source.said("selecttype") not in ("", "0", "all") and 0 < asked < len(answers):
        source.sketch.drop(f"that only {asked} of the {len(answers)} are asked")
    if source.said("gradingtype") not in ("", "-1", "all_or_nothing"):
        source.sketch.drop("points for a part of the right order")


READERS: dict[str, Callable[[Source], None]] = {
    "multichoice": read_multichoice, "multichoiceset": read_multichoice_set, "oumultiresponse": read_multichoice_set,
    "truefalse": read_truefalse, "shortanswer": read_shortanswer, "numerical": read_numerical, "match": read_match,
    "matching": read_match, "ordering": read_ordering,
}  # fmt: skip
