"""Response processing of QTI 2 and 3: the rules by which an item scores an answer, followed as far as banks use them.

Source: IMS Question & Test Interoperability, Assessment Test, Section and Item Information Model 2.2, chapters on
response processing and expressions. What is not followed here raises `LeftOutError`: a guess might make a wrong answer
right.
"""

from collections.abc import Callable, Sequence
from decimal import Decimal

from courses.catalogue.banks.errors import LeftOutError
from courses.catalogue.banks.qti_values import Declaration, Many, Single, Value, declaration_of, folded, typed
from courses.catalogue.banks.sketches import EXACT, decimal_of
from courses.catalogue.plain_xml import Node

MOST_STEPS = 300_000
MATCHING = ("match_correct", "CC2_match", "CC2_match_basic")
MAPPING = ("map_response", "CC2_map_response", "cc2_map_response")


class Finished(Exception):  # noqa: N818 - no error: <exitResponse/> ends the rules
    pass


class Scoring:
    """The rules of one item. `outcomes` follows them for one answer; `template` names the standard rules, if used."""

    def __init__(self, item: Node) -> None:
        self.responses = {part.get("identifier"): declaration_of(part) for part in item.all("responseDeclaration")}
        self.declared = {part.get("identifier"): declaration_of(part) for part in item.all("outcomeDeclaration")}
        self.rules = item.child("responseProcessing")
        self.template = template_of(self.rules)
        self.steps = 0
        self.given: dict[str, Value] = {}
        self.held: dict[str, Value] = {}

    def outcomes(self, identifier: str, answer: Sequence[str]) -> dict[str, Value]:
        """All outcome variables after an answer to the interaction; an empty answer is none."""
        declaration = self.responses[identifier]
        self.given = {identifier: declaration.value_of(typed(text, declaration.base) for text in answer)}
        self.held = {name: one.at_first for name, one in self.declared.items()}
        if self.template:
            self.held["SCORE"] = self.standard_score(declaration)
            return self.held
        try:
            self.follow(self.rules.elements if self.rules else [])
        except Finished:
            return self.held
        except ArithmeticError as error:
            raise LeftOutError("its scoring cannot be calculated") from error
        return self.held

    def is_declared(self, identifier: str, answer: Sequence[str]) -> bool:
        """Whether the answer is what the item declares to be right."""
        declaration = self.responses[identifier]
        given = declaration.value_of(typed(text, declaration.base) for text in answer)
        return equal(given, declaration.value_of(declaration.values)) is True

    def standard_score(self, declaration: Declaration) -> Decimal:
        given = self.given[declaration.identifier]
        if self.template in MAPPING:
            return declaration.mapped(given)
        return Decimal(int(equal(given, declaration.value_of(declaration.values)) is True))

    def follow(self, rules: Sequence[Node]) -> None:
        for rule in rules:
            match rule.name:
                case "responseCondition":
                    self.follow_condition(rule)
                case "setOutcomeValue":
                    self.held[rule.get("identifier")] = self.only(rule)
                case "exitResponse":
                    raise Finished
                case "responseProcessingFragment":
                    self.follow(rule.elements)
                case name:
                    raise LeftOutError(f"it is scored in a way that is not known here (<{name[:40]}>)")

    def follow_condition(self, rule: Node) -> None:
        for branch in rule.elements:
            condition, rules = (None, branch.elements) if branch.name == "responseElse" else split(branch)
            if condition is None or self.value(condition) is True:
                self.follow(rules)
                return

    def only(self, node: Node) -> Value:
        """The value of the one expression in the element."""
        if len(node.elements) != 1:
            raise LeftOutError(f"its scoring is not well-formed (<{node.name}>)")
        return self.value(node.elements[0])

    def value(self, node: Node) -> Value:
        self.steps += 1
        if self.steps > MOST_STEPS:
            raise LeftOutError("its scoring is too long to follow")
        if node.name in VARIABLES:
            return VARIABLES[node.name](self, node)
        if node.name not in OPERATORS:
            raise LeftOutError(f"it is scored in a way that is not known here (<{node.name[:40]}>)")
        return OPERATORS[node.name](node, [self.value(part) for part in node.elements])

    def variable(self, node: Node) -> Value:
        name = node.get("identifier")
        return self.given.get(name) if name in self.responses else self.held.get(name)

    def correct(self, node: Node) -> Value:
        declaration = self.response(node)
        return declaration.value_of(declaration.values)

    def mapped(self, node: Node) -> Value:
        return self.response(node).mapped(self.given.get(node.get("identifier")))

    def response(self, node: Node) -> Declaration:
        if node.get("identifier") not in self.responses:
            raise LeftOutError(f"its scoring names {node.get('identifier')[:40]!r}, which there is not")
        return self.responses[node.get("identifier")]

    def default(self, node: Node) -> Value:
        declaration = self.declared.get(node.get("identifier"))
        return declaration.value_of(declaration.values) if declaration else None


VARIABLES: dict[str, Callable[[Scoring, Node], Value]] = {
    "variable": Scoring.variable, "correct": Scoring.correct, "mapResponse": Scoring.mapped, "default": Scoring.default,
    "baseValue": lambda scoring, node: typed(node.text, node.get("baseType")), "null": lambda scoring, node: None,
}  # fmt: skip


def template_of(rules: Node | None) -> str:
    """The standard rules that the item names; those of a plain match if it has no rules at all."""
    if rules is None or (not rules.elements and not rules.get("template")):
        return MATCHING[0]
    if rules.elements:
        return ""
    name = rules.get("template").rstrip("/").rpartition("/")[2].removesuffix(".xml")
    if name not in MATCHING + MAPPING:
        raise LeftOutError(f"it is scored by rules that are not known here ({name[:60]})")
    return name


def split(branch: Node) -> tuple[Node, list[Node]]:
    """The condition of a branch, and its rules."""
    if not branch.elements:
        raise LeftOutError(f"its scoring is not well-formed (<{branch.name}>)")
    return branch.elements[0], branch.elements[1:]


def equal(first: Value, second: Value) -> bool | None:
    if first is None or second is None:
        return None
    if isinstance(first, Many) and isinstance(second, Many):
        return first.equals(second)
    return first == second


def number(value: Value) -> Decimal | None:
    if isinstance(value, bool | Many) or value is None:
        return None
    return value if isinstance(value, Decimal) else decimal_of(value)


def equal_numbers(node: Node, values: list[Value]) -> Value:
    """`equal`: exactly, or within a tolerance, absolute or in per cent of the second value."""
    first, second = (number(value) for value in pair(node, values))
    if first is None or second is None:
        return None
    tolerances = [decimal_of(text) for text in node.get("tolerance").split()] or [Decimal(0)]
    below, above = tolerances[0], tolerances[-1]
    match node.get("toleranceMode", "exact"):
        case "exact":
            return first == second
        case "relative":
            below, above = (EXACT.divide(EXACT.multiply(abs(second), share), Decimal(100)) for share in (below, above))
    least, most = EXACT.subtract(second, below), EXACT.add(second, above)
    is_in_below = least <= first if node.get("includeLowerBound", "true") != "false" else least < first
    return is_in_below and (first <= most if node.get("includeUpperBound", "true") != "false" else first < most)


def pair(node: Node, values: list[Value]) -> tuple[Value, Value]:
    if len(values) != 2:
        raise LeftOutError(f"its scoring is not well-formed (<{node.name}>)")
    return values[0], values[1]


def same_string(node: Node, values: list[Value]) -> Value:
    first, second = pair(node, values)
    if node.get("substring", "false") == "true":
        raise LeftOutError("an answer is right that holds the right text somewhere")
    if not isinstance(first, str) or not isinstance(second, str):
        return None
    return folded(first) == folded(second) if node.get("caseSensitive", "true") == "false" else first == second


def all_of(node: Node, values: list[Value]) -> Value:
    return False if any(value is False for value in values) else None if None in values else True


def any_of(node: Node, values: list[Value]) -> Value:
    return True if any(value is True for value in values) else None if None in values else False


def negated(node: Node, values: list[Value]) -> Value:
    return not values[0] if values and isinstance(values[0], bool) else None


def is_null(node: Node, values: list[Value]) -> Value:
    return not values or values[0] is None or values[0] == ""


def compared(holds: Callable[[Decimal, Decimal], bool]) -> "Operator":
    def operator(node: Node, values: list[Value]) -> Value:
        first, second = (number(value) for value in pair(node, values))
        return None if first is None or second is None else holds(first, second)

    return operator


def calculated(step: Callable[[Decimal, Decimal], Decimal]) -> "Operator":
    def operator(node: Node, values: list[Value]) -> Value:
        numbers = [number(one) for value in values for one in (value.values if isinstance(value, Many) else (value,))]
        total: Decimal | None = None
        for one in numbers:
            if one is None:
                return None
            total = one if total is None else step(total, one)
        return total

    return operator


def divided(first: Decimal, second: Decimal) -> Decimal:
    if not second:
        raise LeftOutError("its scoring divides by zero")
    return EXACT.divide(first, second)


def collected(*, is_ordered: bool) -> "Operator":
    def operator(node: Node, values: list[Value]) -> Value:
        found: list[Single] = []
        for value in values:
            found += value.values if isinstance(value, Many) else [] if value is None else [value]
        return Many(tuple(found), is_ordered) if found else None

    return operator


def is_member(node: Node, values: list[Value]) -> Value:
    one, many = pair(node, values)
    return None if one is None or many is None else isinstance(many, Many) and one in many.values


def does_contain(node: Node, values: list[Value]) -> Value:
    first, second = pair(node, values)
    if not isinstance(first, Many) or not isinstance(second, Many):
        return None
    if first.is_ordered:
        raise LeftOutError("it is scored in a way that is not known here (<contains> of an order)")
    return all(first.values.count(one) >= second.values.count(one) for one in second.values)


def size(node: Node, values: list[Value]) -> Value:
    return Decimal(len(values[0].values)) if values and isinstance(values[0], Many) else Decimal(0)


Operator = Callable[[Node, list[Value]], Value]
OPERATORS: dict[str, Operator] = {
    "match": lambda node, values: equal(*pair(node, values)), "equal": equal_numbers, "stringMatch": same_string,
    "and": all_of, "or": any_of, "not": negated, "isNull": is_null, "member": is_member, "contains": does_contain,
    "gt": compared(Decimal.__gt__), "gte": compared(Decimal.__ge__), "lt": compared(Decimal.__lt__),
    "lte": compared(Decimal.__le__), "sum": calculated(EXACT.add), "product": calculated(EXACT.multiply),
    "subtract": calculated(EXACT.subtract), "divide": calculated(divided), "max": calculated(max),
    "min": calculated(min),
    "multiple": collected(is_ordered=False), "ordered": collected(is_ordered=True), "containerSize": size,
    "integerToFloat": lambda node, values: values[0] if values else None,
}  # fmt: skip
