"""Numbers and dates as a nation writes them."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.utils import translation

from programs.models import Program
from programs.templatetags.figures import ago, country, day, moment, number, per_cent

NOW = datetime(2026, 11, 22, 18, 45, tzinfo=UTC)
INDIA = Program(number_locale="en_IN", time_zone="Asia/Kolkata")
BRITAIN = Program(number_locale="en_GB", time_zone="Europe/London")


def test_india_groups_in_lakh_and_crore() -> None:
    assert number(15_000_000, INDIA) == "1,50,00,000"
    assert number(15_000_000, BRITAIN) == number(15_000_000) == "15,000,000"


def test_a_share_has_one_decimal() -> None:
    assert per_cent(0.25, BRITAIN) == "25.0 %"
    assert per_cent(1.2345, INDIA) == "123.4 %"


def test_a_day_is_written_as_the_nation_writes_it() -> None:
    assert day(date(2026, 11, 2), BRITAIN) == day(date(2026, 11, 2)) == "2 Nov 2026"
    assert day(date(2026, 11, 2), Program(number_locale="zh_Hans_SG")) == "2026年11月2日"


def test_a_moment_is_told_in_the_program_s_own_time() -> None:
    assert moment(NOW, INDIA) == "23 Nov 2026, 00:15"
    assert moment(NOW) == "22 Nov 2026, 18:45"


@pytest.mark.parametrize(
    ("passed", "words"), [(timedelta(minutes=2), "2 minutes ago"), (timedelta(days=40), "1 month ago")]
)
@time_machine.travel(NOW, tick=False)
def test_how_long_ago_is_told_in_the_largest_unit(passed: timedelta, words: str) -> None:
    assert ago(NOW - passed, BRITAIN) == words


@time_machine.travel(NOW, tick=False)
def test_a_clock_that_is_ahead_makes_no_fact_of_the_past_a_future_one() -> None:
    assert ago(NOW + timedelta(seconds=30)) == "1 second ago"


@pytest.mark.parametrize("write", [number, per_cent, day, moment, ago])
def test_nothing_is_a_dash(write: object) -> None:
    assert write(None) == "–"  # type: ignore[operator]


def test_a_country_is_named_in_the_reader_s_language() -> None:
    assert country("IN") == "India"
    with translation.override("cy"):
        assert country("GB") == "Y Deyrnas Unedig"


def test_a_country_that_no_list_knows_keeps_its_code() -> None:
    assert country("XR") == "XR"
