"""A chart of changes says the same as its figures."""

from datetime import date, timedelta
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.counting.history import Change
from reporting.dashboards.bars import HEIGHT, ChangeChart, change_chart
from reporting.dashboards.drawing import WIDTH

SVG = "{http://www.w3.org/2000/svg}"
FIRST, LAST = date(2026, 3, 1), date(2026, 3, 28)
amounts = st.builds(Change, st.integers(0, 10**8), st.integers(0, 10**8))


def drawn(changes: dict[int, Change], *, first: date = FIRST, last: date = LAST, locale: str = "en_GB") -> ChangeChart:
    """The chart of changes by day of March."""
    days = [(FIRST.replace(day=day), change) for day, change in sorted(changes.items())]
    return change_chart(days, first=first, last=last, title="Booked", locale=locale)


def bars(chart: ChangeChart, style: str) -> list[list[tuple[float, float]]]:
    paths = ElementTree.fromstring(chart.svg).iter(f"{SVG}path")
    drawn = [path.attrib["d"][1:].rstrip("Z").split("L") for path in paths if path.attrib["class"] == style]
    return [[(float(x), float(y)) for x, y in (corner.split() for corner in corners)] for corners in drawn]


@given(st.dictionaries(st.integers(1, 28), amounts, max_size=28), st.sampled_from(["en_GB", "en_IN", "ar_EG"]))
def test_every_chart_is_well_formed_and_stays_inside_its_drawing(changes: dict[int, Change], locale: str) -> None:
    chart = drawn(changes, locale=locale)
    for style in ("chart-gained", "chart-lost", "chart-grid", "chart-axis"):
        for x, y in (corner for bar in bars(chart, style) for corner in bar):
            assert 0 <= x <= WIDTH
            assert 0 <= y <= HEIGHT


def test_what_came_in_stands_above_the_line_and_what_went_out_below() -> None:
    chart = drawn({3: Change(10, 5)})
    ((_, zero), (_, top), *_), ((_, same), (_, bottom), *_) = (
        bars(chart, "chart-gained")[0],
        bars(chart, "chart-lost")[0],
    )
    assert zero == same
    assert top < zero < bottom
    assert zero - top == pytest.approx(2 * (bottom - zero), abs=0.2)


def test_one_person_is_seen_beside_a_million() -> None:
    ((_, zero), (_, top), *_) = bars(drawn({3: Change(1, 0), 4: Change(10**6, 0)}), "chart-gained")[0]
    assert zero - top >= 2


def test_days_follow_each_other_as_the_nation_reads() -> None:
    changes = {3: Change(1, 0), 4: Change(2, 0)}
    first, second = bars(drawn(changes), "chart-gained")
    assert max(x for x, _ in first) < min(x for x, _ in second)
    first, second = bars(drawn(changes, locale="ar_EG"), "chart-gained")
    assert min(x for x, _ in first) > max(x for x, _ in second)


def test_a_long_stretch_is_shown_by_month() -> None:
    chart = drawn({3: Change(1, 0), 4: Change(2, 1)}, first=FIRST - timedelta(92))
    assert chart.is_by_month
    assert chart.rows == [("Mar 2026", Change(3, 1))]
    assert len(bars(chart, "chart-gained")) == 1


def test_it_says_in_words_what_it_shows() -> None:
    chart = drawn({3: Change(12_345, 5), 4: Change(0, 1)})
    assert chart.sentence == "From 1 Mar 2026 to 28 Mar 2026, 12,345 people were gained and 6 lost."
    assert chart.rows == [("3 Mar 2026", Change(12_345, 5)), ("4 Mar 2026", Change(0, 1))]


def test_a_stretch_without_changes_has_no_bars_and_says_so() -> None:
    assert "0 people were gained and 0 lost" in drawn({}).sentence
    assert bars(drawn({}), "chart-gained") == []


def test_a_day_outside_of_the_stretch_is_refused() -> None:
    with pytest.raises(ValueError, match="not within"):
        drawn({3: Change(1, 0)}, first=date(2026, 3, 4))
