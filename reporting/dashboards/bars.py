"""A chart of what came in and what went out, period by period: bars up and down from a line of no change."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from reporting.counting.history import Change
from reporting.dashboards.axes import date_ticks, round_ticks
from reporting.dashboards.drawing import (
    WIDTH,
    Span,
    drawing,
    is_mirrored,
    joined,
    label,
    line,
    number,
    short,
    written_day,
    written_month,
)

Changes = Sequence[tuple[date, Change]]

HEIGHT, TOP, BOTTOM = 320, 24, 280
MOST_DAYS = 92  # longer stretches are shown by month


@dataclass(frozen=True, slots=True)
class ChangeChart:
    """`svg` shows what `sentence` says in words and `rows` (period, gained, lost, net) list in full."""

    svg: SafeString
    sentence: str
    rows: list[tuple[str, Change]]
    is_by_month: bool


def change_chart(changes: Changes, *, first: date, last: date, title: str, locale: str, words: str = "") -> ChangeChart:
    """What each day from `first` to `last` brought and took; each month, where there are more than 92 days.

    `changes` are days ascending; days without any may be left out. Dates are written as in `words`, else in `locale`.
    Raises ValueError for days outside of the stretch.
    """
    if changes and not first <= changes[0][0] <= changes[-1][0] <= last:
        raise ValueError(f"{changes[0][0]} to {changes[-1][0]} is not within {first} to {last}")
    is_by_month = (last - first).days >= MOST_DAYS
    bars = Bars(by_month(changes) if is_by_month else changes, first, last, is_by_month, locale, words or locale)
    svg = drawing("changes", title, bars.sentence(), HEIGHT, [bars.levels(), bars.dates(), bars.bars(), bars.zero()])
    return ChangeChart(svg, bars.sentence(), bars.rows(), is_by_month)


def by_month(changes: Changes) -> Changes:
    months: dict[date, Change] = {}
    for day, change in changes:
        first = day.replace(day=1)
        months[first] = months.get(first, Change()).plus(change)
    return list(months.items())


@dataclass(frozen=True)
class Bars:
    changes: Changes
    first: date
    last: date
    is_by_month: bool
    locale: str
    words: str

    @cached_property
    def ticks(self) -> list[int]:
        """Round numbers of people from the largest loss to the largest gain, negative for losses."""
        gained = max([1, *(change.gained for _day, change in self.changes)])
        lost = max([0, *(change.lost for _, change in self.changes)])
        step = round_ticks(max(gained, lost), about=3)[1]
        return [step * n for n in range(-lost // step, -(-gained // step) + 1)]

    @property
    def together(self) -> Change:
        return Change(sum(change.gained for _, change in self.changes), sum(change.lost for _, change in self.changes))

    def x(self, day: date) -> float:
        """Where the day begins, between the edges of the drawing."""
        days = (min(max(day, self.first), self.last + timedelta(1)) - self.first).days
        x = WIDTH * days / ((self.last - self.first).days + 1)
        return WIDTH - x if is_mirrored(self.words) else x

    def y(self, people: int) -> float:
        return BOTTOM - (BOTTOM - TOP) * (people - self.ticks[0]) / (self.ticks[-1] - self.ticks[0])

    def levels(self) -> SafeString:
        side, anchor = (WIDTH, "end") if is_mirrored(self.words) else (0, "start")
        levels = [people for people in self.ticks if people]
        lines = [line("chart-grid", [(0, self.y(people)), (WIDTH, self.y(people))]) for people in levels]
        return joined([*lines, *(label(side, self.y(n) - 6, anchor, short(n, self.locale)) for n in levels)])

    def zero(self) -> SafeString:
        return line("chart-axis", [(0, self.y(0)), (WIDTH, self.y(0))])

    def dates(self) -> SafeString:
        """The dates that fit beside each other even where text is largest."""
        places = sorted((self.x(day), text) for day, text in date_ticks(self.first, self.last, self.words))
        parts: list[str] = []
        free = 0.0
        for x, text in places:
            span = Span.beside(x, text)
            if span.start >= free:
                parts += [line("chart-axis", [(x, BOTTOM), (x, BOTTOM + 6)]), label(x, HEIGHT - 10, span.anchor, text)]
                free = span.end + 10
        return joined(parts)

    def bars(self) -> SafeString:
        parts: list[str] = []
        for period, change in self.changes:
            parts += [self.bar("chart-gained", period, change.gained)] if change.gained else []
            parts += [self.bar("chart-lost", period, -change.lost)] if change.lost else []
        return joined(parts)

    def bar(self, style: str, period: date, people: int) -> SafeString:
        """From the line of no change; at least two units high, so that one person is seen beside thousands."""
        start, end = sorted((self.x(period), self.x(self.next(period))))
        gap = min((end - start) * 0.15, 6)
        zero, height = self.y(0), self.y(people)
        height = min(height, zero - 2) if people > 0 else max(height, zero + 2)
        corners = [(start + gap, zero), (start + gap, height), (end - gap, height), (end - gap, zero)]
        return line(style, corners, closed=True)

    def next(self, period: date) -> date:
        return (period + timedelta(31)).replace(day=1) if self.is_by_month else period + timedelta(1)

    def rows(self) -> list[tuple[str, Change]]:
        written = written_month if self.is_by_month else written_day
        return [(written(period, self.words), change) for period, change in self.changes]

    def sentence(self) -> str:
        gained, lost = number(self.together.gained, self.locale), number(self.together.lost, self.locale)
        first, last = written_day(self.first, self.words), written_day(self.last, self.words)
        said = _("From %(first)s to %(last)s, %(gained)s people were gained and %(lost)s lost.")
        return said % {"first": first, "last": last, "gained": gained, "lost": lost}
