"""The pen of the charts: SVG that follows the page's colours, and numbers and dates as a nation writes them (CLDR)."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.numbers import format_compact_decimal, format_decimal
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from reporting.dashboards.axes import Point, columns

WIDTH = 720
LETTER = 13  # width of a letter where text is largest, on a phone
NOT_IN_XML = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def drawing(key: str, title: str, sentence: str, height: int, parts: Iterable[str]) -> SafeString:
    """An SVG that a screen reader names by its title and describes by its sentence; `key` makes their ids unique."""
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}" role="img" direction="ltr"'
        ' aria-labelledby="{}-title {}-text"><title id="{}-title">{}</title><desc id="{}-text">{}</desc>{}</svg>',
        WIDTH, height, key, key, key, clean(title), key, clean(sentence), joined(parts),
    )  # fmt: skip


def joined(parts: Iterable[str]) -> SafeString:
    return format_html_join("", "{}", ((part,) for part in parts))


def label(x: float, y: float, anchor: str, text: str, style: str = "") -> SafeString:
    """A text at a point: its `anchor` is "start" (it goes right from there), "middle" or "end"."""
    attribute = format_html(' class="{}"', style) if style else ""
    return format_html(
        '<text x="{}" y="{}" text-anchor="{}"{}>{}</text>', shown(x), shown(y), anchor, attribute, clean(text)
    )


def line(style: str, points: Sequence[Point], *, closed: bool = False) -> SafeString:
    corners = "L".join(f"{shown(x)} {shown(y)}" for x, y in points)
    return format_html('<path class="{}" d="M{}{}"/>', style, corners, "Z" if closed else "")


@dataclass(frozen=True, slots=True)
class Span:
    """Where a label lies that belongs to a point, turned inwards at the edges of the drawing."""

    anchor: str
    start: float
    end: float

    @classmethod
    def beside(cls, x: float, text: str) -> "Span":
        length = columns(text) * LETTER
        if x < length / 2:
            return cls("start", x, x + length)
        if x > WIDTH - length / 2:
            return cls("end", x - length, x)
        return cls("middle", x - length / 2, x + length / 2)


def shown(length: float) -> str:
    """A length with at most one decimal."""
    return f"{length:.1f}".removesuffix(".0")


def number(value: int, locale: str) -> str:
    return format_decimal(value, locale=locale)


def short(value: int, locale: str) -> str:
    """ "1.5M"; "15L" in India."""
    return format_compact_decimal(value, locale=locale, fraction_digits=1)


def written_day(day: date, locale: str) -> str:
    return format_date(day, "medium", locale=locale)


def written_month(day: date, locale: str) -> str:
    return format_skeleton("yMMM", day, locale=locale)


def is_mirrored(locale: str) -> bool:
    return bool(Locale.parse(locale).text_direction == "rtl")


def clean(text: str) -> str:
    """The text without characters that no document may hold."""
    return NOT_IN_XML.sub("�", text)
