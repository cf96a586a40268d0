"""How far a count of people is along the way to a dated target, in exact whole people and whole days.

Days are counted as differences of dates: from 28 Jan 2026 to 31 Dec 2030 are 1,798 days. The planned line is straight:
0 people on the first day, the target on the due day. On a day in between it stands at

    floor(target × days gone / days in all)

so that "on track" never asks for a part of a person. This is integer arithmetic; only shares and rates are floats.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

RECENT_DAYS = 28


class Stage(StrEnum):
    NOT_STARTED = "not-started"
    RUNNING = "running"
    REACHED = "reached"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class Pace:
    """Where a count stands against a dated target; the words of the formulas are those of the fields.

    `people_recently` are those whose day lies in the last 28 days, today included. They grow afterwards when returns
    arrive late, so the recent pace is a lower bound.
    """

    target: int
    starts_on: date
    due_on: date
    people: int
    people_recently: int
    today: date

    @property
    def stage(self) -> Stage:
        """Reached comes first: a target that was reached is neither early nor overdue."""
        if self.people >= self.target:
            return Stage.REACHED
        if self.today < self.starts_on:
            return Stage.NOT_STARTED
        return Stage.OVERDUE if self.today > self.due_on else Stage.RUNNING

    @property
    def days_in_all(self) -> int:
        return (self.due_on - self.starts_on).days

    @property
    def days_gone(self) -> int:
        """0 until the first day, `days_in_all` on the due day and after it."""
        return min(max((self.today - self.starts_on).days, 0), self.days_in_all)

    @property
    def days_left(self) -> int:
        """Days in which people can still be counted in time: today is one while it is the last; 0 when overdue."""
        if self.today > self.due_on:
            return 0
        return max((self.due_on - max(self.today, self.starts_on)).days, 1)

    @property
    def days_overdue(self) -> int:
        return max((self.today - self.due_on).days, 0)

    @property
    def missing(self) -> int:
        return max(self.target - self.people, 0)

    @property
    def share_of_target(self) -> float:
        """people / target; above 1 when more than the target were counted."""
        return self.people / self.target

    @property
    def share_of_time(self) -> float:
        """days gone / days in all, from 0 to 1."""
        return self.days_gone / self.days_in_all

    @property
    def planned(self) -> int:
        """People on the straight line today."""
        return self.planned_on(self.today)

    def planned_on(self, day: date) -> int:
        """People on the straight line on that day: 0 until the first day, the target from the due day on."""
        days = min(max((day - self.starts_on).days, 0), self.days_in_all)
        return self.target * days // self.days_in_all

    @property
    def people_ahead(self) -> int:
        """people - planned: negative when behind."""
        return self.people - self.planned

    @property
    def days_ahead(self) -> int:
        """Days until the line gets to this count (ahead), or since it went past it (negative); 0 on the line.

        Its sign is that of `people_ahead`. An overdue count falls behind by another day each day.
        """
        gone = self.days_gone if self.stage is Stage.REACHED else self.days_gone + self.days_overdue
        arrives = -(-self.people * self.days_in_all // self.target)
        leaves = -(-(self.people + 1) * self.days_in_all // self.target)
        return max(arrives - gone, 0) + min(leaves - 1 - gone, 0)

    @property
    def is_on_track(self) -> bool:
        """At or ahead of the straight line; what is overdue is not on track."""
        return self.people_ahead >= 0

    @property
    def needed_a_day(self) -> float | None:
        """missing / days left; None when overdue, because no day is left."""
        if self.stage is Stage.REACHED:
            return 0.0
        return self.missing / self.days_left if self.days_left else None

    @property
    def recent_a_day(self) -> float:
        return self.people_recently / RECENT_DAYS

    @property
    def projected_on(self) -> date | None:
        """The day on which the target is reached if the recent pace goes on: today + missing / recent pace, rounded up.

        None when it was reached, when the recent pace is 0, and when the day lies beyond the calendar's year 9999.
        """
        if self.stage is Stage.REACHED or self.people_recently <= 0:
            return None
        days = -(-self.missing * RECENT_DAYS // self.people_recently)
        return self.today + timedelta(days) if days <= (date.max - self.today).days else None


def pace_of(
    *, target: int, starts_on: date | None, due_on: date | None, people: int, people_recently: int, today: date
) -> Pace | None:
    """The pace of a target; None for a target without a due date: none is ever guessed.

    `target` is positive and `starts_on` before `due_on`: the database refuses any other target.
    """
    if due_on is None or starts_on is None:
        return None
    return Pace(target, starts_on, due_on, people, people_recently, today)


def recent_since(today: date) -> date:
    """The first of the last 28 days, of which `today` is the last."""
    return today - timedelta(RECENT_DAYS - 1)
