"""When the returns of the demonstration are due, so that its pages show what is reported, late, due and overdue."""

from datetime import date, datetime
from typing import NamedTuple

from courses.returns.operations import set_schedule
from programs.models import Partner, Program


class Rhythm(NamedTuple):
    """Months of a period, months from the first period's beginning to the month of today, and days until it is due."""

    months: int
    ago: int
    due_after_days: int


SCHEDULES = {
    "demo-employer": Rhythm(months=3, ago=6, due_after_days=75),
    "demo-college": Rhythm(months=1, ago=6, due_after_days=45),
    "demo-agency": Rhythm(months=1, ago=6, due_after_days=15),  # reports every six weeks, so that some are late
    "demo-workshop": Rhythm(months=1, ago=3, due_after_days=30),  # sends nothing at all
}


def ensure_schedules(program: Program, *, at: datetime) -> None:
    """Sets the schedules of the partners that never had one; what a program manager has set stays."""
    never = Partner.objects.filter(program=program, code__in=SCHEDULES, reporting_schedules__isnull=True)
    for partner in never:
        months, ago, due_after_days = SCHEDULES[partner.code]
        begins_on = months_before(program.day_of(at), ago)
        set_schedule(partner, months=months, begins_on=begins_on, due_after_days=due_after_days, at=at, by=None)


def months_before(day: date, months: int) -> date:
    """The first day of the month so many months before that of the day."""
    years, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(years, month + 1, 1)
