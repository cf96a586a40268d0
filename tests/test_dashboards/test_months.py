from datetime import date

from reporting.dashboards.figures import Daily, end_of
from reporting.dashboards.months import FinancialYear, Month, financial_years, months_of, year_name
from reporting.pacing.pace import Pace

DAILY = Daily([(date(2026, 3, 1), 10), (date(2026, 3, 31), 1), (date(2026, 4, 1), 5)])


def test_days_are_added_up_by_month() -> None:
    march, april = months_of(DAILY, None)
    assert march == Month(date(2026, 3, 1), 11, 11, None)
    assert april == Month(date(2026, 4, 1), 5, 16, None)


def test_a_month_says_where_the_plan_stands_at_its_end() -> None:
    pace = Pace(100, date(2026, 3, 1), date(2026, 6, 9), 16, 0, date(2026, 5, 1))
    assert [month.planned for month in months_of(DAILY, pace)] == [30, 60]


def test_months_stand_in_the_financial_years_of_the_program() -> None:
    years = financial_years(months_of(DAILY, None), starts_in=4)
    assert [(year.name, year.people) for year in years] == [("2025–26", 11), ("2026–27", 5)]


def test_a_year_that_starts_in_january_has_one_name() -> None:
    assert [year.name for year in financial_years(months_of(DAILY, None), starts_in=1)] == ["2026"]


def test_the_last_day_of_february_follows_the_leap_year() -> None:
    assert (end_of(date(2027, 2, 1)), end_of(date(2028, 2, 1))) == (date(2027, 2, 28), date(2028, 2, 29))
    assert end_of(date(2026, 12, 1)) == date(2026, 12, 31)


def test_a_year_at_the_turn_of_the_century_keeps_two_digits() -> None:
    assert year_name(2099, 7) == "2099–00"
    assert FinancialYear("x", []).people == 0
