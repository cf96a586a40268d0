"""JSON Lines: one object a line. A member of an object within it is named by its path: `learner.id`."""

import io
from collections.abc import Iterator, Sequence
from typing import Any

import orjson

from courses.returns.profiles import Definition

from .block import ROWS, Block, Broken, FileRefusedError, Sheet, block_of
from .lines import LONGEST_ROW
from .text import Text, whole_lines

CHUNK = 4 * 1024 * 1024
DEEPEST = 8


def read_objects(source: io.BufferedIOBase, definition: Definition) -> Sheet:
    """Raises `FileRefusedError` when no line of the first chunk has any of the wanted names."""
    chunks = whole_lines(Text(source, "utf-8").pieces(), CHUNK)
    return Sheet(_blocks(chunks, definition.columns))


def _blocks(chunks: Iterator[bytes], names: Sequence[str]) -> Iterator[Block]:
    number, is_known = 0, False
    for chunk in chunks:
        lines = chunk.split(b"\n")
        if not lines[-1]:
            lines.pop()
        for start in range(0, len(lines), ROWS):
            block, known = _block(lines[start : start + ROWS], number + 1, names)
            is_known = is_known or known
            if not is_known:
                raise FileRefusedError(
                    f"No line has any of these names: {', '.join(names)}. Name the members as the profile does, or"
                    " choose another profile."
                )
            number += len(lines[start : start + ROWS])
            yield block


def _block(lines: list[bytes], first: int, names: Sequence[str]) -> tuple[Block, bool]:
    """The block, and whether any of the names stands in any of its lines."""
    numbers, rows, broken, is_known = list[int](), list[list[str]](), list[Broken](), False
    for number, line in enumerate(lines, first):
        if not line.strip():
            continue
        found, fault = _object(line)
        if fault:
            broken.append(Broken(number, [line[:LONGEST_ROW].decode("utf-8", "replace")], fault))
            continue
        is_known = is_known or any(name in found for name in names)
        numbers.append(number)
        rows.append([found.get(name, "") for name in names])
    return block_of(names, numbers, rows, broken), is_known or not rows


def _object(line: bytes) -> tuple[dict[str, str], str]:
    if len(line) > LONGEST_ROW:
        return {}, f"is longer than {LONGEST_ROW:,} characters"
    try:
        found = orjson.loads(line)
    except orjson.JSONDecodeError:
        return {}, "is not JSON"
    if not isinstance(found, dict):
        return {}, "is no JSON object"
    return flattened(found), ""


def flattened(found: dict[str, Any], above: str = "", depth: int = 1) -> dict[str, str]:
    """Texts by path. Numbers are written as in JSON, nothing and lists as an empty text."""
    cells: dict[str, str] = {}
    for name, value in found.items():
        path = f"{above}{name}"
        if isinstance(value, dict) and depth < DEEPEST:
            cells |= flattened(value, f"{path}.", depth + 1)
        else:
            cells[path] = _text(value)
    return cells


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value) if isinstance(value, int | float) else ""
