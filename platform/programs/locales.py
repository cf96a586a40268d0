"""How a nation writes numbers and dates, in the words of whoever reads (CLDR, by Babel).

Words and the order of a date follow the reader's language, digits and their grouping the program's country: a reader of
Hindi in India has hi_IN. Where CLDR knows no such pair (Chinese in India), words are the language's own, digits the
country's.
"""

from functools import cache

from babel import Locale, UnknownLocaleError
from babel.lists import format_list
from django.utils import translation

from programs.models import Program

INTERNATIONAL_ENGLISH = "en_001"


def word_locale(program: Program | None = None) -> str:
    """The CLDR locale of month names, of the order of dates, and of words such as "2 minutes ago"."""
    reader = reader_language()
    return (_in_country(reader, program.number_locale) if program else None) or _international(reader)


def digit_locale(program: Program | None = None) -> str:
    """The CLDR locale of digits and their grouping."""
    reader = reader_language()
    if program is None:
        return _international(reader)
    return _in_country(reader, program.number_locale) or program.number_locale


def reader_language() -> str:
    """The active language as a locale of CLDR: zh_Hans."""
    return translation.to_locale(translation.get_language() or "en")


def listed(names: list[str]) -> str:
    """The names as a list in the reader's language: "a", "a and b", "a, b and c"."""
    return format_list(names, locale=_international(reader_language()))


def _international(language: str) -> str:
    return INTERNATIONAL_ENGLISH if language == "en" else language


@cache
def _in_country(language: str, number_locale: str) -> str | None:
    """The language as it is written in the country of the locale, where CLDR knows how."""
    country = Locale.parse(number_locale).territory
    try:
        return str(Locale.parse(f"{language}_{country}")) if country else None
    except UnknownLocaleError:
        return None
