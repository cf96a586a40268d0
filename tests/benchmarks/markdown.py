"""Tables in Markdown."""

from collections.abc import Iterable, Sequence


def section(title: str, rows: Sequence[Sequence[str]]) -> list[str]:
    """A heading and a table; the first row is the table's head."""
    head, *body = rows
    return [f"### {title}\n", line(head), line(["---"] * len(head)), *map(line, body), ""]


def line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
