"""Numbers, dates and places as a nation writes them, in the reader's words (CLDR, by Babel): 1,50,00,000 in India."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_interval, format_timedelta, get_datetime_format
from babel.numbers import format_decimal, format_percent
from django import template
from django.conf import settings
from django.utils import timezone

from programs import locales
from programs.locales import digit_locale, reader_language, word_locale
from programs.models import Program

register = template.Library()


@register.filter
def number(value: int | float | Decimal | None, program: Program | None = None) -> str:
    """The value with the program's grouping; an en dash where there is none."""
    if value is None:
        return "–"
    return format_decimal(value, locale=digit_locale(program))


@register.filter
def points(value: float, program: Program | None = None) -> str:
    """A number with at most two decimals: 7, 12.5, 0.01."""
    return format_decimal(round(value, 2), format="#,##0.##", locale=digit_locale(program))


@register.filter
def per_cent(value: float | None, program: Program | None = None) -> str:
    """A share (0.25 is 25 %) with one decimal; an en dash where there is none."""
    if value is None:
        return "–"
    return format_percent(value, format="#,##0.0 %", locale=digit_locale(program))


@register.filter
def day(value: date | None, program: Program | None = None) -> str:
    """A date written out in the program's way; an en dash where there is none."""
    return "–" if value is None else format_date(value, "medium", locale=word_locale(program))


@register.simple_tag
def months(first: date, last: date, program: Program) -> str:
    """The months from that of the first day to that of the last: "Oct 2026", "Jul – Sept 2026"."""
    return str(format_interval(first, last, "yMMM", locale=word_locale(program)))


@register.filter
def moment(value: datetime | None, program: Program | None = None) -> str:
    """A moment to the minute in the program's time zone; an en dash where there is none."""
    if value is None:
        return "–"
    there = value.astimezone(ZoneInfo(program.time_zone if program else "UTC"))
    together = str(get_datetime_format("medium", locale=word_locale(program)))
    return together.format(f"{there:%H:%M}", day(there, program))


@register.filter
def ago(value: datetime | None, program: Program | None = None) -> str:
    """How long ago a moment was, in its largest unit: "2 minutes ago"; an en dash where there is none.

    A clock that is slightly ahead never makes a fact of the past read as the future.
    """
    if value is None:
        return "–"
    passed = min(value - timezone.now(), -timedelta(seconds=1))
    return format_timedelta(passed, add_direction=True, locale=word_locale(program))


@register.filter
def country(code: str) -> str:
    """The country's name in the reader's language; the code itself where CLDR knows no such country."""
    return str(Locale.parse(reader_language()).territories.get(code, code))


@register.simple_tag
def languages() -> list[tuple[str, str]]:
    """Code and name of every language of the pages, each named in itself."""
    return list(settings.LANGUAGES)


@register.filter
def listed(names: list[str]) -> str:
    """The names as a list in the reader's language: "a", "a and b", "a, b and c"."""
    return locales.listed(names)
