from datetime import date

import pytest

from programs.models import MeasureVersion, Partner
from reporting.dashboards.figures import Daily, daily_of, totals_of
from tests.factories import TODAY
from tests.test_dashboards.counts import counted

pytestmark = pytest.mark.django_db


def test_the_whole_counts_each_person_once(two_partners: MeasureVersion) -> None:
    totals = totals_of(two_partners)
    assert totals.by_region(None) == {"N": 10, "S": 5}
    assert (totals.of_whole(None), totals.of_whole("S"), totals.of_whole("nowhere")) == (15, 5, 0)


def test_a_partner_has_its_own_figures_by_region(two_partners: MeasureVersion) -> None:
    small = Partner.objects.get(code="small")
    totals = totals_of(two_partners)
    assert totals.by_region(small) == {"N": 3, "S": 5}
    assert totals.by_partner("N")[small.pk] == 3


def test_the_parts_exceed_the_whole_by_who_was_trained_twice(two_partners: MeasureVersion) -> None:
    totals = totals_of(two_partners)
    assert (totals.of_parts(None), totals.excess(None)) == (18, 3)
    assert (totals.excess("N"), totals.excess("S")) == (3, 0)


def test_days_follow_region_and_partner(two_partners: MeasureVersion) -> None:
    small = Partner.objects.get(code="small")
    assert daily_of(two_partners, region=None, partner=None, today=TODAY).days == [
        (date(2026, 3, 1), 10),
        (date(2026, 4, 5), 5),
    ]
    assert daily_of(two_partners, region="N", partner=small, today=TODAY).days == [(date(2026, 3, 31), 3)]
    assert daily_of(two_partners, region="S", partner=None, today=TODAY).people == 5


def test_a_partner_s_people_stand_at_the_end_of_their_month_or_today(two_partners: MeasureVersion) -> None:
    small = Partner.objects.get(code="small")
    days = daily_of(two_partners, region=None, partner=small, today=date(2026, 4, 9)).days
    assert days == [(date(2026, 3, 31), 3), (date(2026, 4, 9), 5)]


def test_a_cell_that_everybody_has_left_is_not_a_day(version: MeasureVersion) -> None:
    counted(version, 0)
    assert daily_of(version, region=None, partner=None, today=TODAY).days == []
    assert totals_of(version).cells == {}


def test_people_of_no_stated_region_are_part_of_the_whole(version: MeasureVersion) -> None:
    counted(version, 4, region="")
    assert totals_of(version).by_region(None) == {"": 4}


def test_other_measures_play_no_part(version: MeasureVersion, two_partners: MeasureVersion) -> None:
    newer = MeasureVersion.objects.create(program=version.program, measure=version.measure, number=2, evidence=2)
    counted(newer, 100)
    assert totals_of(version).of_whole(None) == 15


def test_a_period_includes_its_first_and_last_day() -> None:
    daily = Daily([(date(2026, 1, day), 1) for day in (1, 2, 3, 4)])
    assert daily.since(date(2026, 1, 2), date(2026, 1, 3)) == 2


def test_the_running_total_ends_at_all_people() -> None:
    daily = Daily([(date(2026, 1, 1), 2), (date(2026, 1, 5), 3)])
    assert daily.running() == [(date(2026, 1, 1), 2), (date(2026, 1, 5), 5)]
