"""A statement as cells of a row, so that a return profile can say which path means what."""

from collections.abc import Iterator
from typing import Any


def flattened(statement: dict[str, Any]) -> dict[str, str]:
    """Every value of the statement by its dotted path, as text.

    `actor.account.name`, `object.id`, `result.score.scaled`, `context.extensions.<iri>`; elements of a list by their
    place, from 0: `context.contextActivities.grouping.0.id`. Truth values are `true` and `false`, null is empty, and an
    empty object or list has no cell.
    """
    return dict(cells(statement, ""))


def cells(value: Any, path: str) -> Iterator[tuple[str, str]]:  # noqa: ANN401
    if isinstance(value, dict | list):
        parts = value.items() if isinstance(value, dict) else enumerate(value)
        for name, item in parts:
            yield from cells(item, f"{path}.{name}" if path else str(name))
    else:
        yield path, cell(value)


def cell(value: str | int | float | bool | None) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else repr(value)
