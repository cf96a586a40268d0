"""The statement that settling is measured against does the same work, and what it costs is seen."""

from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from programs.models import Program
from reporting.counting.operations import open_ledgers, open_measures, settle_batch

from .baseline import AS_WRITTEN, TUNED, assert_counts_are_the_same, copy_counts, count_plainly, remember_who_waits
from .cost import Cost, measured, ratio
from .indexes import fetch, run
from .loading import populate
from .nation import make_nation
from .nations import the_version
from .work import drawn, everybody, mark, return_again

pytestmark = pytest.mark.django_db


@pytest.fixture
def program() -> Program:
    """With people who are settled, and as many who wait."""
    program = make_nation()
    populate(program, persons=300, seed=1)
    open_ledgers()
    open_measures(at=timezone.now())
    settle_all()
    mark(everybody(populate(program, persons=300, seed=2)))
    return program


def settle_all() -> None:
    while settle_batch(at=timezone.now()):
        pass


def postmaster() -> int:
    (backend,) = fetch("SELECT pg_backend_pid()")[0]
    return int(Path(f"/proc/{backend}/stat").read_text().rpartition(")")[2].split()[1])


@pytest.mark.parametrize("those_who_wait", [AS_WRITTEN, TUNED])
def test_it_counts_new_people_as_settling_does(program: Program, those_who_wait: str) -> None:
    remember_who_waits()
    copy_counts()

    count_plainly(postmaster(), the_version(), those_who_wait=those_who_wait)
    with pytest.raises(AssertionError, match="cells differ"):
        assert_counts_are_the_same()
    settle_all()

    assert_counts_are_the_same()


def test_people_who_return_have_one_achievement_more(program: Program) -> None:
    settle_all()
    history = populate(program, persons=100, seed=3)
    people = drawn(history, 30, seed=1)

    return_again(program, people)

    assert fetch("SELECT count(*) FROM achievements_achievement WHERE source_id > 1000000") == [(30,)]
    connection.check_constraints()


def test_the_cost_of_a_query_is_that_of_its_backend() -> None:
    server = postmaster()
    with measured(server) as cost:
        run(["SELECT count(*) FROM generate_series(1, 100000)"])

    assert cost.backends > 0
    assert cost.cpu == cost.backends + cost.client


def test_ratios_are_medians_of_rounds() -> None:
    ours = [Cost(wall=3.0), Cost(wall=30.0), Cost(wall=1.0)]
    theirs = [Cost(wall=1.0), Cost(wall=1.0), Cost(wall=1.0)]

    assert ratio(ours, theirs, lambda cost: cost.wall) == 3
