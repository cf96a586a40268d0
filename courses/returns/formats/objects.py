"""JSON Lines: one object a line. A member of an object within it is named by its path: `learner.id`."""

import io
from collections.abc import Iterator, Sequence
from typing import Any

import orjson

from courses.returns.profiles import Definition

from .block import ROWS, Block, Broken, FileRefusedError, OtherColumnsError, Sheet, block_of
from .header import found_in
from .lines import HAS_UNREADABLE, LONGEST_ROW, has_unreadable, shown
from .text import Text, whole_lines
from .typed import EXACT, LOST

CHUNK = 4 * 1024 * 1024
DEEPEST = 8
MOST_MEMBERS = 1_000
MOST_KNOWN = 1_000  # different lists of members that are kept

Paths = tuple[list[str | None], str]  # of each wanted member, nothing where there is none; and what is wrong with them


def read_objects(source: io.BufferedIOBase, definition: Definition) -> Sheet:
    """Raises `FileRefusedError` when no line of the first block is an object, or none has any of the wanted names."""
    chunks = whole_lines(Text(source, "utf-8").pieces(), CHUNK)
    return Sheet(_blocks(chunks, definition.columns))


def _blocks(chunks: Iterator[bytes], names: Sequence[str]) -> Iterator[Block]:
    number, members = 0, Members(names)
    for chunk in chunks:
        lines = chunk.split(b"\n")
        if not lines[-1]:
            lines.pop()
        for start in range(0, len(lines), ROWS):
            block = _block(lines[start : start + ROWS], number + 1, members)
            if len(block) and not members.is_any_known:
                raise _refusal(names, has_objects=members.is_any_object)
            number += len(lines[start : start + ROWS])
            yield block


def _refusal(names: Sequence[str], *, has_objects: bool) -> FileRefusedError:
    if not has_objects:
        return FileRefusedError(
            "The file looks like JSON, but no line of it is an object. Write it as JSON Lines: one JSON object a line,"
            " without line breaks within it."
        )
    return OtherColumnsError(f"No line has any of these names: {', '.join(names)}.")


class Members:
    """Finds the wanted members of objects, each by its name or one that is alike as in a header. A member may miss."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = names
        self.is_any_object = self.is_any_known = False
        self.known: dict[tuple[str, ...], Paths] = {}

    def of(self, found: dict[str, object]) -> tuple[list[str], str]:
        """The texts of the wanted members in their order, and what is wrong with them."""
        self.is_any_object = True
        paths, fault = self.known.get(tuple(found)) or self._paths(tuple(found))
        cells = list[str]()
        for name, path in zip(self.names, paths, strict=True):
            value = found.get(path, "") if path is not None else ""
            if isinstance(value, float) and abs(value) >= EXACT[64]:
                fault = fault or f"{name} {LOST}"
            cells.append(value if isinstance(value, str) else _text(value))
        return cells, fault

    def _paths(self, members: tuple[str, ...]) -> Paths:
        """Where each wanted member stands in objects with these members. Most objects of a file have the same."""
        places = found_in(members, self.names)
        self.is_any_known = self.is_any_known or bool(places)
        twice = [name for name, those in places.items() if len(those) > 1]
        fault = f"names these members more than once: {', '.join(twice)}" if twice else ""
        paths = [members[places[name][0]] if name in places else None for name in self.names]
        if len(self.known) >= MOST_KNOWN:
            self.known.clear()
        self.known[members] = paths, fault
        return paths, fault


def _block(lines: list[bytes], first: int, members: Members) -> Block:
    numbers, rows, broken = list[int](), list[list[str]](), list[Broken]()
    for number, line in enumerate(lines, first):
        if not line.strip():
            continue
        found, fault = _object(line)
        if fault:
            broken.append(Broken(number, [], fault, shown(line)))
            continue
        cells, fault = members.of(found)
        if fault:
            broken.append(Broken(number, cells, fault))
        else:
            numbers.append(number)
            rows.append(cells)
    return block_of(members.names, numbers, rows, broken)


def _object(line: bytes) -> tuple[dict[str, object], str]:
    if len(line) > LONGEST_ROW:
        return {}, f"is longer than {LONGEST_ROW:,} characters"
    if has_unreadable(line):
        return {}, HAS_UNREADABLE
    try:
        found = orjson.loads(line)
    except orjson.JSONDecodeError:
        return {}, "is not JSON"
    if not isinstance(found, dict):
        return {}, "is no JSON object"
    values = flattened(found)
    return (values, "") if len(values) <= MOST_MEMBERS else ({}, f"has more than {MOST_MEMBERS:,} members")


def flattened(found: dict[str, Any], above: str = "", depth: int = 1) -> dict[str, object]:
    """Values by path."""
    values: dict[str, object] = {}
    for name, value in found.items():
        path = f"{above}{name}"
        if isinstance(value, dict) and depth < DEEPEST:
            values |= flattened(value, f"{path}.", depth + 1)
        else:
            values[path] = value
    return values


def _text(value: object) -> str:
    """Numbers are written as in JSON, whole ones without a point; nothing and lists as an empty text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < EXACT[64]:
        return str(int(value))
    return str(value) if isinstance(value, int | float) else ""
