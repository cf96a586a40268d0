from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.pacing.pace import Pace, Stage, pace_of, recent_since

STARTS, DUE = date(2026, 1, 1), date(2026, 4, 11)  # 100 days


def a_pace(**changes: Any) -> Pace:
    facts: dict[str, Any] = {"target": 1000, "starts_on": STARTS, "due_on": DUE, "people": 0, "people_recently": 0}
    return Pace(**(facts | {"today": STARTS + timedelta(50)} | changes))


@st.composite
def paces(draw: st.DrawFn) -> Pace:
    starts_on = draw(st.dates(date(1990, 1, 1), date(2100, 1, 1)))
    due_on = starts_on + timedelta(draw(st.integers(1, 10_000)))
    target = draw(st.integers(1, 20_000_000))
    people = draw(st.integers(0, target + 5))
    recently = draw(st.integers(0, people))
    today = draw(st.dates(starts_on - timedelta(400), due_on + timedelta(400)))
    return Pace(target, starts_on, due_on, people, recently, today)


def test_a_target_without_a_due_date_has_no_pace() -> None:
    assert pace_of(target=10, starts_on=STARTS, due_on=None, people=1, people_recently=1, today=STARTS) is None


@pytest.mark.parametrize(
    ("target", "starts_on", "due_on", "a_day"),
    [
        (10_000_000, date(2026, 1, 28), date(2030, 12, 31), 5562),
        (100_000, date(2026, 3, 2), date(2029, 12, 31), 71),
    ],
)
def test_national_targets_need_the_published_pace(target: int, starts_on: date, due_on: date, a_day: int) -> None:
    pace = a_pace(target=target, starts_on=starts_on, due_on=due_on, today=starts_on)
    assert pace.needed_a_day is not None
    assert round(pace.needed_a_day) == a_day


def test_half_of_the_time_asks_for_half_of_the_people() -> None:
    pace = a_pace(people=500)
    assert (pace.share_of_time, pace.share_of_target, pace.planned) == (0.5, 0.5, 500)
    assert (pace.people_ahead, pace.days_ahead, pace.is_on_track) == (0, 0, True)


def test_ahead_is_said_in_people_and_in_days() -> None:
    pace = a_pace(people=600)
    assert (pace.people_ahead, pace.days_ahead, pace.is_on_track) == (100, 10, True)


def test_behind_is_said_in_people_and_in_days() -> None:
    pace = a_pace(people=399)
    assert (pace.people_ahead, pace.days_ahead, pace.is_on_track) == (-101, -11, False)


def test_before_the_first_day_the_whole_time_is_left() -> None:
    pace = a_pace(people=10, today=STARTS - timedelta(30))
    assert (pace.stage, pace.planned, pace.share_of_time, pace.days_left) == (Stage.NOT_STARTED, 0, 0.0, 100)
    assert pace.needed_a_day == 9.9
    assert (pace.people_ahead, pace.days_ahead) == (10, 1)


def test_on_the_due_day_all_that_is_missing_is_needed_today() -> None:
    pace = a_pace(people=990, today=DUE)
    assert (pace.stage, pace.days_left, pace.needed_a_day) == (Stage.RUNNING, 1, 10.0)
    assert (pace.people_ahead, pace.is_on_track) == (-10, False)


def test_an_overdue_target_needs_no_pace_and_falls_further_behind() -> None:
    due, later = a_pace(people=500, today=DUE), a_pace(people=500, today=DUE + timedelta(5))
    assert (later.stage, later.needed_a_day, later.days_left) == (Stage.OVERDUE, None, 0)
    assert later.days_ahead == due.days_ahead - 5
    assert not later.is_on_track


def test_a_reached_target_stays_reached_after_its_due_day() -> None:
    pace = a_pace(people=1000, today=DUE + timedelta(300))
    assert (pace.stage, pace.is_on_track, pace.needed_a_day, pace.projected_on) == (Stage.REACHED, True, 0.0, None)
    assert pace.days_ahead == 0


def test_the_projection_goes_on_at_the_recent_pace() -> None:
    pace = a_pace(people=440, people_recently=56)
    assert pace.recent_a_day == 2.0
    assert pace.projected_on == pace.today + timedelta(280)


def test_nobody_lately_means_no_projection() -> None:
    assert a_pace(people=440).projected_on is None


def test_a_projection_beyond_the_calendar_is_none() -> None:
    assert a_pace(target=4_000_000_000, people=1, people_recently=1).projected_on is None


def test_the_last_28_days_include_today() -> None:
    today = date(2026, 11, 22)
    assert (today - recent_since(today)).days + 1 == 28


@given(paces())
def test_people_and_days_agree_on_who_is_ahead(pace: Pace) -> None:
    assert (pace.people_ahead > 0) == (pace.days_ahead > 0) or pace.stage is Stage.REACHED
    assert (pace.people_ahead < 0) == (pace.days_ahead < 0)


@given(paces())
def test_on_track_is_never_overdue_and_reached_is_always_on_track(pace: Pace) -> None:
    if pace.stage in (Stage.REACHED, Stage.OVERDUE):
        assert pace.is_on_track == (pace.stage is Stage.REACHED)


@given(paces())
def test_counting_what_is_needed_each_day_left_reaches_the_target(pace: Pace) -> None:
    if pace.needed_a_day is not None:
        assert pace.people + pace.needed_a_day * pace.days_left >= pace.target - 1e-6


@given(paces(), st.integers(-500, 11_000), st.integers(0, 500))
def test_the_line_never_falls_and_ends_at_the_target(pace: Pace, day: int, later: int) -> None:
    on = pace.starts_on + timedelta(day)
    assert 0 <= pace.planned_on(on) <= pace.planned_on(on + timedelta(later)) <= pace.target
    assert (pace.planned_on(pace.starts_on), pace.planned_on(pace.due_on)) == (0, pace.target)


@given(paces())
def test_the_projected_day_is_the_first_on_which_the_recent_pace_is_enough(pace: Pace) -> None:
    if pace.projected_on is not None:
        days = (pace.projected_on - pace.today).days
        assert days * pace.people_recently >= pace.missing * 28 > (days - 1) * pace.people_recently


@given(paces())
def test_shares_are_shares(pace: Pace) -> None:
    assert 0 <= pace.share_of_time <= 1
    assert pace.share_of_target >= 0
