"""What the values of a SCORM data model may be. The player checks the same by the same names (player/kinds.js)."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

NUMBER = re.compile(r"-?(?:\d{1,10}(?:\.\d{0,20})?|\.\d{1,20})", re.ASCII)  # JavaScript writes 2/3 with 16 digits
SPAN_12 = re.compile(r"\d{2,4}:\d{2}:\d{2}(?:\.\d{1,2})?", re.ASCII)
TIME_12 = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,2})?", re.ASCII)
INTERVAL = re.compile(
    r"P(?=\d|T\d)(?:(\d{1,8})Y)?(?:(\d{1,8})M)?(?:(\d{1,8})D)?"
    r"(?:T(?=\d)(?:(\d{1,8})H)?(?:(\d{1,8})M)?(?:(\d{1,8}(?:\.\d{1,2})?)S)?)?",
    re.ASCII,
)
MOMENT = re.compile(
    r"(19[7-9]\d|20[0-2]\d|203[0-8])(?:-(0[1-9]|1[0-2])(?:-(0[1-9]|[12]\d|3[01])"
    r"(?:T(?:[01]\d|2[0-3])(?::[0-5]\d(?::[0-5]\d(?:\.\d{1,2}(?:Z|[+-](?:[01]\d|2[0-3])(?::[0-5]\d)?)?)?)?)?)?)?)?",
    re.ASCII,
)
LANGUAGE = re.compile(r"(?:[A-Za-z]{2,3}|[ix])(?:-[A-Za-z0-9]{1,8})*")
URN = re.compile(r"urn:[A-Za-z0-9][A-Za-z0-9-]{0,31}:\S+", re.IGNORECASE)
YEAR, MONTH, DAY, HOUR, MINUTE = 31_557_600, 2_629_800, 86_400, 3_600, 60  # seconds, as IEEE 1484.11.1 counts them

# Whether a value is of the kind. A value that is not in range is of the kind all the same: see `in_range`.
Kind = tuple[str | int | float | None, ...]


@dataclass(frozen=True)
class Element:
    """An element of a data model: `access` is r, w or rw, `initial` what it is before anybody sets it."""

    kind: Kind
    access: str = "rw"
    initial: str | None = None
    after: str = ""  # the sibling that must be set first


def is_text(value: str, longest: int) -> bool:
    return len(value) <= longest


def is_identifier(value: str, longest: int) -> bool:
    """A word without white space; what looks like a URN must be one (IEEE 1484.11.1, long_identifier_type)."""
    is_word = 0 < len(value) <= longest and not re.search(r"\s", value)
    return is_word and (not value.lower().startswith("urn:") or bool(URN.fullmatch(value)))


def is_localized(value: str, longest: int) -> bool:
    """Text that may begin with its language: {lang=en-GB}Text."""
    if not value.startswith("{lang="):
        return len(value) <= longest
    tag, closed, text = value[6:].partition("}")
    return bool(closed) and bool(LANGUAGE.fullmatch(tag)) and len(text) <= longest


def is_moment(value: str) -> bool:
    found = MOMENT.fullmatch(value)
    if not found or not found[3]:
        return bool(found)
    try:
        date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return False
    return True


CHECKS: dict[str, Callable[..., bool]] = {
    "text": is_text,
    "word": lambda value, longest: bool(re.fullmatch(r"[!-~]*", value)) and 0 < len(value) <= longest,
    "identifier": is_identifier,
    "localized": is_localized,
    "one": lambda value, *choices: value in choices,
    "number": lambda value, least, most: bool(NUMBER.fullmatch(value)),
    "blank-or-number": lambda value, least, most: not value or bool(NUMBER.fullmatch(value)),
    "whole": lambda value, least, most: bool(re.fullmatch(r"[+-]?[0-9]{1,3}", value)),
    "result": lambda value, *choices: value in choices or bool(NUMBER.fullmatch(value)),
    "span": lambda value: bool(SPAN_12.fullmatch(value)),
    "time": lambda value: bool(TIME_12.fullmatch(value)),
    "interval": lambda value: bool(INTERVAL.fullmatch(value)),
    "moment": is_moment,
    "language": lambda value: not value or (len(value) <= 250 and bool(LANGUAGE.fullmatch(value))),
    "response": is_text,
    "pattern": is_text,
    "request": lambda value: bool(re.fullmatch(r"continue|previous|exit|exitAll|abandon|abandonAll|suspendAll|_none_|"
                                               r"\{target=\S{1,4000}\}(?:choice|jump)", value)),
}  # fmt: skip
RANGED = ("number", "blank-or-number", "whole")


def is_of_kind(kind: Kind, value: str) -> bool:
    name, *arguments = kind
    return CHECKS[str(name)](value, *arguments)


def in_range(kind: Kind, value: str) -> bool:
    """Whether a value that is of the kind lies within its bounds, if it has any."""
    if kind[0] not in RANGED or not value:
        return True
    least, most = kind[1:]
    number = float(value)
    return (least is None or number >= float(least)) and (most is None or number <= float(most))


def seconds_of_span(value: str) -> float:
    """Of HHHH:MM:SS.SS (CMITimespan)."""
    hours, minutes, seconds = value.split(":")
    return int(hours) * HOUR + int(minutes) * MINUTE + float(seconds)


def span_of_seconds(seconds: float) -> str:
    """As CMITimespan, which has four digits for hours."""
    whole = min(round(seconds * 100), 9999 * 360_000 + 359_999)
    hours, rest = divmod(whole, 360_000)
    minutes, hundredths = divmod(rest, 6_000)
    return f"{hours:04}:{minutes:02}:{hundredths // 100:02}.{hundredths % 100:02}"


def seconds_of_interval(value: str) -> float:
    """Of P1Y2M3DT4H5M6.78S (timeinterval)."""
    found = INTERVAL.fullmatch(value)
    parts = found.groups() if found else ()
    units = (YEAR, MONTH, DAY, HOUR, MINUTE, 1)
    return sum(float(part) * unit for part, unit in zip(parts, units, strict=False) if part)


def interval_of_seconds(seconds: float) -> str:
    hours, rest = divmod(round(seconds * 100), 360_000)
    minutes, hundredths = divmod(rest, 6_000)
    return f"PT{hours}H{minutes}M{hundredths // 100}{f'.{hundredths % 100:02}' if hundredths % 100 else ''}S"
