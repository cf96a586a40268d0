"""When two statements say the same (xAPI 1.0.3 Data 2.3.1): a statement that is stored never changes."""

import re
from typing import Any

import orjson

from .checks import is_uuid
from .moments import is_moment, utc

_HUNDREDTHS = re.compile(r"(\.\d\d)\d+(?=S$)")
_LATER = ("stored", "authority", "version")  # what a record store may add or replace
_SETS = ("member", "parent", "grouping", "category", "other", "attachments", "contextAgents", "contextGroups")


def say_the_same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether they are the same statement. Order, precision and what may change later make no difference.

    A moment that only one of them gives is none: the store fills it in.
    """
    if ("timestamp" in one) != ("timestamp" in other):
        one, other = without(one, "timestamp"), without(other, "timestamp")
    return canonical(one) == canonical(other)


def canonical(statement: dict[str, Any]) -> bytes:
    """The same bytes for statements that say the same."""
    return orjson.dumps(settled(without(statement, *_LATER)), option=orjson.OPT_SORT_KEYS)


def without(statement: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in statement.items() if name not in names}


def settled(value: Any, name: str = "") -> Any:  # noqa: ANN401
    """The value with one way of writing each thing. Names and definitions of verbs and activities are left out."""
    if name == "extensions":
        return value
    if name in _SETS:
        rows = value if type(value) is list else [value]
        return sorted((settled(row) for row in rows), key=lambda row: orjson.dumps(row, option=orjson.OPT_SORT_KEYS))
    if type(value) is dict:
        return {
            key: settled(item, key)
            for key, item in value.items()
            if not (key == "definition" or (key == "display" and name == "verb") or key == "fileUrl")
        }
    return settled_text(value, name) if type(value) is str else value


def settled_text(value: str, name: str) -> str:
    if name == "timestamp" and is_moment(value):  # what somebody signed has not been checked
        return utc(value).isoformat()
    if name == "duration":
        return _HUNDREDTHS.sub(r"\1", value.replace(",", "."))
    in_digits = name == "sha2" or (name in ("id", "registration") and is_uuid(value))
    return value.lower() if in_digits else value
