"""Moments of statements: which there are, and how they are given back."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.statements.moments import is_moment, utc, written_in_utc


@pytest.mark.parametrize(
    ("sent", "back"),
    [
        ("2026-03-01T10:00:00Z", "2026-03-01T10:00:00Z"),
        ("2026-03-01T10:00:00.1234567Z", "2026-03-01T10:00:00.1234567Z"),
        ("2026-03-01T10:00:00.123456789-05:00", "2026-03-01T15:00:00.123456789Z"),
        ("2026-03-01T00:30:00+05:30", "2026-02-28T19:00:00Z"),
        ("2026-03-01T10:00:00.500", "2026-03-01T10:00:00.500Z"),
        ("2026-03-01 10:00:00.601+00:00", "2026-03-01T10:00:00.601Z"),
        ("2026-03-01 10:00:00Z", "2026-03-01T10:00:00Z"),
        ("2026-03-01T10:00Z", "2026-03-01T10:00:00Z"),
        ("2026-03-01T10:00-05:00", "2026-03-01T15:00:00Z"),
        ("2026-03-01T10:00:00-0500", "2026-03-01T15:00:00Z"),
        ("2026-03-01T10:00:00+01", "2026-03-01T09:00:00Z"),
        ("0007-03-01T10:00:00+01:00", "0007-03-01T09:00:00Z"),
    ],
)
def test_a_moment_is_given_back_in_utc_as_precise_as_it_was(sent: str, back: str) -> None:
    assert is_moment(sent)
    assert written_in_utc(sent) == back
    assert utc(sent) == utc(back)


@pytest.mark.parametrize(
    "text",
    [
        *("", "now", "2026-03-01", "01/03/2026", "2026-03-01T10", "2026-03-01T10:00:00 Z", "2026-03-01  10:00:00Z"),
        *("2026-02-30T10:00:00Z", "2026-03-01T24:30:00Z", "2026-03-01T10:00:00+99:00", "2026-03-01T10:00:00,5Z"),
        *("2026-03-01T10:00:00-00", "2026-03-01T10:00:00-0000", "2026-03-01T10:00:00-00:00", "20260301T100000Z"),
        *("٢٠٢٦-03-01T10:00:00Z", "2026-03-01T10:00:00Z\n"),
    ],
)  # fmt: skip
def test_what_is_no_moment_is_known(text: str) -> None:
    assert not is_moment(text)


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-05:00"])
def test_a_moment_whose_year_in_utc_has_no_four_digits_is_none(text: str) -> None:
    assert not is_moment(text)


@given(st.datetimes(timezones=st.timezones()).filter(lambda moment: 1 < moment.year < 9999))
def test_the_moment_is_the_same_in_every_zone(moment: datetime) -> None:
    whole = moment.astimezone(UTC)
    assert utc(written_in_utc(whole.isoformat())) == whole
