"""Numbers and dates as a nation writes them."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.utils import translation

from programs.models import Program
from programs.templatetags.counted import people
from programs.templatetags.figures import ago, country, day, listed, moment, number, per_cent, points

NOW = datetime(2026, 11, 22, 18, 45, tzinfo=UTC)
INDIA = Program(number_locale="en_IN", time_zone="Asia/Kolkata")
BRITAIN = Program(number_locale="en_GB", time_zone="Europe/London")


def test_india_groups_in_lakh_and_crore() -> None:
    assert number(15_000_000, INDIA) == "1,50,00,000"
    assert number(15_000_000, BRITAIN) == number(15_000_000) == "15,000,000"


@pytest.mark.parametrize(
    ("language", "written", "grouped"),
    [
        ("hi", "2 नव॰ 2026", "1,50,00,000"),
        ("ta", "2 நவ., 2026", "1,50,00,000"),
        ("ms", "2 Nov 2026", "1,50,00,000"),
        ("zh-hans", "2026年11月2日", "1,50,00,000"),
        ("cy", "2 Tach 2026", "1,50,00,000"),
    ],
)
def test_words_are_the_reader_s_and_digits_the_country_s(language: str, written: str, grouped: str) -> None:
    with translation.override(language):
        assert day(date(2026, 11, 2), INDIA) == written
        assert number(15_000_000, INDIA) == grouped


@pytest.mark.parametrize("language", ["hi", "ta", "ms", "zh-hans", "cy"])
@pytest.mark.parametrize("locale", ["en_GB", "en_AU", "en_SG"])
def test_no_reader_sees_lakhs_of_another_country_s_people(language: str, locale: str) -> None:
    with translation.override(language):
        assert number(15_000_000, Program(number_locale=locale)) == "15,000,000"
        assert points(1234.5, Program(number_locale=locale)) == "1,234.5"


def test_a_moment_has_its_parts_in_the_reader_s_order() -> None:
    with translation.override("zh-hans"):
        assert moment(NOW, INDIA) == "2026年11月23日 00:15"


def test_a_list_of_names_is_a_list_in_the_reader_s_language() -> None:
    assert [listed(names) for names in (["a"], ["a", "b"], ["a", "b", "c"])] == ["a", "a and b", "a, b and c"]
    with translation.override("ms"):
        assert listed(["a", "b"]) == "a dan b"


def test_how_many_is_told_in_the_nation_s_digits() -> None:
    assert (people(1, INDIA), people(1_50_000, INDIA)) == ("1 person", "1,50,000 people")


def test_a_share_has_one_decimal() -> None:
    assert per_cent(0.25, BRITAIN) == "25.0 %"
    assert per_cent(1.2345, INDIA) == "123.4 %"


def test_a_day_is_written_as_the_nation_writes_it() -> None:
    assert day(date(2026, 11, 2), BRITAIN) == day(date(2026, 11, 2)) == "2 Nov 2026"
    with translation.override("zh-hans"):
        assert day(date(2026, 11, 2), Program(number_locale="en_SG")) == "2026年11月2日"


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
