"""What a single value of a country file must be. Each check answers what is wrong, or None."""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from zoneinfo import available_timezones

from babel import Locale, UnknownLocaleError

from programs.models.partner import OWN_PARTNER
from programs.names import unprintable

RESERVED_SCHEMES = ("email",)


def slug(value: str) -> str | None:
    if re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", value):
        return None
    return f'"{value}" may hold small letters, digits and single hyphens only'


def code(value: str) -> str | None:
    """A code of a list, as statistical offices write them."""
    if value and value.isprintable() and not re.search(r"\s", value):
        return None
    return f"{value!r} must be one visible word"


def isic(value: str) -> str | None:
    """A section of the International Standard Industrial Classification, revision 4."""
    return None if re.fullmatch("[A-U]?", value) else f'"{value}" is no section of ISIC Rev. 4, A to U'


def text(value: str) -> str | None:
    """Something to read: not empty, and nothing in it that cannot be printed or stored."""
    if not value.strip():
        return "is empty"
    odd = unprintable(value.replace("\n", ""))
    return None if odd is None else f"holds the character U+{ord(odd):04X}, which cannot be printed"


def at_most(length: int) -> Callable[[str], str | None]:
    def check(value: str) -> str | None:
        return f"has {len(value)} characters, {length} are allowed" if len(value) > length else None

    return check


def between(least: int, most: int) -> Callable[[int], str | None]:
    def check(value: int) -> str | None:
        return None if least <= value <= most else f"{value} is not between {least} and {most}"

    return check


def one_of(values: Iterable[str]) -> Callable[[str], str | None]:
    known = list(values)

    def check(value: str) -> str | None:
        return None if value in known else f'"{value}" is not one of: {", ".join(known)}'

    return check


def country(value: str) -> str | None:
    return None if re.fullmatch("[A-Z]{2}", value) else f'"{value}" must be two capital letters (ISO 3166-1)'


def time_zone(value: str) -> str | None:
    return None if value in available_timezones() else f'"{value}" is no time zone of the IANA database'


def language(value: str) -> str | None:
    """As Django writes them: `en`, `zh-hans`."""
    return None if value == value.lower() and in_cldr(value, "-") else f'"{value}" is no known language (small letters)'


def number_locale(value: str) -> str | None:
    return None if in_cldr(value, "_") else f'"{value}" is no locale of the CLDR, such as pt_BR'


def in_cldr(value: str, separator: str) -> bool:
    try:
        Locale.parse(value, sep=separator)
    except (UnknownLocaleError, ValueError):
        return False
    return True


def pattern(value: str) -> str | None:
    try:
        re.compile(value)
    except re.error as error:
        return f"is no regular expression: {error}"
    return None


def one_kind_of_series(value: dict[str, object]) -> str | None:
    if bool(value.get("characters")) == bool(value.get("series")):
        return "has either characters or series, each with its characters"
    series = value.get("series")
    if isinstance(series, dict) and any(len(letter) != 1 for letter in series):
        return "names a series by its one letter"
    return None


def own_scheme(value: str) -> str | None:
    return f'"{value}" is a scheme that every program has' if value in RESERVED_SCHEMES else None


def own_partner(value: str) -> str | None:
    """Courses taken here are a partner that the loading adds by itself."""
    return f'"{value}" is the partner that every program has' if value == OWN_PARTNER else None


def not_empty(value: list[object]) -> str | None:
    return None if value else "is empty"


def different(value: list[object]) -> str | None:
    return repeated(part for part in value if isinstance(part, str))


def different_codes(value: list[object]) -> str | None:
    codes = (part.get("code") for part in value if isinstance(part, dict))
    return repeated(code for code in codes if isinstance(code, str))


def repeated(values: Iterable[str]) -> str | None:
    twice = [f'"{value}"' for value, times in Counter(values).items() if times > 1]
    return f"{', '.join(twice)} must stand once only" if twice else None
