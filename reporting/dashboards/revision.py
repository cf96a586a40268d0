"""What changed a figure between two moments, for the page that shows it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from programs.locales import digit_locale, word_locale
from programs.models import Program
from reporting.counting.explanation import CauseLine, cause_lines
from reporting.counting.history import Change, Figure
from reporting.dashboards.bars import ChangeChart, change_chart


@dataclass(frozen=True, slots=True)
class Revision:
    """`before` people as of `since`; what was booked after it and until `until`, by cause and by day.

    `whole_causes` are those of the whole in the same place, where the figure is a partner's part.
    """

    program: Program
    since: datetime
    until: datetime
    before: int
    causes: list[CauseLine]
    days: list[tuple[date, Change]]
    whole_causes: list[CauseLine]

    @classmethod
    def of(cls, figure: Figure, program: Program, *, since: datetime, until: datetime) -> Self:
        causes, days = figure.tables(("cause",), ("booked_on",), until=until, since=since)
        changes = sorted((day, figure.change_in(booked)) for (day,), booked in days.items())
        whole = figure.whole().by_cause(until, since=since) if figure.partner else {}
        return cls(
            program=program,
            since=since,
            until=until,
            before=figure.people(since),
            causes=cause_lines({cause: figure.change_in(booked) for (cause,), booked in causes.items()}),
            days=[(day, change) for day, change in changes if any(change)],
            whole_causes=cause_lines(whole),
        )

    @property
    def change(self) -> Change:
        return together(self.causes)

    @property
    def whole_change(self) -> Change:
        return together(self.whole_causes)

    @property
    def after(self) -> int:
        """People as of `until`: exactly those before and what was booked in between."""
        return self.before + self.change.net

    @property
    def chart(self) -> ChangeChart:
        """From the day after `since`, or the first day with anything booked if that was more than ten years later."""
        zone = ZoneInfo(self.program.time_zone)
        first = (self.since + timedelta(microseconds=1)).astimezone(zone).date()
        if self.days and (self.days[0][0] - first).days > 3652:
            first = self.days[0][0]
        return change_chart(
            self.days,
            first=first,
            last=self.until.astimezone(zone).date(),
            title=_("People gained and lost by day of booking"),
            locale=digit_locale(self.program),
            words=word_locale(self.program),
        )


def together(lines: list[CauseLine]) -> Change:
    return Change(sum(line.change.gained for line in lines), sum(line.change.lost for line in lines))
