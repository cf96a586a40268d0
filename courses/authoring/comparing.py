"""How one text became another, line by line."""

import difflib
from typing import NamedTuple

MOST_LINES = 10_000  # beyond, texts are not compared line by line: it would take minutes


class Line(NamedTuple):
    """A line of a comparison: `sign` is "+" where it is new, "-" where it is gone, " " where it is the same, and "…"
    where lines that are the same were left out."""

    sign: str
    text: str


def comparison(before: str, after: str, *, around: int = 3) -> list[Line]:
    """The lines that differ, with some lines around each change; empty for the same text."""
    old, new = before.splitlines(), after.splitlines()
    if len(old) + len(new) > MOST_LINES:
        return [] if old == new else [*(Line("-", line) for line in old), *(Line("+", line) for line in new)]
    found = list(difflib.unified_diff(old, new, lineterm="", n=around))[2:]
    return [Line("…", "") if line.startswith("@@") else Line(line[:1], line[1:]) for line in found][1:]
