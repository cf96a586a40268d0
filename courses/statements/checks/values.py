"""What the values of a statement may be (xAPI 1.0.3 Data 4, IEEE 9274.1.1 section 4.2.7).

A check takes a value and raises `InvalidError` where the value is not what it must be.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any

from courses.statements.moments import is_moment

Check = Callable[[Any], object]


class InvalidError(Exception):
    """A value is not what the specification asks for; `str()` says where and why."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why
        self.path: list[str] = []

    def at(self, name: str | int) -> "InvalidError":
        """The same, one level further out."""
        self.path.insert(0, str(name))
        return self

    def __str__(self) -> str:
        return f"{'.'.join(self.path) or 'The statement'} {self.why}"


def shape(allowed: Mapping[str, Check], required: Iterable[str] = ()) -> Check:
    """A check for an object that has these properties and no others."""
    needed = tuple(required)

    def check(value: Any) -> None:  # noqa: ANN401
        if type(value) is not dict:
            raise InvalidError("must be an object.")
        for name, item in value.items():
            within = allowed.get(name)
            if within is None:
                raise InvalidError(f"must have no property “{name[:80]}”.")
            try:
                within(item)
            except InvalidError as error:
                raise error.at(name) from None
        for name in needed:
            if name not in value:
                raise InvalidError(f"must have the property “{name}”.")

    return check


def array(within: Check) -> Check:
    """A check for a list, each element of which passes the other check."""

    def check(value: Any) -> None:  # noqa: ANN401
        if type(value) is not list:
            raise InvalidError("must be an array.")
        for place, item in enumerate(value):
            try:
                within(item)
            except InvalidError as error:
                raise error.at(place) from None

    return check


def one_of(*values: str) -> Check:
    known = frozenset(values)

    def check(value: Any) -> None:  # noqa: ANN401
        if type(value) is not str or value not in known:
            raise InvalidError(f"must be one of: {', '.join(values)}.")

    return check


def text(value: Any) -> None:  # noqa: ANN401
    if type(value) is not str:
        raise InvalidError("must be a string.")


def boolean(value: Any) -> None:  # noqa: ANN401
    if type(value) is not bool:
        raise InvalidError("must be true or false.")


def number(value: Any) -> None:  # noqa: ANN401
    if type(value) is not float and type(value) is not int:
        raise InvalidError("must be a number.")


def whole_number(value: Any) -> None:  # noqa: ANN401
    if type(value) is not int or value < 0:
        raise InvalidError("must be a whole number, not negative.")


# RFC 3987 asks for a scheme; what follows may hold anything but spaces, controls and the delimiters that it excludes.
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:[^\x00-\x20<>\"{}|\\^`\x7f]+").fullmatch
REMEMBERED = 300  # characters: longer values are not kept, so that nobody fills the memory with them


@lru_cache(maxsize=10_000)
def _is_known_iri(value: str) -> bool:
    return _IRI(value) is not None


def is_iri(value: str) -> bool:
    return _is_known_iri(value) if len(value) <= REMEMBERED else _IRI(value) is not None


def iri(value: Any) -> None:  # noqa: ANN401
    if type(value) is not str or not is_iri(value):
        raise InvalidError("must be an IRI with a scheme, such as https://example.org/x.")


_UUID = re.compile(r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}").fullmatch


def is_uuid(value: str) -> bool:
    return _UUID(value) is not None


def uuid(value: Any) -> None:  # noqa: ANN401
    if type(value) is not str or _UUID(value) is None:
        raise InvalidError("must be a UUID of 36 characters.")


def timestamp(value: Any) -> None:  # noqa: ANN401
    if type(value) is not str or not is_moment(value):
        raise InvalidError("must be a moment, such as 2026-03-01T09:30:00Z (RFC 3339; the zone -00:00 is none).")


def timestamp_with_zone(value: Any) -> None:  # noqa: ANN401
    timestamp(value)
    if value[-1] != "Z" and value[-6] not in "+-":
        raise InvalidError("must say its time zone, as Z or +hh:mm (RFC 3339).")


_DURATION = re.compile(
    r"P(?:\d+(?:[.,]\d+)?W|(?=\d|T\d)(?:\d+(?:[.,]\d+)?Y)?(?:\d+(?:[.,]\d+)?M)?(?:\d+(?:[.,]\d+)?D)?"
    r"(?:T(?=\d)(?:\d+(?:[.,]\d+)?H)?(?:\d+(?:[.,]\d+)?M)?(?:\d+(?:[.,]\d+)?S)?)?)",
    re.ASCII,
).fullmatch


def duration(value: Any) -> None:  # noqa: ANN401
    if type(value) is not str or _DURATION(value) is None:
        raise InvalidError("must be a duration, such as PT1H30M (ISO 8601, section 4.4.3.2).")


# RFC 5646, section 2.1: language, script, region, variants, extensions, private use; or private use alone.
_TAG = re.compile(
    r"(?:(?:[a-z]{2,3}(?:-[a-z]{3}){0,3}|[a-z]{4}|[a-z]{5,8})(?:-[a-z]{4})?(?:-(?:[a-z]{2}|\d{3}))?"
    r"(?:-(?:[a-z0-9]{5,8}|\d[a-z0-9]{3}))*(?:-[0-9a-wy-z](?:-[a-z0-9]{2,8})+)*(?:-x(?:-[a-z0-9]{1,8})+)?"
    r"|x(?:-[a-z0-9]{1,8})+|i-[a-z]{3,8}|sgn-[a-z]{2}-[a-z]{2}|en-gb-oed)",
    re.ASCII | re.IGNORECASE,
).fullmatch


@lru_cache(maxsize=1_000)
def _is_known_tag(value: str) -> bool:
    return _TAG(value) is not None and not _repeats_an_extension(value.lower())


def _repeats_an_extension(tag: str) -> bool:
    """RFC 5646 lets each extension's letter stand once; what follows the x of private use is none."""
    parts = tag.split("-")
    own = parts[: parts.index("x")] if "x" in parts else parts
    letters = [part for part in own if len(part) == 1]
    return len(set(letters)) < len(letters)


def language_tag(value: Any) -> None:  # noqa: ANN401
    if type(value) is not str or len(value) > REMEMBERED or not _is_known_tag(value):
        raise InvalidError("must be a language tag, such as en-GB (RFC 5646).")


def language_map(value: Any) -> None:  # noqa: ANN401
    if type(value) is not dict:
        raise InvalidError("must be an object of texts by language.")
    for tag, translation in value.items():
        language_tag(tag)
        if type(translation) is not str:
            raise InvalidError("must be a string.").at(tag)


def extensions(value: Any) -> None:  # noqa: ANN401
    """Any values, even null, under keys that are IRIs."""
    if type(value) is not dict:
        raise InvalidError("must be an object.")
    for name in value:
        if not is_iri(name):
            raise InvalidError(f"must have IRIs as keys, which “{name[:80]}” is not.")
