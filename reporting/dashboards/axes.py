"""The arithmetic of charts: round ticks, dates on an axis, and curves with no more corners than the eye can see."""

import unicodedata
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from babel.dates import format_skeleton

Point = tuple[float, float]

ROUND = (1, 2, 5)
MONTHS_BETWEEN_TICKS = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600)
DAYS_BETWEEN_TICKS = (1, 2, 7, 14)
MOST_DATES = 4


def round_ticks(most: int, *, about: int = 4) -> list[int]:
    """Whole numbers 0, step, 2·step, … up to the first that reaches `most`; the step is 1, 2 or 5 times a power of ten.

    There are at most `about` + 2 of them, and always at least 0 and one more.
    """
    wanted, power = max(1, -(-most // about)), 1
    while power * 10 < wanted:
        power *= 10
    step = next(power * digit for digit in (*ROUND, 10) if power * digit >= wanted)
    return [step * n for n in range(max(1, -(-most // step)) + 1)]


def date_ticks(first: date, last: date, locale: str) -> list[tuple[date, str]]:
    """At most four days between the two, both included, with their labels: days, firsts of months, or years."""
    for gap in DAYS_BETWEEN_TICKS:
        if (last - first).days < gap * MOST_DATES:
            return [(day, format_skeleton("MMMd", day, locale=locale)) for day in every_days(first, last, gap)]
    for gap in MONTHS_BETWEEN_TICKS:
        days = list(every_months(first, last, gap))
        if len(days) <= MOST_DATES:
            return [(day, format_skeleton("yMMM" if gap < 12 else "y", day, locale=locale)) for day in days]
    raise ValueError(f"{first} to {last} is longer than an axis can show")


def every_days(first: date, last: date, gap: int) -> Iterator[date]:
    return (first + timedelta(n) for n in range(0, (last - first).days + 1, gap))


def every_months(first: date, last: date, gap: int) -> Iterator[date]:
    """The firsts of every `gap`-th month, counted from January of year 0, that lie between the two days."""
    number = -(-(first.year * 12 + first.month - 1 + (first.day > 1)) // gap) * gap
    while number <= last.year * 12 + last.month - 1:
        yield date(number // 12, number % 12 + 1, 1)
        number += gap


def as_steps(points: Sequence[tuple[date, int]], *, until: date) -> list[tuple[date, int]]:
    """The running total day by day where it changes: from 0 on the day before the first, level where nobody came,
    and level from the last day until `until`."""
    steps = [(points[0][0] - timedelta(1), 0)]
    for day, total in [*points, (until, points[-1][1])]:
        before, level = steps[-1]
        if (day - before).days > 1:
            steps.append((day - timedelta(1), level))
        if day > before:
            steps.append((day, total))
    return steps


def without_needless_corners(points: list[Point], *, tolerance: float = 1.0) -> list[Point]:
    """The ends, and every point that lies further than `tolerance` from the line through those kept beside it.

    The method of Ramer (1972) and Douglas and Peucker (1973), with vertical distances.
    """
    kept, open_spans = {0, len(points) - 1}, [(0, len(points) - 1)]
    while open_spans:
        start, end = open_spans.pop()
        farthest, distance = farthest_from_line(points, start, end)
        if distance > tolerance:
            kept.add(farthest)
            open_spans += [(start, farthest), (farthest, end)]
    return [points[n] for n in sorted(kept)]


def farthest_from_line(points: list[Point], start: int, end: int) -> tuple[int, float]:
    """Which point between two others lies farthest above or below the line through them, and how far."""
    (x0, y0), (x1, y1) = points[start], points[end]
    slope = (y1 - y0) / (x1 - x0) if x1 != x0 else 0.0
    return max(
        ((n, abs(points[n][1] - y0 - slope * (points[n][0] - x0))) for n in range(start + 1, end)),
        key=lambda found: found[1],
        default=(start, 0.0),
    )


def columns(text: str) -> int:
    """About how wide a text is, in letters: a Chinese character is two wide, a combining mark takes no room."""
    return sum(0 if is_mark(c) else 1 + (unicodedata.east_asian_width(c) in "WF") for c in text)


def is_mark(character: str) -> bool:
    """Whether it is written on the letter before it, as many vowels of Hindi and Tamil are."""
    return unicodedata.category(character).startswith("M")
