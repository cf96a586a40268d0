"""JSON as the specification wants it: UTF-8, each key once, no character that the database cannot keep."""

import json
from typing import Any

import orjson

from .refusals import RefusedError

_NUL = b"\\u0000"


def read_json(content: bytes) -> Any:  # noqa: ANN401
    """The value. Raises `RefusedError` for what is no JSON, repeats a key, holds U+0000 or is nested too deeply."""
    try:
        value = orjson.loads(content)
        written = orjson.dumps(value)
    except orjson.JSONDecodeError as error:
        raise RefusedError(f"This is no JSON: {error}.") from error
    except TypeError as error:  # orjson writes 254 levels
        raise RefusedError("This JSON is nested too deeply.") from error
    if b"\\" in content:
        refuse_repeated_keys(content)
        if _NUL in written and holds_nul(value):
            raise RefusedError("The character U+0000 cannot be kept.")
    elif content.count(b'"') != written.count(b'"'):
        raise RefusedError(REPEATED)
    return value


REPEATED = "An object in this JSON has a key twice."


def refuse_repeated_keys(content: bytes) -> None:
    """The slow way, where escaped characters do not let quotes be counted: a key that is lost takes two with it."""
    json.loads(content, object_pairs_hook=pairs_once)


def pairs_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise RefusedError(REPEATED)
    return found


def holds_nul(value: Any) -> bool:  # noqa: ANN401
    if type(value) is str:
        return "\0" in value
    if type(value) is list:
        return any(holds_nul(item) for item in value)
    return type(value) is dict and any("\0" in key or holds_nul(item) for key, item in value.items())
