"""Charts say the same as their figures, whatever the figures and the names are."""

from datetime import date, timedelta
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reporting.dashboards.axes import as_steps, date_ticks, round_ticks, without_needless_corners
from reporting.dashboards.charts import HEIGHT, Chart, curve_chart
from reporting.dashboards.drawing import WIDTH
from reporting.pacing.pace import Pace

TODAY = date(2026, 11, 22)
SVG = "{http://www.w3.org/2000/svg}"
LOCALES = ["en_GB", "en_IN", "hi_IN", "ta_IN", "zh_Hans_SG", "ar_EG", "cy"]


def planned(value: int, starts_on: date, due_on: date) -> Pace:
    return Pace(value, starts_on, due_on, people=0, people_recently=0, today=TODAY)


days = st.dates(date(1990, 1, 1), date(2060, 12, 31))
totals = st.lists(st.tuples(st.integers(1, 200), st.integers(0, 10**9)), max_size=60)
plans = st.none() | st.builds(
    lambda value, day, length: planned(value, day, day + timedelta(length)),
    st.integers(1, 10**9),
    days,
    st.integers(1, 9999),
)


def running(steps: list[tuple[int, int]], first: date = date(2026, 1, 1)) -> list[tuple[date, int]]:
    """(days since the one before, people who came) as (day, people until then)."""
    day, total, points = first, 0, []
    for gap, people in steps:
        day, total = day + timedelta(gap), total + people
        points.append((day, total))
    return points


def drawn(chart: Chart) -> ElementTree.Element:
    return ElementTree.fromstring(chart.svg)


def corners(chart: Chart, style: str) -> list[tuple[float, float]]:
    path = drawn(chart).find(f"{SVG}path[@class='{style}']")
    assert path is not None
    return [tuple(map(float, corner.split())) for corner in path.attrib["d"][1:].rstrip("Z").split("L")]  # type: ignore[misc]


def texts(chart: Chart) -> list[str]:
    return [text.text or "" for text in drawn(chart).iter(f"{SVG}text")]


@settings(deadline=None)
@given(totals, plans, days, st.sampled_from(LOCALES))
def test_every_curve_is_well_formed_and_stays_inside_its_drawing(
    steps: list[tuple[int, int]], plan: Pace | None, today: date, locale: str
) -> None:
    chart = curve_chart(running(steps), title="People", locale=locale, today=today, plan=plan)
    for path in drawn(chart).iter(f"{SVG}path"):
        for corner in path.attrib["d"][1:].rstrip("Z").split("L"):
            x, y = map(float, corner.split())
            assert 0 <= x <= WIDTH
            assert 0 <= y <= HEIGHT


@settings(deadline=None)
@given(totals.filter(bool), days)
def test_a_curve_starts_at_nobody_ends_at_everybody_and_never_falls(steps: list[tuple[int, int]], today: date) -> None:
    chart = curve_chart(running(steps), title="People", locale="en_GB", today=today)
    line = corners(chart, "chart-line")
    assert line[0] == (0, 300)
    assert line[-1][0] == WIDTH
    assert line[-1][1] == min(y for _, y in line)
    assert all(x <= next_x and y >= next_y for (x, y), (next_x, next_y) in pairwise(line))


@settings(deadline=None)
@given(st.lists(st.floats(0, 1000), min_size=2, max_size=300))
def test_leaving_out_corners_keeps_the_ends_and_moves_the_line_by_less_than_the_tolerance(heights: list[float]) -> None:
    points = [(float(x), y) for x, y in enumerate(heights)]
    kept = without_needless_corners(points, tolerance=5)
    assert (kept[0], kept[-1]) == (points[0], points[-1])
    for (x0, y0), (x1, y1) in pairwise(kept):
        for x, y in points[int(x0) : int(x1)]:
            assert abs(y - y0 - (y1 - y0) / (x1 - x0) * (x - x0)) <= 5 + 1e-6


@settings(deadline=None)
@given(st.integers(0, 10**15))
def test_ticks_are_few_round_and_reach_the_largest_value(most: int) -> None:
    ticks = round_ticks(most)
    assert 2 <= len(ticks) <= 6
    assert ticks[-1] >= most
    assert str(ticks[1]).rstrip("0") in {"1", "2", "5"}


@settings(deadline=None)
@given(days, st.integers(1, 20_000))
def test_dates_on_the_axis_are_at_most_four_and_inside_it(first: date, length: int) -> None:
    last = first + timedelta(length)
    ticks = date_ticks(first, last, "en_GB")
    assert len(ticks) <= 4
    assert all(first <= day <= last for day, _ in ticks)
    assert len({label for _, label in ticks}) == len(ticks)


def test_a_long_axis_is_labelled_with_years() -> None:
    assert [label for _, label in date_ticks(date(2013, 10, 1), TODAY, "en_GB")] == ["2015", "2020", "2025"]


def test_the_running_total_is_level_where_nobody_came() -> None:
    points = [(date(2026, 1, 5), 3), (date(2026, 1, 9), 4)]
    steps = as_steps(points, until=date(2026, 1, 12))
    assert [(day.day, people) for day, people in steps] == [(4, 0), (5, 3), (8, 3), (9, 4), (11, 4), (12, 4)]


def test_a_year_of_days_takes_few_bytes() -> None:
    points = running([(1, 40 + n % 7) for n in range(365)])
    plan = planned(100_000, date(2026, 1, 1), date(2029, 12, 31))
    assert len(curve_chart(points, title="People", locale="en_SG", today=TODAY, plan=plan).svg) < 3000


def test_two_thousand_days_take_few_bytes() -> None:
    points = running([(1, n * 7919 % 101) for n in range(2000)], first=date(2020, 1, 1))
    assert len(curve_chart(points, title="People", locale="en_GB", today=TODAY).svg) < 5000


def test_a_curve_says_in_words_what_it_shows() -> None:
    plan = planned(100, date(2026, 1, 1), date(2027, 1, 1))
    chart = curve_chart([(date(2026, 2, 1), 12_345)], title="People", locale="en_GB", today=date(2026, 7, 2), plan=plan)
    assert (
        chart.sentence
        == "12,345 people were counted until 2 Jul 2026, the first on 1 Feb 2026; the plan was 49 by then."
    )


def test_a_curve_of_nobody_has_no_line_and_says_so() -> None:
    chart = curve_chart([], title="People", locale="en_GB", today=TODAY)
    assert chart.sentence == "0 people were counted until 22 Nov 2026."
    assert "chart-line" not in chart.svg


def test_numbers_are_written_as_the_nation_writes_them() -> None:
    chart = curve_chart([(date(2026, 2, 1), 15_000_000)], title="People", locale="en_IN", today=TODAY)
    assert "1,50,00,000" in texts(chart)
    assert "1.5Cr" in texts(chart)
    assert chart.rows == [("Feb 2026", "1,50,00,000")]


def test_a_screen_reader_finds_title_and_sentence_by_ids_of_the_chart_s_own() -> None:
    svg = drawn(curve_chart([], title="People", locale="en_GB", today=TODAY, key="north"))
    named = {element.attrib["id"]: element.text for element in svg if "id" in element.attrib}
    assert svg.attrib["aria-labelledby"].split() == list(named) == ["north-title", "north-text"]
    assert list(named.values()) == ["People", "0 people were counted until 22 Nov 2026."]


@pytest.mark.parametrize("points", [[(TODAY, 2), (TODAY, 3)], [(TODAY, 3), (TODAY + timedelta(1), 2)], [(TODAY, -1)]])
def test_a_total_that_falls_is_refused(points: list[tuple[date, int]]) -> None:
    with pytest.raises(ValueError, match="running total"):
        curve_chart(points, title="People", locale="en_GB", today=TODAY)


def test_a_chart_is_mirrored_where_reading_starts_at_the_right() -> None:
    points = [(date(2026, 2, 1), 5), (date(2026, 5, 1), 50)]
    left = corners(curve_chart(points, title="People", locale="en_GB", today=TODAY), "chart-line")
    right = corners(curve_chart(points, title="People", locale="ar_EG", today=TODAY), "chart-line")
    assert [(round(WIDTH - x, 1), y) for x, y in right] == left


def test_a_hostile_title_stays_text() -> None:
    svg = curve_chart([(date(2026, 1, 1), 1)], title="</title><script>x</script>", locale="en_GB", today=TODAY).svg
    assert "<script" not in svg
    assert "&lt;script" in svg
