"""When a period is reported, due or overdue: by the rows of its days and by what came in after its end."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from courses.returns.due import Period, standing_of, standings_of
from courses.returns.models import Return
from courses.returns.operations import load_return_now, say_nothing_to_report, set_schedule
from programs.models import Partner
from tests.factories import NOW, PartnerFactory, UserFactory
from tests.test_returns.school import School, file_of, row

TODAY = date(2026, 5, 20)


def due(partner: Partner, *, months: int = 1, begins_on: date = date(2026, 2, 1), due_after_days: int = 15) -> None:
    set_schedule(partner, months=months, begins_on=begins_on, due_after_days=due_after_days, at=NOW, by=None)


def send(school: School, received: date, *ended: str, **changes: Any) -> Return:
    """A return with a row of each of the days, received at noon of the day."""
    at = datetime(received.year, received.month, received.day, 12, tzinfo=UTC)
    rows = [row(int(day.replace("-", "")) + received.day, ended=day) for day in ended]
    kept = school.keep(file_of(rows), **({"received_at": at} | changes))
    load_return_now(kept.pk, at=kept.received_at)
    return Return.objects.get(pk=kept.pk)


def states(school: School, today: date = TODAY) -> list[tuple[str, str]]:
    """Month and state of each period, the newest first."""
    periods = standing_of(school.partner, today=today).periods
    return [(period.first_on.isoformat()[:7], period.state) for period in periods]


def period_of(school: School, month: int, today: date = TODAY) -> Period:
    return next(each for each in standing_of(school.partner, today=today).periods if each.first_on.month == month)


def test_without_a_schedule_nothing_is_due(school: School) -> None:
    assert standing_of(school.partner, today=TODAY).periods == []


def test_periods_run_from_the_first_day_to_the_due_day_and_beyond(school: School) -> None:
    due(school.partner)
    assert states(school) == [
        ("2026-05", "running"),
        ("2026-04", "overdue"),
        ("2026-03", "overdue"),
        ("2026-02", "overdue"),
    ]
    april = period_of(school, 4)
    assert (april.first_on, april.last_on, april.due_on) == (date(2026, 4, 1), date(2026, 4, 30), date(2026, 5, 15))
    assert april.days_late == 5


@pytest.mark.parametrize(
    ("today", "state"),
    [
        (date(2026, 4, 30), "running"),
        (date(2026, 5, 1), "due"),
        (date(2026, 5, 15), "due"),
        (date(2026, 5, 16), "overdue"),
    ],
)
def test_a_period_is_due_from_the_day_after_its_end_and_overdue_after_the_due_day(
    school: School, today: date, state: str
) -> None:
    due(school.partner)
    assert period_of(school, 4, today).state == state


@pytest.mark.parametrize(
    ("months", "begins_on", "ends"),
    [
        (3, date(2025, 11, 1), [date(2026, 7, 31), date(2026, 4, 30), date(2026, 1, 31)]),
        (6, date(2025, 9, 1), [date(2026, 8, 31), date(2026, 2, 28)]),
        (12, date(2024, 2, 1), [date(2027, 1, 31), date(2026, 1, 31), date(2025, 1, 31)]),
    ],
)
def test_longer_periods_follow_each_other_without_a_gap(
    school: School, months: int, begins_on: date, ends: list[date]
) -> None:
    due(school.partner, months=months, begins_on=begins_on)
    assert [period.last_on for period in standing_of(school.partner, today=TODAY).periods] == ends


def test_a_return_after_the_end_with_rows_of_the_period_reports_it(school: School) -> None:
    due(school.partner)
    sent = send(school, date(2026, 5, 4), "2026-04-30")
    april = period_of(school, 4)
    assert (april.state, april.reported_on, april.reported_by) == ("reported", date(2026, 5, 4), sent.pk)
    assert (april.sent, april.taken, april.refused, april.rows, april.days_late) == (1, 1, 0, 1, 0)
    assert period_of(school, 3).state == "overdue"


def test_rows_of_another_month_report_nothing(school: School) -> None:
    due(school.partner)
    send(school, date(2026, 5, 4), "2026-05-02")
    assert states(school)[1] == ("2026-04", "overdue")


def test_a_return_within_the_period_does_not_report_it_and_the_next_one_does(school: School) -> None:
    due(school.partner)
    send(school, date(2026, 4, 29), "2026-04-02")
    assert period_of(school, 4).state == "overdue"
    later = send(school, date(2026, 5, 17), "2026-05-16")
    april = period_of(school, 4)
    assert (april.reported_on, april.reported_by, april.days_late) == (date(2026, 5, 17), later.pk, 2)


def test_rows_that_come_months_later_report_their_period_late(school: School) -> None:
    due(school.partner)
    send(school, date(2026, 4, 10), "2026-03-10")
    send(school, date(2026, 5, 20), "2026-02-10")
    assert (period_of(school, 2).days_late, period_of(school, 3).days_late) == (66, 0)


def test_sending_the_same_again_reports_nothing_else(school: School) -> None:
    due(school.partner)
    send(school, date(2026, 4, 10), "2026-03-10")
    before = [(each.state, each.reported_on) for each in standing_of(school.partner, today=TODAY).periods]
    send(school, date(2026, 4, 10), "2026-03-10")
    assert [(each.state, each.reported_on) for each in standing_of(school.partner, today=TODAY).periods] == before


def test_dry_runs_refused_files_and_faulty_rows_report_nothing(school: School) -> None:
    due(school.partner)
    send(school, date(2026, 5, 4), "2026-04-30", is_trial=True)
    school.send(b"nothing", received_at=NOW.replace(month=5, day=5))
    school.send(file_of([row(region="Atlantis", ended="2026-04-01")]), received_at=NOW.replace(month=5, day=6))
    april = period_of(school, 4)
    assert (april.state, april.sent, april.taken, april.refused) == ("overdue", 2, 1, 1)


def test_a_return_of_several_months_stands_in_each_of_them(school: School) -> None:
    due(school.partner)
    sent = send(school, date(2026, 5, 4), "2026-02-02", "2026-03-03", "2026-03-04")
    assert sent.months == {"2026-02": 1, "2026-03": 2}
    assert [(period_of(school, month).sent, period_of(school, month).rows) for month in (2, 3, 4)] == [
        (1, 1),
        (1, 2),
        (0, 0),
    ]


def test_days_are_those_of_the_program(school: School) -> None:
    due(school.partner)
    just_after = datetime(2026, 4, 30, 22, 30, tzinfo=UTC)  # 0:30 on 1 May in Vienna
    send(school, date(2026, 4, 30), "2026-04-02", received_at=just_after - timedelta(hours=1))
    assert period_of(school, 4).state == "overdue"
    send(school, date(2026, 4, 30), "2026-04-03", received_at=just_after)
    assert period_of(school, 4).reported_on == date(2026, 5, 1)


def test_the_newest_schedule_holds(school: School) -> None:
    due(school.partner)
    due(school.partner, months=3, begins_on=date(2026, 1, 1))
    assert states(school) == [("2026-04", "running"), ("2026-01", "overdue")]


def test_many_partners_at_once_are_each_alone(school: School) -> None:
    other = PartnerFactory(program=school.program)
    due(school.partner)
    due(other, months=3, begins_on=date(2026, 1, 1))
    send(school, date(2026, 5, 4), "2026-04-30")
    say_nothing_to_report(other, date(2026, 1, 1), at=NOW, by=UserFactory())
    both = standings_of(school.program, [school.partner, other], today=TODAY)
    assert both == {each.pk: standing_of(each, today=TODAY) for each in (school.partner, other)}
    still_open = standings_of(school.program, [school.partner, other], today=TODAY, only_open=True)
    for pk, standing in both.items():
        assert still_open[pk].periods == [period for period in standing.periods if period.is_open]


def test_who_is_overdue_for_how_long_and_what_comes_next(school: School) -> None:
    due(school.partner)
    standing = standing_of(school.partner, today=date(2026, 4, 10))
    assert [period.first_on.month for period in standing.overdue] == [2]
    assert standing.days_overdue == 26
    assert standing.next_due is not None
    assert (standing.next_due.first_on.month, standing.next_due.days_left) == (3, 5)
