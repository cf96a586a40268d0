"""Reading YAML so that every fault is found at once and named by file, line and key."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Any

import yaml

SOME_TEXT = r"(?s).*\S.*"
WHOLE = re.compile(r"0|[1-9]\d*")  # what YAML 1.1 reads as octal or as minutes and seconds is no number to people
# Control characters and halves of characters: YAML can say them, a page and the database cannot.
UNSPEAKABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
# What PyYAML raises for values that their tag, written or found, does not fit, and for those that are nested too deep.
MISREAD = (yaml.YAMLError, ValueError, LookupError, AttributeError, TypeError, RecursionError)


@dataclass(frozen=True)
class Fault:
    """What is wrong with a course folder, and where."""

    file: str
    message: str
    line: int | None = None
    key: str = ""

    def __str__(self) -> str:
        where = [self.file, f"line {self.line}" if self.line else "", self.key]
        return f"{', '.join(part for part in where if part)}: {self.message}"


class PlainLoader(yaml.SafeLoader):
    """YAML without references: they could blow a small file up to any size."""

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:  # noqa: ANN401 - as the base class
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
            raise yaml.composer.ComposerError(None, None, "references (*name) are not allowed", mark)
        return super().compose_node(parent, index)


@dataclass
class Section:
    """A YAML mapping. Reading a key answers its value, or notes a fault and answers an empty value of its type."""

    file: str
    line: int
    first_line: int
    faults: list[Fault]
    prefix: str = ""
    nodes: dict[str, yaml.Node] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    is_unreadable: bool = False

    def fault(self, message: str, key: str = "") -> None:
        """Notes what is wrong with the key; nothing more is said about a section that cannot be read at all."""
        if self.is_unreadable:
            return
        line = self.lines.get(key, self.line)
        self.faults.append(Fault(self.file, message, line, f"{self.prefix}{key}".strip(". ")))

    def line_of(self, node: yaml.Node) -> int:
        return int(node.start_mark.line) + self.first_line

    def value(self, key: str) -> object:
        """The plain value; `None` with a fault if the key is missing, empty or unreadable."""
        if key not in self.nodes:
            self.fault("is missing", key)
            return None
        try:
            found = PlainLoader("").construct_object(self.nodes[key], deep=True)
        except MISREAD:
            self.fault("cannot be read", key)
            return None
        if any(UNSPEAKABLE.search(text) for text in texts_in(found)):
            self.fault("holds a character that nobody can read", key)
            return None
        if found is None or (isinstance(found, str) and not found.strip()):
            self.fault("is empty", key)
            return None
        return found

    def text(self, key: str, *, longest: int, pattern: str = "", says: str = "") -> str:
        """Text of at most `longest` characters that matches the whole `pattern`; `says` explains the pattern."""
        found = self.checked(key, lambda value: isinstance(value, str), "must be text; put it in quotes") or ""
        found = str(found).strip()
        if len(found) > longest:
            self.fault(f"has {len(found)} characters, {longest} are allowed", key)
        if found and pattern and not re.fullmatch(pattern, found):
            self.fault(says, key)
        return found

    def number(self, key: str, least: int, most: int) -> int:
        says = f"must be a whole number from {least} to {most}"
        found = self.checked(key, lambda value: type(value) is int and least <= value <= most, says)
        if found is not None and not WHOLE.fullmatch(str(self.nodes[key].value)):
            self.fault(says, key)
        return found if isinstance(found, int) else least

    def truth(self, key: str) -> bool:
        return bool(self.checked(key, lambda value: isinstance(value, bool), "must be true or false"))

    def decimal(self, key: str) -> Decimal:
        """A number exactly as it is written: 0.1 is a tenth."""
        if self.value(key) is None:
            return Decimal(0)
        node = self.nodes[key]
        found = node.value if isinstance(node, yaml.ScalarNode) else ""
        if not re.fullmatch(r"[+-]?\d{1,15}(\.\d{1,15})?", found):
            self.fault("must be a number such as 12 or 0.5", key)
            return Decimal(0)
        return Decimal(found)

    def pairs(self, key: str, least: int, most: int) -> list[tuple[str, str]]:
        """A list of mappings with the texts `left` and `right`."""
        parts = self.sections(key)
        if parts and not least <= len(parts) <= most:
            self.fault(f"must be {least} to {most} pairs", key)
        for part in parts:
            part.allow_only("left", "right")
        return [(part.text("left", longest=500), part.text("right", longest=500)) for part in parts]

    def has(self, key: str) -> bool:
        return key in self.nodes

    def numbers(self, key: str, least: int, most: int) -> list[int]:
        """One whole number, or a list of different ones."""
        says = f"must be a whole number from {least} to {most}, or a list of different ones"
        found = self.value(key)
        listed = found if isinstance(found, list) else [found]
        numbers = [item for item in listed if type(item) is int and least <= item <= most]
        if found is not None and (numbers != listed or len(set(numbers)) != len(numbers) or not numbers):
            self.fault(says, key)
        return numbers

    def texts(
        self, key: str, *, pattern: str = SOME_TEXT, says: str = "must be a list of different texts"
    ) -> list[str]:
        """A list of different texts, each matching the whole `pattern`."""
        strange = self.no_texts(key)
        if strange:
            says = f"must be a list of texts; put {', '.join(strange[:3])} in quotes"
        found = self.checked(key, lambda value: is_list_of_texts(value, pattern), says)
        return [item.strip() for item in found] if isinstance(found, list) else []

    def no_texts(self, key: str) -> list[str]:
        """The entries of a list that YAML takes for something else, such as 2026 and No, as they are written."""
        node = self.nodes.get(key)
        entries = node.value if isinstance(node, yaml.SequenceNode) else []
        return [one.value for one in entries if isinstance(one, yaml.ScalarNode) and not one.tag.endswith(":str")]

    def any_texts(self, key: str) -> list[str]:
        """A list of texts, which may be empty or equal."""
        is_right = lambda value: isinstance(value, list) and all(isinstance(item, str) for item in value)  # noqa: E731
        found = self.checked(key, is_right, "must be a list of texts")
        return [item.strip() for item in found] if isinstance(found, list) else []

    def sections(self, key: str) -> list["Section"]:
        """A list of mappings, each a section of its own that is named by its place."""
        node = self.nodes.get(key)
        if not isinstance(node, yaml.SequenceNode) or not node.value:
            self.fault("must be a list with at least one entry", key)
            return []
        places = [f"{self.prefix}{key} {place}" for place in range(1, len(node.value) + 1)]
        return [self.section(child, place) for child, place in zip(node.value, places, strict=True)]

    def mapping(self, key: str) -> "Section | None":
        """The mapping under the key; `None` if what stands there is something else."""
        return self.optional_section(key) if isinstance(self.nodes.get(key), yaml.MappingNode) else None

    def optional_section(self, key: str) -> "Section | None":
        """The mapping under the key, or `None` if the key is not there."""
        return self.section(self.nodes[key], f"{self.prefix}{key}") if self.has(key) else None

    def section(self, node: yaml.Node, place: str) -> "Section":
        made = Section(self.file, self.line_of(node), self.first_line, self.faults, f"{place}, ")
        made.fill(node)
        return made

    def fill(self, node: yaml.Node | None) -> None:
        """Takes the keys of the mapping; notes keys that stand twice."""
        if not isinstance(node, yaml.MappingNode):
            self.fault("must have keys, such as title: …")
            self.is_unreadable = True
            return
        for key, child in node.value:
            name = str(key.value) if isinstance(key, yaml.ScalarNode) else "a key that is a list or has keys itself"
            self.lines[name] = self.line_of(key)
            if name in self.nodes:
                self.fault("stands twice", name)
            self.nodes[name] = child

    def checked(self, key: str, is_right: Callable[[Any], bool], says: str) -> object:
        found = self.value(key)
        if found is not None and not is_right(found):
            self.fault(says, key)
            return None
        return found

    def allow_only(self, *keys: str) -> None:
        """Notes keys that nobody knows; a misspelt key must not pass in silence."""
        for key in [key for key in self.nodes if key not in keys]:
            self.fault(f"is not known here; the keys are {', '.join(keys)}", key)


def texts_in(value: object) -> list[str]:
    """The text, or those in a list of texts."""
    return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, str)]


def is_list_of_texts(value: object, pattern: str) -> bool:
    texts = value if isinstance(value, list) else [None]
    are_texts = all(isinstance(item, str) and re.fullmatch(pattern, item) for item in texts)
    return are_texts and len(set(texts)) == len(texts)


@lru_cache(maxsize=1000)
def composed(text: str) -> yaml.Node | None:
    """The nodes of the YAML text. Kept: of a course that is read again, hardly anything has changed."""
    return PlainLoader(text).get_single_node()


def read_section(text: str, file: str, faults: list[Fault], *, first_line: int = 1) -> Section:
    """The mapping that the YAML text is; `first_line` is the line of the file on which the text starts."""
    section = Section(file, first_line, first_line, faults)
    try:
        node = composed(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        section.line += mark.line if mark else 0
        section.fault(f"is not YAML: {error.problem}")
        section.is_unreadable = True
    except (yaml.YAMLError, RecursionError) as error:
        section.fault(f"is not YAML: {error}")
        section.is_unreadable = True
    else:
        section.fill(node)
    return section


def unreadable_section(file: str) -> Section:
    """Stands for a section about which the fault is noted already."""
    return Section(file, 1, 1, [], is_unreadable=True)
