"""Rates, months and durations as a nation writes them, in the reader's words (CLDR, by Babel)."""

from datetime import date, timedelta

from babel.dates import format_skeleton, format_timedelta
from babel.numbers import format_decimal
from django import template

from programs.locales import digit_locale, word_locale
from programs.models import Program

register = template.Library()


@register.filter
def rate(value: float, program: Program) -> str:
    """People a day: whole from 10 on, with one decimal below."""
    return format_decimal(value, format="#,##0" if value >= 10 else "#,##0.#", locale=digit_locale(program))


@register.filter
def signed(value: int, program: Program) -> str:
    """ "+1,234" or "-5"; "0"."""
    return format_decimal(value, format="+#,##0;-#,##0" if value else "0", locale=digit_locale(program))


@register.filter
def month(first: date, program: Program) -> str:
    """ "Nov 2026"."""
    return format_skeleton("yMMM", first, locale=word_locale(program))


@register.filter
def duration(value: timedelta, program: Program) -> str:
    """ "12 seconds"."""
    return format_timedelta(value, threshold=1.2, locale=word_locale(program))


@register.filter
def magnitude(value: int) -> int:
    """Without its sign, for "804 people behind"."""
    return abs(value)
