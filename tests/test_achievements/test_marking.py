"""People wait in rows of neighbours, each in the lane of its neighbourhood."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from courses.achievements.models import LANES, NEIGHBOURS, DirtyPeople
from courses.achievements.operations import mark_dirty
from tests.factories import NOW, PersonFactory, ProgramFactory, marked_dirty

pytestmark = pytest.mark.django_db


def rows() -> list[tuple[int, list[int], int]]:
    return list(DirtyPeople.objects.order_by("pk").values_list("lane", "people", "number"))


def test_neighbours_share_a_row_and_a_lane() -> None:
    program = ProgramFactory.create()
    last = NEIGHBOURS - 1

    assert mark_dirty(program, [NEIGHBOURS, 5, last, 5, LANES * NEIGHBOURS + 1], at=NOW) == 4

    assert rows() == [(0, [5, last], 2), (1, [NEIGHBOURS], 1), (0, [LANES * NEIGHBOURS + 1], 1)]


def test_nobody_leaves_no_row() -> None:
    assert mark_dirty(ProgramFactory.create(), [], at=NOW) == 0

    assert rows() == []


def test_a_row_of_nobody_is_refused() -> None:
    with pytest.raises(IntegrityError, match="dirty_people_are_some"), transaction.atomic():
        DirtyPeople.objects.create(program=ProgramFactory.create(), lane=0, people=[], marked_at=NOW)


@pytest.mark.django_db(transaction=True)
def test_who_waits_goes_on_waiting_when_the_tables_change() -> None:
    """The queue held a row for each person before."""
    program = ProgramFactory.create()
    people = [PersonFactory.create(pk=pk, program=program).pk for pk in (7, 8, NEIGHBOURS)]
    for moment in (NOW, NOW + timedelta(hours=1)):
        mark_dirty(program, people, at=moment)
    before = (sorted(rows()), marked_dirty())
    try:
        call_command("migrate", "achievements", "0006", verbosity=0)
    finally:
        call_command("migrate", verbosity=0)

    assert (sorted(rows()), marked_dirty()) == before
