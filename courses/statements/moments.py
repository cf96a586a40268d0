"""Moments as statements write them: RFC 3339, and what ISO 8601 and xAPI 1.0.x let through beside it."""

import re
from datetime import UTC, datetime

# The space is RFC 3339's own alternative to the T. No seconds, +hh, +hhmm and no zone are ISO 8601 alone.
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d([T ])\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d(?::?\d\d)?)?", re.ASCII).fullmatch
_NEGATIVE_ZERO = ("-00", "-0000", "-00:00")  # ISO 8601 knows none


def is_moment(text: str) -> bool:
    """Whether it is a moment that can be said in UTC with a year of four digits."""
    found = _MOMENT(text)
    if found is None or found[4] in _NEGATIVE_ZERO:
        return False
    try:
        utc(text)
    except (ValueError, OverflowError):
        return False
    return True


def utc(text: str) -> datetime:
    """The moment in UTC, which is also what one without a zone means. More than microseconds are cut off."""
    moment = datetime.fromisoformat(text)
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def written_in_utc(text: str) -> str:
    """The same moment in UTC as RFC 3339 writes it, as precise as it was (IEEE 9274.1.1 section 4.2.7)."""
    found = _MOMENT(text)
    assert found, "only moments that were checked are kept"
    if found[4] == "Z" and found[1] == "T" and found[2]:
        return text
    return utc(text).replace(microsecond=0, tzinfo=None).isoformat() + (found[3] or "") + "Z"
