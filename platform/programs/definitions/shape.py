"""Reads tables of a TOML file into dataclasses, and finds every fault at once.

A dataclass says what a table may hold: its fields are the keys, a field with a default may be left out, and
`Annotated[type, check, …]` adds checks, each a function that says what is wrong with a value of that type, or nothing.
"""

import difflib
import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import date
from typing import Annotated, TypeVar, Union, cast, get_args, get_origin, get_type_hints

T = TypeVar("T")
TYPE_NAMES: Mapping[type, str] = {
    str: "a text in quotes",
    int: "a whole number",
    bool: "true or false",
    date: "a day such as 2026-11-22 (without quotes)",
    list: "a list",
    dict: "a table",
}


@dataclass(frozen=True)
class Fault:
    """What is wrong, and with which key: `targets[2] "ai-skills".due_on`, counted from 1."""

    key: str
    problem: str

    def __str__(self) -> str:
        return f"{self.key}: {self.problem}"


def read_table(shape: type[T], table: Mapping[str, object], key: str, faults: list[Fault]) -> T | None:
    """The table as an instance of the dataclass `shape`; adds to `faults`, and answers None if there are any here."""
    found_before = len(faults)
    hints = get_type_hints(shape, include_extras=True)
    faults += [unknown_key(name, within(key, name), list(hints)) for name in table if name not in hints]
    values = {
        name: read_value(hint, table[name], within(key, name), faults) for name, hint in hints.items() if name in table
    }
    faults += [Fault(within(key, name), "is missing") for name in required(shape) if name not in table]
    return cast(Callable[..., T], shape)(**values) if len(faults) == found_before else None


def read_value(hint: object, value: object, key: str, faults: list[Fault]) -> object:
    """The value as the type hint asks for it; what is wrong with it goes to `faults`."""
    kind, checks = unwrapped(hint)
    container = cast(type, dict if is_dataclass(kind) else get_origin(kind) or kind)
    if type(value) is not container:  # exactly: true is no number, and a moment is no day
        faults.append(Fault(key, f"must be {TYPE_NAMES[container]}, but is {shown(value)}"))
        return None
    faults += [Fault(key, problem) for check in checks if (problem := check(value))]
    return contents(kind, value, key, faults)


def contents(kind: object, value: object, key: str, faults: list[Fault]) -> object:
    """The parts of a list or table, read one by one; any other value as it is."""
    if is_dataclass(kind):
        return read_table(cast(type[object], kind), cast(dict[str, object], value), key, faults)
    if isinstance(value, list):
        (inner,) = get_args(kind)
        return [read_value(inner, part, f"{key}{place(number, part)}", faults) for number, part in enumerate(value, 1)]
    if isinstance(value, dict):
        inner = get_args(kind)[1]
        return {name: read_value(inner, part, within(key, name), faults) for name, part in value.items()}
    return value


def unwrapped(hint: object) -> tuple[object, list[Callable[[object], str | None]]]:
    """The type behind `Annotated` and `| None` (TOML has no null: a key is left out instead), and the checks."""
    if get_origin(hint) is Annotated:
        inner, *checks = get_args(hint)
        return unwrapped(inner)[0], checks
    if get_origin(hint) in (Union, types.UnionType):
        return unwrapped(next(part for part in get_args(hint) if part is not types.NoneType))
    return hint, []


def required(shape: type) -> list[str]:
    return [field.name for field in fields(shape) if field.default is MISSING and field.default_factory is MISSING]


def unknown_key(name: str, key: str, known: list[str]) -> Fault:
    close = difflib.get_close_matches(name, known, n=1)
    hint = f'did you mean "{close[0]}"?' if close else f"known are {', '.join(known)}"
    return Fault(key, f"is no key here; {hint}")


def within(key: str, name: str) -> str:
    return f"{key}.{name}" if key else name


def place(number: int, part: object) -> str:
    """Which part of a list: its number, and its code if it has one."""
    code = part.get("code") if isinstance(part, dict) else None
    return f'[{number}] "{code}"' if isinstance(code, str) else f"[{number}]"


def shown(value: object) -> str:
    """The value as a message shows it: short, and in the words of TOML."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | dict):
        return TYPE_NAMES[type(value)]
    text = f'"{value}"' if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else f"{text[:60]}…"
