"""Response processing of QTI 1.2: conditions on what was answered, and what they add to the score.

Source: IMS Question & Test Interoperability, ASI Information Model 1.2, and how Common Cartridge, Canvas and Blackboard
use it. What is not followed here raises `LeftOutError`.
"""

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal

from courses.catalogue.banks.errors import LeftOutError
from courses.catalogue.banks.judging import Verdict
from courses.catalogue.banks.sketches import count_of, decimal_of
from courses.catalogue.plain_xml import Node

MOST_STEPS = 100_000
COMPARED: dict[str, Callable[[Decimal, Decimal], bool]] = {
    "vargt": Decimal.__gt__, "vargte": Decimal.__ge__, "varlt": Decimal.__lt__, "varlte": Decimal.__le__,
}  # fmt: skip
JOINED = {"and": all, "or": any}
IGNORED = {"var_extension", "qticomment", "displayfeedback", "setvar", "respcond_extension"}


class Scoring12:
    """The rules of one item; `numbers` are the responses that are numbers, `orders` those whose order counts."""

    def __init__(self, item: Node, *, numbers: Iterable[str] = (), orders: Iterable[str] = ()) -> None:
        self.conditions = [part for rules in item.all("resprocessing") for part in rules.all("respcondition")]
        self.is_blackboard = item.find("bbmd_questiontype") is not None
        declared = [part for rules in item.all("resprocessing") for part in rules.every("decvar")]
        self.largest = next((part.get("maxvalue") for part in declared if part.get("maxvalue")), "100")
        self.numbers, self.orders = set(numbers), set(orders)
        self.answers: dict[str, Sequence[str]] = {}
        self.steps = 0

    def judge(self, answers: dict[str, Sequence[str]]) -> Verdict:
        """What the answers earn, one list for each response, and the feedback that they bring up."""
        self.answers = answers
        scores: dict[str, Decimal] = {}
        shown: set[str] = set()
        for condition in self.conditions:
            if not self.applies(condition):
                continue
            shown |= {part.get("linkrefid") for part in condition.all("displayfeedback")}
            self.set_scores(condition, scores)
            if condition.get("continue", "No").lower() != "yes":
                break
        return Verdict(sum(scores.values(), Decimal(0)), frozenset(shown))

    def set_scores(self, condition: Node, scores: dict[str, Decimal]) -> None:
        for part in condition.all("setvar"):
            name = part.get("varname") or part.get("variablename") or "SCORE"
            scores[name] = changed(
                scores.get(name, Decimal(0)), part.get("action", "Set"), self.amount(part.text.strip())
            )
        says_right = any(part.get("linkrefid") == "correct" for part in condition.all("displayfeedback"))
        if self.is_blackboard and says_right and not condition.all("setvar"):
            scores["SCORE"] = scores.get("SCORE", Decimal(0)) + 1

    def amount(self, text: str) -> Decimal:
        return decimal_of(self.largest if text.endswith(".max") else text or "0")

    def applies(self, condition: Node) -> bool:
        parts = [part for var in condition.all("conditionvar") for part in var.elements if part.name not in IGNORED]
        responses = {part.get("respident") for part in parts if part.name == "varequal"}
        if len(parts) > 1 and len(responses) == 1 and all(part.name == "varequal" for part in parts):
            return self.applies_to_one(responses.pop(), parts)
        return bool(parts) and all(self.holds(part) for part in parts)

    def applies_to_one(self, response: str, parts: list[Node]) -> bool:
        """Several values of one response side by side: their order, all of them, or any where one is given."""
        given = list(self.answers.get(response, []))
        if response in self.orders:
            return given == [part.text.strip() for part in parts]
        found = [self.holds(part) for part in parts]
        return all(found) if len(given) > 1 else any(found)

    def holds(self, node: Node) -> bool:
        self.steps += 1
        if self.steps > MOST_STEPS:
            raise LeftOutError("its scoring is too long to follow")
        if node.name in JOINED:
            return JOINED[node.name](self.holds(part) for part in node.elements if part.name not in IGNORED)
        given = self.answers.get(node.get("respident"), [])
        match node.name:
            case "not":
                return not all(self.holds(part) for part in node.elements if part.name not in IGNORED)
            case "varequal":
                return self.equals(node, given)
            case "unanswered":
                return not given
            case "other":
                return True
            case name if name in COMPARED:
                return any(COMPARED[name](decimal_of(text), decimal_of(node.text)) for text in given)
            case "varsubstring" | "varsubset":
                raise LeftOutError("an answer is right that holds a part of the right one")
            case name:
                raise LeftOutError(f"it is scored in a way that is not known here (<{name[:40]}>)")

    def equals(self, node: Node, given: Sequence[str]) -> bool:
        wanted = node.text.strip()
        if node.get("index") and node.get("respident") in self.orders:
            place = count_of(node.get("index")) - 1
            return 0 <= place < len(given) and given[place] == wanted
        if node.get("respident") in self.numbers:
            return any(decimal_of(text) == decimal_of(wanted) for text in given)
        if node.get("case", "No").lower() == "yes":
            return wanted in given
        return wanted.casefold() in {text.casefold() for text in given}


def changed(score: Decimal, action: str, amount: Decimal) -> Decimal:
    match action.lower():
        case "set":
            return amount
        case "add":
            return score + amount
        case "subtract":
            return score - amount
        case _:
            raise LeftOutError(f"it is scored in a way that is not known here ({action[:40]})")
