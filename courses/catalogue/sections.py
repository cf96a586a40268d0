"""Reading YAML so that every fault is found at once and named by file, line and key."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import yaml

SOME_TEXT = r"(?s).*\S.*"


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
        except (yaml.YAMLError, ValueError):
            self.fault("cannot be read", key)
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
        return found if isinstance(found, int) else least

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
        found = self.checked(key, lambda value: is_list_of_texts(value, pattern), says)
        return [item.strip() for item in found] if isinstance(found, list) else []

    def sections(self, key: str) -> list["Section"]:
        """A list of mappings, each a section of its own that is named by its place."""
        node = self.nodes.get(key)
        if not isinstance(node, yaml.SequenceNode) or not node.value:
            self.fault("must be a list with at least one entry", key)
            return []
        places = [f"{self.prefix}{key} {place}" for place in range(1, len(node.value) + 1)]
        return [self.section(child, place) for child, place in zip(node.value, places, strict=True)]

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
            name = str(key.value)
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


def is_list_of_texts(value: object, pattern: str) -> bool:
    texts = value if isinstance(value, list) else [None]
    are_texts = all(isinstance(item, str) and re.fullmatch(pattern, item) for item in texts)
    return are_texts and len(set(texts)) == len(texts)


def read_section(text: str, file: str, faults: list[Fault], *, first_line: int = 1) -> Section:
    """The mapping that the YAML text is; `first_line` is the line of the file on which the text starts."""
    section = Section(file, first_line, first_line, faults)
    try:
        node = PlainLoader(text).get_single_node()
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
