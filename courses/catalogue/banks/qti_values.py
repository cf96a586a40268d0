"""The values that QTI 2 and 3 calculate with, and the declarations that say which a variable may have."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from courses.catalogue.banks.errors import LeftOutError
from courses.catalogue.banks.sketches import decimal_of
from courses.catalogue.plain_xml import Node

Single = str | Decimal | bool


@dataclass(frozen=True)
class Many:
    """A container: several values, whose order may count."""

    values: tuple[Single, ...]
    is_ordered: bool = False

    def equals(self, other: "Many") -> bool:
        if self.is_ordered or other.is_ordered:
            return self.values == other.values
        return sorted(map(str, self.values)) == sorted(map(str, other.values))


Value = Single | Many | None


def typed(text: str, base: str) -> Single:
    """The text as a value of the base type. Raises `LeftOutError` for a number that is none."""
    text = text.strip()
    if base in ("integer", "float"):
        return decimal_of(text)
    if base == "boolean":
        return text.lower() in ("true", "1")
    if base == "pair":
        return " ".join(sorted(text.split()))
    return " ".join(text.split()) if base == "directedPair" else text


@dataclass(frozen=True)
class Entry:
    key: Single
    score: Decimal
    is_case_sensitive: bool


@dataclass
class Declaration:
    """A response or outcome variable. The mapping says what each value earns."""

    identifier: str
    cardinality: str
    base: str
    values: list[Single] = field(default_factory=list)  # the correct response, or the default of an outcome
    entries: list[Entry] = field(default_factory=list)
    otherwise: Decimal = Decimal(0)
    least: Decimal | None = None
    most: Decimal | None = None

    @property
    def is_mapped(self) -> bool:
        return bool(self.entries)

    @property
    def at_first(self) -> Value:
        """What an outcome variable holds before scoring: its default, else 0 if it is a number."""
        is_number = self.base in ("integer", "float") and self.cardinality == "single"
        return Decimal(0) if is_number and not self.values else self.value_of(self.values)

    def value_of(self, values: Iterable[Single]) -> Value:
        """The values as the variable holds them; `None` for no value."""
        held = tuple(values)
        if not held:
            return None
        return held[0] if self.cardinality == "single" else Many(held, self.cardinality == "ordered")

    def mapped(self, value: Value) -> Decimal:
        """What the value earns by the mapping; each value once, however often it stands in a container."""
        values = value.values if isinstance(value, Many) else () if value is None else (value,)
        total = sum((self.earned(one) for one in dict.fromkeys(values)), Decimal(0))
        if self.least is not None:
            total = max(total, self.least)
        return total if self.most is None else min(total, self.most)

    def earned(self, value: Single) -> Decimal:
        """By the first entry that is the value, capitals apart if it says so."""
        return self.exact.get(value, self.loose.get(folded(value), self.otherwise))

    @cached_property
    def exact(self) -> dict[Single, Decimal]:
        return {entry.key: entry.score for entry in reversed(self.entries)}

    @cached_property
    def loose(self) -> dict[object, Decimal]:
        return {folded(entry.key): entry.score for entry in reversed(self.entries) if not entry.is_case_sensitive}


def folded(value: Single) -> object:
    return value.casefold() if isinstance(value, str) else value


def declaration_of(node: Node) -> Declaration:
    """The variable that a `responseDeclaration` or `outcomeDeclaration` declares."""
    base, held = node.get("baseType"), node.child("correctResponse", "defaultValue")
    made = Declaration(node.get("identifier"), node.get("cardinality", "single"), base)
    made.values = [typed(part.text, part.get("baseType", base)) for part in held.all("value")] if held else []
    mapping = node.child("mapping")
    if mapping:
        made.otherwise = decimal_of(mapping.get("defaultValue", "0"))
        made.least, made.most = (
            decimal_of(mapping.get(name)) if mapping.get(name) else None for name in ("lowerBound", "upperBound")
        )
        made.entries = [entry_of(part, base) for part in mapping.all("mapEntry")]
    if node.child("areaMapping"):
        raise LeftOutError("a place on a picture is to be found")
    return made


def entry_of(node: Node, base: str) -> Entry:
    is_sensitive = node.get("caseSensitive", "true") != "false"
    return Entry(typed(node.get("mapKey"), base), decimal_of(node.get("mappedValue", "0")), is_sensitive)
