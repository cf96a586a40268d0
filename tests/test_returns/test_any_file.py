"""Whatever a file holds, its rows add up, and their order changes no fact."""

import codecs
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from courses.achievements.models import Achievement
from people.models import Person
from tests.factories import PartnerFactory
from tests.test_returns.school import HEADER, School, counts, file_of, row, school_of

# Few values, so that rows repeat and contradict each other often; some of them are bad.
ROWS = st.builds(
    row,
    st.sampled_from(["1", "2", "3", "", "x"]),
    term=st.sampled_from(["A", "B"]),
    ended=st.sampled_from(["2026-05-01", "2026-05-02", "2026-13-01"]),
    result=st.sampled_from(["Pass", "Merit", "Seen", "Absent", "?"]),
    region=st.sampled_from(["Upper", "Lower", "Atlantis"]),
)
BROKEN = st.text(alphabet='1,"\n\r\0ü ' + "Pass", max_size=30)
FILES = st.lists(ROWS | BROKEN, max_size=12)
SLOW = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


class UndoneError(Exception):
    """Ends an example: its rows go, the school stays."""


def facts_of(school: School) -> list[list[Any]]:
    columns = ("person__identities__digest", "course_id", "evidence", "achieved_on", "region", "fact_key")
    return sorted([bytes(part) if isinstance(part, memoryview) else part for part in fact]
                  for fact in Achievement.objects.of(school.program).values_list(*columns))  # fmt: skip


def taken(school: School, *files: list[str]) -> tuple[list[Any], list[tuple[int, int, int, int]]]:
    """The facts and the figures after these files, and then everything is undone."""
    try:
        with transaction.atomic():
            figures = [counts(school.send(file_of(rows))) for rows in files]
            facts = facts_of(school)
            assert not Person.objects.filter(achievements__isnull=True).exists()
            raise UndoneError
    except UndoneError:
        return facts, figures


@given(rows=FILES)
@SLOW
def test_the_three_outcomes_always_add_up(school: School, rows: list[str]) -> None:
    facts, [(sent, accepted, duplicate, quarantined)] = taken(school, rows)
    assert sent == accepted + duplicate + quarantined
    assert len(facts) <= accepted


@given(rows=st.lists(ROWS, max_size=12))
@SLOW
def test_every_row_of_a_well_formed_file_is_sent(school: School, rows: list[str]) -> None:
    _, [figures] = taken(school, rows)
    assert figures[0] == len(rows)


@given(data=st.data(), rows=st.lists(ROWS, max_size=12))
@SLOW
def test_the_order_of_rows_changes_no_fact(school: School, data: st.DataObject, rows: list[str]) -> None:
    facts, [figures] = taken(school, rows)
    others, [other_figures] = taken(school, data.draw(st.permutations(rows)))
    assert (others, other_figures) == (facts, figures)


@given(rows=st.lists(ROWS, min_size=1, max_size=12))
@SLOW
def test_sending_again_changes_no_fact_and_accepts_nothing(school: School, rows: list[str]) -> None:
    facts, [first] = taken(school, rows)
    again, [_, second] = taken(school, rows, list(reversed(rows)))
    assert again == facts
    assert second == (first[0], 0, first[1] + first[2], first[3])


@given(content=st.binary(max_size=200))
@example(codecs.BOM_UTF8)
@example(codecs.BOM_UTF8 + row("1").encode())
@example(row("1").encode() + b"\n" + codecs.BOM_UTF8)
@SLOW
def test_no_file_makes_the_intake_fail(school: School, content: bytes) -> None:
    for start in (b"", HEADER.encode() + b"\n"):
        try:
            with transaction.atomic():
                sent = school.send(start + content)
                raise UndoneError
        except UndoneError:
            assert sent.failure == ""
            assert not sent.is_waiting


@pytest.mark.django_db
def test_the_same_person_counts_once_whoever_reports_first() -> None:
    one = school_of(PartnerFactory())
    other = school_of(PartnerFactory(program=one.program))
    for school in (one, other, one):
        school.report(row("1"), row("2"))
    assert Person.objects.count() == 2
