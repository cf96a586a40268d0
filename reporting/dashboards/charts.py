"""Charts drawn on the server, each with a sentence and rows that say the same; they need no script.

`templates/components/chart.html` and `chart_table.html` show them. Numbers are written as in `locale` (CLDR), dates as
in `words`, or in `locale` as well; where that is written from right to left, so is the chart.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import pairwise

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from reporting.dashboards.axes import Point, as_steps, date_ticks, round_ticks, without_needless_corners
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
    shown,
    written_day,
    written_month,
)
from reporting.pacing.pace import Pace

Totals = Sequence[tuple[date, int]]

HEIGHT, TOP, BOTTOM = 340, 44, 300  # above the plot is room for a label, below it for the dates


@dataclass(frozen=True, slots=True)
class Chart:
    """`svg` shows what `sentence` says in words and `rows` (label, value) list in full."""

    title: str
    svg: SafeString
    sentence: str
    rows: list[tuple[str, str]]
    has_plan: bool = False


def curve_chart(
    points: Totals, *, title: str, locale: str, today: date, plan: Pace | None = None, until: date | None = None,
    key: str = "curve", words: str = "",
) -> Chart:  # fmt: skip
    """A running total of people by day, with the line of a dated target if there is one.

    `points` are (day, people until then), days ascending; days on which nobody came may be left out. The curve is level
    from the last one to `today`; the axis ends at `until`, which is today unless it is said. `key` makes the ids of the
    chart's texts unique on its page. Raises ValueError for days that do not ascend and for totals that fall.
    """
    refuse_falling(points)
    curve = Curve(points, plan, max([today, *(day for day, _ in points[-1:])]), until or today, locale, words or locale)
    parts = [curve.levels(), curve.dates(), curve.area(), curve.plan_line(), curve.line(), curve.end_labels()]
    svg = drawing(key, title, curve.sentence(), HEIGHT, parts)
    return Chart(
        title, svg, curve.sentence(), rows_by_month(points, locale, words or locale), has_plan=plan is not None
    )


@dataclass(frozen=True)
class Curve:
    points: Totals
    plan: Pace | None
    today: date
    until: date
    locale: str
    words: str

    @property
    def first(self) -> date:
        began = self.points[0][0] - timedelta(1) if self.points else self.today - timedelta(1)
        return min(began, self.plan.starts_on) if self.plan else began

    @property
    def last(self) -> date:
        return max(self.until, self.today)

    @property
    def people(self) -> int:
        return self.points[-1][1] if self.points else 0

    @cached_property
    def ticks(self) -> list[int]:
        return round_ticks(max(1, self.people, self.plan.planned_on(self.last) if self.plan else 0))

    def at(self, day: date, people: int) -> Point:
        x = WIDTH * (day - self.first).days / (self.last - self.first).days
        return self.mirrored(x), BOTTOM - (BOTTOM - TOP) * people / self.ticks[-1]

    def mirrored(self, x: float) -> float:
        return WIDTH - x if is_mirrored(self.words) else x

    def levels(self) -> SafeString:
        """Lines at round numbers; but for 0 their labels stand above them, at the side where reading starts."""
        side, anchor = self.mirrored(0), "end" if is_mirrored(self.words) else "start"
        heights = [(self.at(self.first, people)[1], people) for people in self.ticks]
        lines = [line("chart-grid" if people else "chart-axis", [(0, y), (WIDTH, y)]) for y, people in heights]
        return joined([*lines, *(label(side, y - 6, anchor, short(people, self.locale)) for y, people in heights[1:])])

    def dates(self) -> SafeString:
        """The dates that fit beside each other even where text is largest."""
        places = sorted((self.at(day, 0)[0], text) for day, text in date_ticks(self.first, self.last, self.words))
        parts: list[str] = []
        free = 0.0
        for x, text in places:
            span = Span.beside(x, text)
            if span.start >= free:
                parts += [line("chart-axis", [(x, BOTTOM), (x, BOTTOM + 6)]), label(x, HEIGHT - 10, span.anchor, text)]
                free = span.end + 10
        return joined(parts)

    def plan_line(self) -> str:
        if self.plan is None:
            return ""
        turns = [min(max(day, self.first), self.last) for day in (self.plan.starts_on, self.plan.due_on)]
        days = sorted({self.first, *turns, self.last})
        return line("chart-pace", [self.at(day, self.plan.planned_on(day)) for day in days])

    def area(self) -> str:
        if not self.points:
            return ""
        corners = self.corners
        return line("chart-area", [(corners[0][0], BOTTOM), *corners, (corners[-1][0], BOTTOM)], closed=True)

    def line(self) -> str:
        if not self.points:
            return ""
        x, y = self.corners[-1]
        dot = format_html('<circle class="chart-dot" cx="{}" cy="{}" r="7"/>', shown(x), shown(y))
        return joined([line("chart-line", self.corners), dot])

    @cached_property
    def corners(self) -> list[Point]:
        """The curve in the order of days, with no more corners than the eye can see."""
        return without_needless_corners(
            [self.at(day, people) for day, people in as_steps(self.points, until=self.today)]
        )

    def end_labels(self) -> SafeString:
        """How many there are and how many were planned, beside the ends of their lines; the upper one goes above."""
        ends = [(self.people, self.today, number(self.people, self.locale), "chart-value")]
        if self.plan:
            planned = self.plan.planned_on(self.last)
            ends.append(
                (planned, self.last, _("%(number)s planned") % {"number": number(planned, self.locale)}, "chart-label")
            )
        upper, *lower = sorted(ends, key=lambda end: -end[0])
        return joined([self.end_label(*upper, rise=-14), *(self.end_label(*end, rise=34) for end in lower)])

    def end_label(self, people: int, day: date, text: str, style: str, *, rise: int) -> SafeString:
        x, y = self.at(day, people)
        height = y + rise if y + rise < BOTTOM else y - 14
        return label(x, height, Span.beside(x, text).anchor, text, style)

    def sentence(self) -> str:
        said = {"people": number(self.people, self.locale), "day": written_day(self.today, self.words)}
        if self.points:
            said["first"] = written_day(self.points[0][0], self.words)
        if self.plan:
            said["planned"] = number(self.plan.planned_on(self.today), self.locale)
        return self.template() % said

    def template(self) -> str:
        """The sentence, with or without the first day and the plan."""
        if self.points and self.plan:
            return _(
                "%(people)s people were counted until %(day)s, the first on %(first)s;"
                " the plan was %(planned)s by then."
            )
        if self.points:
            return _("%(people)s people were counted until %(day)s, the first on %(first)s.")
        if self.plan:
            return _("%(people)s people were counted until %(day)s; the plan was %(planned)s by then.")
        return _("%(people)s people were counted until %(day)s.")


def rows_by_month(points: Totals, locale: str, words: str) -> list[tuple[str, str]]:
    """The total at the end of each month in which anybody came."""
    totals = {day.replace(day=1): people for day, people in points}
    return [(written_month(month, words), number(people, locale)) for month, people in totals.items()]


def refuse_falling(points: Totals) -> None:
    for (day, people), (next_day, next_people) in pairwise(points):
        if next_day <= day or next_people < people:
            raise ValueError(f"the running total does not go on from {day} ({people}) to {next_day} ({next_people})")
    if points and points[0][1] < 0:
        raise ValueError("the running total starts below 0")
