"""What a measure version counts, as a sentence for readers of its figures."""

from datetime import date

from babel.dates import format_date
from django.utils.translation import gettext as _

from programs.locales import word_locale
from programs.models import Evidence, MeasureVersion


def definition_of(version: MeasureVersion) -> str:
    """Two sentences: who is counted, and where and when they count."""
    tagged = _("a course that carries the tag “%(tag)s”") % {"tag": version.tag}
    parts = {
        "course": tagged if version.tag else _("any course"),
        "evidence": Evidence(version.evidence).label,
        "window": window_of(version),
        "sizes": sizes_of(version),
    }
    # Translators: "course" is "any course" or the like, "evidence" such as "assessed"; "window" and "sizes" may be
    # empty and bring their own space or comma: " from 1 January 2026", ", in an employer of size small".
    who = _("People who achieved %(course)s, at least %(evidence)s%(window)s%(sizes)s, each counted once.") % parts
    when = _("A person counts on the day, and with the region and sector, of the first achievement that qualifies.")
    return f"{who} {when}"


def window_of(version: MeasureVersion) -> str:
    since = _(" from %(day)s") % {"day": _day(version.starts_on)} if version.starts_on else ""
    until = _(" until %(day)s") % {"day": _day(version.ends_on)} if version.ends_on else ""
    return since + until


def sizes_of(version: MeasureVersion) -> str:
    if not version.employer_sizes:
        return ""
    # Translators: between the codes of several sizes of employers, with its spaces
    return _(", in an employer of size %(sizes)s") % {"sizes": _(" or ").join(version.employer_sizes)}


def _day(day: date) -> str:
    return str(format_date(day, "long", locale=word_locale()))
