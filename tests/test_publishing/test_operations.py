from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from pytest_django import DjangoAssertNumQueries

from courses.achievements.operations import mark_dirty
from programs.models import MeasureVersion, Program
from reporting.counting.operations import open_measures, settle
from reporting.publishing import tasks
from reporting.publishing.disclosure import UnknownRuleError
from reporting.publishing.models import Publication, PublishedFigure
from reporting.publishing.operations import publish_figures
from tests.factories import (
    NOW,
    AchievementFactory,
    MeasureVersionFactory,
    PartnerFactory,
    PersonFactory,
    ProgramFactory,
)
from tests.test_publishing.worlds import add_people, counts_everybody, measure_of, shown

LATER = NOW + timedelta(days=1)


@pytest.fixture
def version(db: None) -> MeasureVersion:
    """A measure of Ruritania, which rounds to the nearest 5."""
    return measure_of(ProgramFactory.create())


def test_every_table_is_published_by_the_rule(version: MeasureVersion) -> None:
    other = PartnerFactory.create(program=version.program, code="acme")
    add_people(version, 14_581)
    add_people(version, 3, region="S", sector="B", day=date(2026, 4, 1), partner=other)
    publish_figures(version.program, at=NOW)
    assert shown(version, "total") == "14,585"
    assert [shown(version, "by-region", code) for code in ("N", "S", "")] == ["14,580", "fewer than 5", "0"]
    assert [shown(version, "by-sector", code) for code in ("A", "B", "")] == ["14,580", "fewer than 5", "0"]
    assert [shown(version, "by-partner", code) for code in ("uplift", "acme")] == ["14,580", "fewer than 5"]
    assert [shown(version, "by-month", month) for month in ("2026-03", "2026-04")] == ["14,580", None]


def test_what_settling_counted_is_what_is_published(version: MeasureVersion) -> None:
    partner = PartnerFactory.create(program=version.program, code="acme")
    facts = AchievementFactory.create_batch(7, person__program=version.program, partner=partner)
    mark_dirty(version.program, [fact.person_id for fact in facts], at=NOW)
    settle(clock=lambda: NOW)
    publish_figures(version.program, at=NOW)
    rows = [("total", ""), ("by-region", "N"), ("by-sector", "A"), ("by-partner", "acme"), ("by-month", "2026-03")]
    assert [shown(version, *row) for row in rows] == ["5"] * 5


def test_every_row_is_published_before_anybody_is_in_it(version: MeasureVersion) -> None:
    publish_figures(version.program, at=NOW)
    assert PublishedFigure.objects.filter(table="by-region").count() == 3
    assert set(PublishedFigure.objects.values_list("shown", flat=True)) == {"0"}


def test_publishing_twice_moves_nothing_the_second_time(version: MeasureVersion) -> None:
    add_people(version, 100)
    assert publish_figures(version.program, at=NOW) > 0
    assert publish_figures(version.program, at=LATER) == 0
    assert set(PublishedFigure.objects.values_list("changed_at", flat=True)) == {NOW}


def test_only_figures_that_move_are_written(version: MeasureVersion) -> None:
    add_people(version, 100)
    publish_figures(version.program, at=NOW)
    add_people(version, 5, region="S")
    publish_figures(version.program, at=LATER)
    moved = PublishedFigure.objects.filter(changed_at=LATER).values_list("table", "label")
    assert set(moved) == {
        ("total", ""), ("by-region", "S"), ("by-sector", "A"), ("by-partner", "uplift"), ("by-month", "2026-03"),
    }  # fmt: skip


def test_a_cell_that_has_lost_its_people_stays_and_shows_nobody(version: MeasureVersion) -> None:
    add_people(version, 50)
    publish_figures(version.program, at=NOW)
    add_people(version, -50)
    publish_figures(version.program, at=LATER)
    assert [shown(version, "total"), shown(version, "by-month", "2026-03")] == ["0", "0"]


def test_the_secret_rule_holds_a_figure_until_ten_have_come(version: MeasureVersion) -> None:
    Program.objects.update(disclosure_rule="secret-rounding-10")
    add_people(version, 200)
    publish_figures(version.program, at=NOW)
    before = shown(version, "total")
    add_people(version, 9)
    assert publish_figures(version.program, at=LATER) == 0
    add_people(version, 1)
    publish_figures(version.program, at=LATER)
    assert before is not None
    assert int(shown(version, "total") or 0) == int(before) + 10


def test_another_rule_replaces_every_figure(version: MeasureVersion) -> None:
    add_people(version, 8)
    publish_figures(version.program, at=NOW)
    Program.objects.update(disclosure_rule="10-5")
    publish_figures(version.program, at=LATER)
    assert shown(version, "total") == "fewer than 10"
    assert set(PublishedFigure.objects.values_list("rule", flat=True)) == {"10-5"}


def test_no_figure_of_the_rule_before_is_held(version: MeasureVersion) -> None:
    add_people(version, 203)
    publish_figures(version.program, at=NOW)
    Program.objects.update(disclosure_rule="secret-rounding-10")
    publish_figures(version.program, at=LATER)
    assert shown(version, "total") in ("200", "210")


def test_a_rule_that_does_not_exist_publishes_nothing(version: MeasureVersion) -> None:
    Program.objects.update(disclosure_rule="none")
    with pytest.raises(UnknownRuleError):
        publish_figures(version.program, at=NOW)
    assert not PublishedFigure.objects.exists()


def test_only_the_newest_version_is_published(version: MeasureVersion) -> None:
    newer = MeasureVersionFactory.create(program=version.program, measure=version.measure, number=2)
    counts_everybody(newer)
    publish_figures(version.program, at=NOW)
    assert set(PublishedFigure.objects.values_list("measure_version", flat=True)) == {newer.pk}


def test_no_program_sees_the_people_of_another(version: MeasureVersion) -> None:
    add_people(measure_of(ProgramFactory.create()), 500)
    publish_figures(version.program, at=NOW)
    assert set(PublishedFigure.objects.values_list("program", "shown")) == {(version.program.pk, "0")}


def test_large_numbers_are_grouped_as_the_nation_does(version: MeasureVersion) -> None:
    Program.objects.update(number_locale="en_IN")
    add_people(version, 15_000_000)
    publish_figures(version.program, at=NOW)
    assert shown(version, "total") == "1,50,00,000"


def test_a_publication_says_how_fresh_its_counts_were(version: MeasureVersion) -> None:
    marked = NOW - timedelta(minutes=3)
    mark_dirty(version.program, [PersonFactory.create(program=version.program).pk], at=marked)
    publish_figures(version.program, at=NOW)
    publication = Publication.objects.get()
    assert (publication.as_of, publication.counted_until) == (NOW, marked)


def test_publishing_takes_as_many_queries_for_many_rows(
    version: MeasureVersion, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(11):
        publish_figures(version.program, at=NOW)
    PartnerFactory.create_batch(20, program=version.program)
    for month in range(1, 13):
        add_people(version, 50, day=date(2025, month, 1))
    with django_assert_num_queries(11):
        publish_figures(version.program, at=LATER)


@pytest.mark.django_db(transaction=True)
def test_two_at_the_same_time_publish_once() -> None:
    version = measure_of(ProgramFactory.create())
    add_people(version, 100)

    def publish(_: int) -> int:
        try:
            return publish_figures(version.program, at=NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        moved = list(pool.map(publish, range(4)))
    assert sorted(moved)[:3] == [0, 0, 0]
    assert shown(version, "total") == "100"


@pytest.mark.django_db(transaction=True)
def test_rows_of_the_program_can_be_added_while_it_is_published() -> None:
    program = ProgramFactory.create()

    def add_partner() -> str:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '5s'")
            return str(PartnerFactory.create(program=program, code="meanwhile").code)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        publish_figures(program, at=NOW)
        assert pool.submit(add_partner).result() == "meanwhile"


def test_the_task_publishes_and_may_run_twice(version: MeasureVersion) -> None:
    add_people(version, 100)
    tasks.publish_program(version.program.pk)
    tasks.publish_program(version.program.pk)
    assert shown(version, "total") == "100"


def test_the_command_publishes_one_program_or_all(version: MeasureVersion) -> None:
    out = StringIO()
    call_command("publish", version.program.code, stdout=out)
    call_command("publish", stdout=out)
    assert out.getvalue().splitlines()[-1] == f"{version.program.code}: 0 figures moved."


def test_the_command_names_the_programs_when_there_is_no_such(version: MeasureVersion) -> None:
    with pytest.raises(CommandError, match=version.program.code):
        call_command("publish", "nowhere")


def test_figures_keep_their_version_until_the_next_one_counts_everybody(version: MeasureVersion) -> None:
    for _ in range(30):
        fact = AchievementFactory.create(person=PersonFactory.create(program=version.program))
        mark_dirty(version.program, [fact.person_id], at=NOW)
    settle(clock=lambda: NOW)
    publish_figures(version.program, at=NOW)

    newer = MeasureVersionFactory.create(program=version.program, measure=version.measure, number=2)
    open_measures(at=NOW)
    publish_figures(version.program, at=NOW)
    during = shown(version, "total"), shown(newer, "total")
    settle(clock=lambda: NOW)
    publish_figures(version.program, at=NOW)

    assert during == ("30", None)
    assert (shown(version, "total"), shown(newer, "total")) == ("30", "30")


def test_a_measure_that_does_not_count_everybody_yet_publishes_nothing(db: None) -> None:
    version = MeasureVersionFactory.create()
    add_people(version, 500)

    publish_figures(version.program, at=NOW)

    assert not PublishedFigure.objects.exists()
