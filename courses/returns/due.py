"""Which returns are due: a partner's periods, what came in for each, and how late what is missing is.

A period is **reported** once two things hold: a return that was loaded has rows of its days, and a return was loaded
that came in after its last day. So who sends every week has reported October with the first return of November, and a
return of December alone reports no November. Days are those of the program's time zone.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from programs.models import Partner, Program


@dataclass(frozen=True)
class Period:
    """A period of one partner as of a day. `sent` = `taken` + `refused` + those that wait; `rows` are of its days."""

    partner_id: int
    first_on: date
    last_on: date
    due_on: date
    today: date
    reported_on: date | None
    reported_by: int | None
    nothing_id: int | None
    sent: int
    taken: int
    refused: int
    rows: int

    @property
    def state(self) -> str:
        """`reported`, `nothing` to report, `running` until its last day, `due`, and `overdue` after the due day."""
        if self.reported_on:
            return "reported"
        if self.nothing_id:
            return "nothing"
        if self.today <= self.last_on:
            return "running"
        return "due" if self.today <= self.due_on else "overdue"

    @property
    def is_open(self) -> bool:
        return self.state in ("running", "due", "overdue")

    @property
    def days_late(self) -> int:
        """Days from the due day to the report, or until today where there is none; never below 0."""
        return max(((self.reported_on or self.today) - self.due_on).days, 0)

    @property
    def days_left(self) -> int:
        return max((self.due_on - self.today).days, 0)


@dataclass(frozen=True)
class Standing:
    """What a partner owes: its periods, the newest first."""

    periods: list[Period]

    @property
    def overdue(self) -> list[Period]:
        return [period for period in self.periods if period.state == "overdue"]

    @property
    def days_overdue(self) -> int:
        """Of the period that is overdue for the longest."""
        return max((period.days_late for period in self.overdue), default=0)

    @property
    def next_due(self) -> Period | None:
        """The period that must be reported next, unless it is overdue already."""
        waiting = [period for period in self.periods if period.state in ("running", "due")]
        return min(waiting, key=lambda period: period.due_on, default=None)


def standing_of(partner: Partner, *, today: date) -> Standing:
    """All periods of the partner until the one that runs today."""
    return standings_of(partner.program, [partner], today=today)[partner.pk]


def standings_of(
    program: Program, partners: Iterable[Partner], *, today: date, only_open: bool = False
) -> dict[int, Standing]:
    """The standing of each of the program's partners, by its number; one query. `only_open` leaves out what is done."""
    standings = {partner.pk: Standing([]) for partner in partners}
    given: dict[str, Any] = {
        "partners": list(standings), "today": today, "zone": program.time_zone, "only_open": only_open
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(PERIODS, given)
        names = [column.name for column in cursor.description]
        for row in cursor.fetchall():
            period = Period(today=today, **dict(zip(names, row, strict=True)))
            standings[period.partner_id].periods.append(period)
    return standings


# A return that was loaded belongs to the periods of its rows. One without rows that could be read, one that was refused
# and one that waits belong to the last period that was over when they came.
PERIODS = """
WITH schedule AS (
    SELECT DISTINCT ON (partner_id) partner_id, begins_on::timestamp AS begins_on, due_after_days,
           make_interval(months => months) AS step
    FROM returns_reportingschedule WHERE partner_id = ANY(%(partners)s) ORDER BY partner_id, id DESC
), period AS MATERIALIZED (
    SELECT partner_id, first::date AS first_on, (first + step)::date - 1 AS last_on,
           (first + step)::date - 1 + due_after_days AS due_on, (first + 2 * step)::date AS after_next_on
    FROM schedule CROSS JOIN LATERAL generate_series(begins_on, %(today)s::timestamp, step) first
    WHERE step IS NOT NULL
), told AS MATERIALIZED (
    SELECT partner_id, id, status, received_at, (received_at AT TIME ZONE %(zone)s)::date AS received_on, months,
           status = 'loaded' AND months <> '{}' AS says_days
    FROM returns_return WHERE partner_id IN (SELECT partner_id FROM period) AND NOT is_trial
), spoken AS (
    SELECT partner_id, first_on, min(received_at) AS spoken_at, count(DISTINCT id) AS returns,
           sum(rows::integer) AS rows
    FROM told CROSS JOIN LATERAL jsonb_each_text(months) of_month (month, rows) JOIN period USING (partner_id)
    WHERE says_days AND to_date(month, 'YYYY-MM') BETWEEN first_on AND last_on GROUP BY partner_id, first_on
), closed AS (
    SELECT partner_id, first_on, min(received_at) AS closed_at FROM told JOIN period USING (partner_id)
    WHERE says_days AND received_on > last_on GROUP BY partner_id, first_on
), others AS (
    SELECT partner_id, first_on, count(*) AS sent, count(*) FILTER (WHERE status = 'loaded') AS taken,
           count(*) FILTER (WHERE status = 'refused') AS refused
    FROM told JOIN period USING (partner_id)
    WHERE NOT says_days AND received_on > last_on AND received_on < after_next_on GROUP BY partner_id, first_on
), reported AS (
    SELECT partner_id, first_on, greatest(spoken_at, closed_at) AS reported_at
    FROM spoken JOIN closed USING (partner_id, first_on)
)
SELECT period.partner_id, period.first_on, period.last_on, due_on,
       (reported_at AT TIME ZONE %(zone)s)::date AS reported_on,
       (SELECT min(id) FROM returns_return sent WHERE sent.partner_id = period.partner_id AND NOT is_trial
            AND status = 'loaded' AND received_at = reported_at) AS reported_by,
       nothing.id AS nothing_id, coalesce(returns, 0) + coalesce(sent, 0) AS sent,
       coalesce(returns, 0) + coalesce(taken, 0) AS taken, coalesce(refused, 0) AS refused, coalesce(rows, 0) AS rows
FROM period LEFT JOIN spoken USING (partner_id, first_on) LEFT JOIN others USING (partner_id, first_on)
LEFT JOIN reported USING (partner_id, first_on)
LEFT JOIN returns_nothingtoreport nothing ON nothing.partner_id = period.partner_id AND withdrawn_at IS NULL
    AND nothing.first_on = period.first_on AND nothing.last_on = period.last_on
WHERE NOT (%(only_open)s AND (reported_at IS NOT NULL OR nothing.id IS NOT NULL))
ORDER BY period.partner_id, period.first_on DESC
"""
