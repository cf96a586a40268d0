"""Daily figures by month, in the financial years of the program."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from reporting.dashboards.figures import Daily, end_of
from reporting.pacing.pace import Pace


@dataclass(frozen=True, slots=True)
class Month:
    """New people of a month and all until its end; `planned` is where the line of a dated target stands at its end."""

    first: date
    people: int
    people_until: int
    planned: int | None


@dataclass(frozen=True, slots=True)
class FinancialYear:
    name: str
    months: list[Month]

    @property
    def people(self) -> int:
        return sum(month.people for month in self.months)


def months_of(daily: Daily, pace: Pace | None) -> list[Month]:
    """The months in which anybody was counted, in order."""
    people: dict[date, int] = defaultdict(int)
    for day, number in daily.days:
        people[day.replace(day=1)] += number
    total, months = 0, []
    for first, number in people.items():
        total += number
        months.append(Month(first, number, total, pace.planned_on(end_of(first)) if pace else None))
    return months


def financial_years(months: list[Month], *, starts_in: int) -> list[FinancialYear]:
    """The months by financial year, both in order; `starts_in` is the number of the month in which a year starts."""
    years = groupby(months, key=lambda month: month.first.year - (month.first.month < starts_in))
    return [FinancialYear(year_name(year, starts_in), list(rows)) for year, rows in years]


def year_name(year: int, starts_in: int) -> str:
    """ "2026" for a calendar year, else "2026–27"."""
    return str(year) if starts_in == 1 else f"{year}–{(year + 1) % 100:02}"
