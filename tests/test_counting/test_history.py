from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from courses.achievements.operations import revoke_achievement
from programs.models import MeasureVersion, Partner
from reporting.counting.choices import Choices, UnknownCodeError
from reporting.counting.clock import Clocks, database_now
from reporting.counting.explanation import Explanation, Grid
from reporting.counting.history import Change, Figure
from reporting.counting.models import Count, Ledger, Posting
from reporting.counting.moments import MomentRefusedError, closed_moment, moment_in
from tests.factories import MeasureVersionFactory, PartnerFactory, PersonFactory, TargetFactory
from tests.test_counting.cast import achieve, settle_now
from tests.test_counting.test_any_history import World, histories

pytestmark = pytest.mark.django_db
START = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
FOUR, THREE = START + timedelta(seconds=1), START + DAY + timedelta(seconds=1)  # as of which so many people count
NOON = datetime(2026, 11, 22, 11, tzinfo=UTC)  # noon in Vienna


def read_from_counts(version: MeasureVersion) -> dict[str, object]:
    """What the dashboard would show now: the whole by region and sector, by day, and the parts."""
    counts = list(Count.objects.filter(measure_version=version, people__gt=0))
    days: dict[date, int] = {}
    parts: dict[int, int] = {}
    for count in counts:
        if count.grouping == "day-region" and count.day:
            days[count.day] = days.get(count.day, 0) + count.people
        if count.partner_id:
            parts[count.partner_id] = parts.get(count.partner_id, 0) + count.people
    cells = {(row.region, row.sector): row.people for row in counts if row.grouping == "region-sector"}
    return {"cells": cells, "days": days, "parts": parts}


def read_from_ledger(figure: Figure, until: datetime) -> dict[str, object]:
    return {
        "cells": figure.by_region_and_sector(until),
        "days": figure.by_day(until),
        "parts": {partner: people for partner, (people, _) in figure.by_partner(until).items() if people},
    }


def closed_until(version: MeasureVersion) -> datetime:
    """The moment of the last posting: the lanes of one settling are booked microseconds apart."""
    return Ledger.objects.get(program=version.program).closed_until


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(histories, st.lists(st.integers(1, 5000), min_size=30, max_size=30))
def test_every_figure_reads_as_it_did_and_every_revision_is_the_difference(
    history: list[tuple[object, ...]], minutes: list[int]
) -> None:
    world, moment = World.new(), START
    figure, seen = Figure(version=world.version), dict[datetime, dict[str, object]]()
    for event, later in zip([*history, ("settle",)], minutes, strict=False):
        world.happen(event)
        moment += timedelta(minutes=later)
        if event == ("settle",):
            settle_now(at=moment)
            seen[closed_until(world.version)] = read_from_counts(world.version)
    last = max(seen)
    for at, figures in seen.items():
        assert read_from_ledger(figure, at) == figures
        for one in (figure, *(Figure(version=world.version, partner=partner) for partner in world.partners)):
            change = one.people(last) - one.people(at)
            assert sum(row.net for row in one.by_cause(last, since=at).values()) == change
            assert sum(row.net for row in one.by_day_of_booking(last, since=at).values()) == change


@pytest.fixture
def version() -> MeasureVersion:
    """Three people in the north and one in the south; one of the north revoked a day later."""
    version = MeasureVersionFactory.create(program__code="rur", measure__code="skills")
    facts = [achieve(version) for _ in range(3)]
    achieve(version, region="S", sector="B", achieved_on=date(2026, 4, 2))
    settle_now(at=START)
    revoke_achievement(facts[0], reason="issued in error", recorded_at=START)
    settle_now(at=START + DAY)
    return version


def test_a_moment_is_inclusive(version: MeasureVersion) -> None:
    figure = Figure(version=version)
    (revoked,) = Posting.objects.filter(posted_at__gte=START + DAY)
    before = revoked.posted_at - timedelta(microseconds=1)
    moments = [START - DAY, before, revoked.posted_at]
    assert [figure.people(moment) for moment in moments] == [0, 4, 3]
    assert figure.by_cause(revoked.posted_at, since=revoked.posted_at) == {}


def test_a_figure_may_be_of_a_region_and_a_sector(version: MeasureVersion) -> None:
    assert Figure(version=version, region="N").people(FOUR) == 3
    assert Figure(version=version, region="N", sector="B").people(FOUR) == 0
    assert Figure(version=version, region="S").by_month(FOUR) == {date(2026, 4, 1): 1}
    assert Figure(version=version).by_region(THREE) == {"N": 2, "S": 1}


def test_who_was_trained_twice_counts_in_the_whole_with_the_first_partner(version: MeasureVersion) -> None:
    first, second = (PartnerFactory.create(program=version.program) for _ in range(2))
    person = PersonFactory.create(program=version.program)
    achieve(version, person=person, partner=second, achieved_on=date(2026, 2, 2))
    achieve(version, person=person, partner=first, achieved_on=date(2026, 2, 1))
    settle_now(at=THREE)
    parts = Figure(version=version).by_partner(THREE + DAY)
    assert (parts[first.pk], parts[second.pk]) == ((1, 1), (1, 0))


def test_a_revision_says_why(version: MeasureVersion) -> None:
    figure = Figure(version=version)
    assert figure.by_cause(THREE) == {"new": Change(4, 0), "revoked": Change(0, 1)}
    assert figure.by_cause(THREE, since=FOUR) == {"revoked": Change(0, 1)}
    assert figure.by_day_of_booking(THREE) == {START.date(): Change(4, 0), (START + DAY).date(): Change(0, 1)}


def test_a_day_of_booking_is_one_of_the_program_s_time_zone(version: MeasureVersion) -> None:
    version.program.time_zone = "Pacific/Auckland"
    version.program.save()
    assert list(Figure(version=version).by_day_of_booking(FOUR)) == [date(2026, 3, 2)]


def test_postings_come_last_first_and_only_those_that_changed_the_figure(version: MeasureVersion) -> None:
    figure = Figure(version=version)
    last, *earlier = figure.postings(THREE)
    assert (last.posted_at, last.people, last.change) == (START + DAY, 1, Change(0, 1))
    assert sum(line.change.net for line in earlier) == sum(line.people for line in earlier) == 4
    assert figure.postings(THREE, before=last.number) == earlier
    assert figure.postings(THREE, limit=1) == [last]
    assert [line.change for line in Figure(version=version, region="S").postings(THREE)] == [Change(1, 0)]


def test_each_read_is_one_statement(version: MeasureVersion, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    figure, until = Figure(version=version), THREE
    reads = [
        figure.people, figure.by_region, figure.by_region_and_sector, figure.by_size_and_age, figure.by_day,
        figure.by_month, figure.by_partner, figure.by_cause, figure.by_day_of_booking, figure.postings,
    ]  # fmt: skip
    with django_assert_num_queries(len(reads)):
        for read in reads:
            read(until)


def test_no_read_asks_for_a_person_or_an_achievement(version: MeasureVersion) -> None:
    with CaptureQueriesContext(connection) as asked:
        Explanation.of(Figure(version=version), Choices.of(version.program), until=THREE)
        Figure(version=version).postings(THREE)
    assert len(asked) > 5
    assert [query["sql"] for query in asked if "person_id" in query["sql"] or "achievement" in query["sql"]] == []


def test_other_versions_of_the_measure_stand_beside_it(version: MeasureVersion) -> None:
    newer = MeasureVersion.objects.create(program=version.program, measure=version.measure, number=2, evidence=4)
    choices = Choices.of(version.program)
    shown = Explanation.of(choices.figure(version="1"), choices, until=FOUR)
    assert shown.versions == [(newer, 0), (version, 4)]


def test_an_explanation_adds_up_in_every_table(version: MeasureVersion) -> None:
    choices = Choices.of(version.program)
    shown = Explanation.of(choices.figure(), choices, until=THREE)
    assert shown.people == shown.all_causes.net == 3
    for grid in (shown.cells, shown.cells.turned(), shown.sizes):
        assert sum(together for _, _, _, together in grid.rows) == 3
    assert sum(people for _, people in shown.months) == sum(part.first for part in shown.parts) == 3
    assert shown.parts_together - shown.excess == 3


def test_cells_stand_in_official_order_and_people_of_no_stated_place_last(version: MeasureVersion) -> None:
    achieve(version, region="", sector="A")
    settle_now(at=THREE)
    choices = Choices.of(version.program)
    cells = Explanation.of(choices.figure(), choices, until=THREE + DAY).cells
    assert cells == Grid(
        {"A": "Farming", "B": "Mining"},
        [("N", "North", [2, 0], 2), ("S", "South", [0, 1], 1), ("", "Not stated", [1, 0], 1)],
    )


def test_without_a_measure_the_figure_is_that_of_the_first_target(version: MeasureVersion) -> None:
    other = MeasureVersionFactory.create(program=version.program, measure__code="other", measure__position=5)
    assert Choices.of(version.program).figure().version == version
    TargetFactory.create(measure_version=other)
    assert Choices.of(version.program).figure().version == other


@pytest.mark.parametrize("kind", ["measure", "version", "region", "sector", "partner"])
def test_an_unknown_code_is_refused_and_the_known_ones_are_named(version: MeasureVersion, kind: str) -> None:
    known = {"measure": "skills", "version": "1", "region": "N, S", "sector": "A, B", "partner": "uplift"}[kind]
    with pytest.raises(UnknownCodeError, match=f"no {kind} “nowhere”.*{known}"):
        Choices.of(version.program).figure(**{kind: "nowhere"})


def test_a_partner_of_another_program_is_unknown(version: MeasureVersion) -> None:
    foreign: Partner = PartnerFactory.create(code="foreign")
    with pytest.raises(UnknownCodeError):
        Choices.of(version.program).figure(partner=foreign.code)


def test_after_a_moment_was_asked_for_nothing_is_booked_before_it(version: MeasureVersion) -> None:
    figure, moment = Figure(version=version), closed_moment(version.program)
    people = figure.people(moment)
    achieve(version)
    settle_now(at=START)  # by a clock that is months behind
    assert Posting.objects.order_by("number").last().posted_at > moment  # type: ignore[union-attr]
    assert figure.people(moment) == people
    assert figure.people(database_now()) == people + 1


def test_asking_for_the_past_closes_nothing_more(version: MeasureVersion) -> None:
    before = Ledger.objects.get(program=version.program).closed_until
    closed_moment(version.program, "2026-01-01")
    assert Ledger.objects.get(program=version.program).closed_until == before


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("", "2026-11-22T11:00+00:00"),
        ("2026-11-22", "2026-11-22T11:00+00:00"),
        ("2026-11-21", "2026-11-21T22:59:59.999999+00:00"),
        ("2026-10-25", "2026-10-25T22:59:59.999999+00:00"),
        ("2026-07-01", "2026-07-01T21:59:59.999999+00:00"),
        ("2026-11-22T10:30", "2026-11-22T09:30+00:00"),
        ("2026-11-22T10:30:05.000001Z", "2026-11-22T10:30:05.000001+00:00"),
    ],
)
def test_a_date_is_its_end_in_the_program_s_time_zone(version: MeasureVersion, text: str, moment: str) -> None:
    assert moment_in(version.program, text, Clocks(NOON, None)) == datetime.fromisoformat(moment)


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-23",
        "9999-12-31",
        "2026-11-22T12:01",
        "tomorrow",
        "2026-02-30",
        "\x00",
        "1" * 5000,
        "9999-12-31T23:59-12:00",
    ],
)
def test_what_is_still_to_come_and_what_is_no_date_are_refused(version: MeasureVersion, text: str) -> None:
    with pytest.raises(MomentRefusedError, match="2026-11-22"):
        moment_in(version.program, text, Clocks(NOON, None))
