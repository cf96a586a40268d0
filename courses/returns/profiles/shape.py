"""The shape of a profile file: which keys there are and what may stand in them. Every fault is named by its key."""

import re
import tomllib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

from .definition import DESCRIBING, NO_ACHIEVEMENT, PARTICULARS
from .statements import ACTIVITY_TYPES

Check = Callable[[str, Any], Iterator[str]]
EVIDENCE_WORDS = ("opened", "completed", "assessed", "supervised", NO_ACHIEVEMENT)
# Encodings in which a comma, a quotation mark and a line end are the bytes that they are in ASCII.
ENCODINGS = ("utf-8", "windows-1252", "iso-8859-1", "iso-8859-15")

MOST_MINUTES = 600_000  # of a course: about the working time of six years


class ProfileRefusedError(Exception):
    """The profile has faults; `faults` has a line for each."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


def parsed(source: str) -> dict[str, Any]:
    """The content of a profile file. Raises `ProfileRefusedError` with every fault of its form."""
    try:
        content = tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        raise ProfileRefusedError([f"not TOML: {error}"]) from error
    if faults := list(PROFILE("", content)):
        raise ProfileRefusedError(faults)
    return content


def text(longest: int = 200, pattern: str = "", wanted: str = "a text") -> Check:
    def check(path: str, value: Any) -> Iterator[str]:  # noqa: ANN401 - whatever stands in the file
        if not isinstance(value, str) or not value.strip() or len(value) > longest:
            yield f"{path}: {wanted} of 1 to {longest} characters is wanted"
        elif pattern and not re.fullmatch(pattern, value):
            yield f"{path}: {value!r} is not {wanted}"

    return check


def whole(most: int) -> Check:
    def check(path: str, value: Any) -> Iterator[str]:  # noqa: ANN401
        if type(value) is not int or not 1 <= value <= most:
            yield f"{path}: a whole number from 1 to {most:,} is wanted"

    return check


def one_of(*known: str) -> Check:
    def check(path: str, value: Any) -> Iterator[str]:  # noqa: ANN401
        if not isinstance(value, str) or value not in known:
            yield f"{path}: {value!r} is unknown; known are {', '.join(known)}"

    return check


def list_of(item: Check, *, at_least: int = 1) -> Check:
    def check(path: str, value: Any) -> Iterator[str]:  # noqa: ANN401
        if not isinstance(value, list) or len(value) < at_least:
            yield f"{path}: a list of at least {at_least} is wanted"
            return
        for position, entry in enumerate(value, 1):
            yield from item(f"{path}[{position}]", entry)

    return check


def map_to(item: Check) -> Check:
    def check(path: str, value: Any) -> Iterator[str]:  # noqa: ANN401
        if not isinstance(value, dict) or not value:
            yield f"{path}: a table of cell = meaning is wanted"
            return
        for key, entry in value.items():
            if key != key.strip():
                yield f"{path}.{key!r}: spaces around a cell are ignored; write it without them"
            yield from item(f"{path}.{key}", entry)

    return check


def table(required: dict[str, Check], optional: dict[str, Check] | None = None) -> Check:
    known = required | (optional or {})

    def check(path: str, value: Any) -> Iterator[str]:  # noqa: ANN401
        if not isinstance(value, dict):
            yield f"{path}: a table is wanted"
            return
        prefix = f"{path}." if path else ""
        yield from (f"{prefix}{key}: missing" for key in required if key not in value)
        yield from (f"{prefix}{key}: unknown key; known are {', '.join(known)}" for key in value if key not in known)
        for key, entry_check in known.items():
            if key in value:
                yield from entry_check(f"{prefix}{key}", value[key])

    return check


def day_format(path: str, value: Any) -> Iterator[str]:  # noqa: ANN401
    """A format of strptime that gives back the day it was made from."""
    some_day = datetime(1999, 12, 31, tzinfo=UTC)
    try:
        same = datetime.strptime(some_day.strftime(value), value).date() == some_day.date()  # noqa: DTZ007
    except (TypeError, ValueError):
        same = False
    if not same:
        yield f"{path}: {value!r} does not say day, month and full year, as %d/%m/%Y does"


code = text(40, r"[a-z0-9][a-z0-9-]*", "a code of small letters, digits and hyphens,")
verb = text(300, r"[a-z][a-z-]*|[A-Za-z][A-Za-z0-9+.-]*:[^\s]+", "the name of one of ADL's verbs, or an IRI")
activity_type = text(
    300,
    "|".join([*map(re.escape, ACTIVITY_TYPES), r"[A-Za-z][A-Za-z0-9+.-]*:[^\s]+"]),
    f"one of ADL's activity types ({', '.join(ACTIVITY_TYPES)}), or an IRI",
)
coded = table({"column": text()}, {"values": map_to(text(80))})
freely = table({"column": text()})
dated = table({"column": text()}, {"format": day_format})
PROFILE = table(
    {
        "code": code,
        "name": text(),
        "record_key": list_of(text()),
        "person": table({"column": text(), "schemes": list_of(text(60))}),
        "day": dated,
        "course": coded,
        "result": table({"column": text(), "values": map_to(one_of(*EVIDENCE_WORDS))}),
    },
    {
        "program": code,
        "source": text(2000),
        "encoding": one_of(*ENCODINGS),
        "delimiter": one_of(",", ";", "\t", "|"),
        "courses": list_of(
            table(
                {"code": code, "title": text(), "tags": list_of(code, at_least=0)},
                {"partner": code, "minutes": whole(MOST_MINUTES), "shortest_minutes": whole(MOST_MINUTES)},
            )
        ),
        "reference": freely,
        "started": dated,
        "minutes": freely,
        "employees": freely,
        "particulars": table({}, {name: text() for name in PARTICULARS} | {"born_on_format": day_format}),
        "constants": table({}, {name: text(20) for name in DESCRIBING}),
        "statements": table({}, {"verbs": list_of(verb), "types": list_of(activity_type), "partner": code}),
        **{name: freely if name in ("employer", "occupation") else coded for name in DESCRIBING},
    },
)
