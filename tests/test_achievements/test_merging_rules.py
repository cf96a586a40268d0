"""What the database refuses, and what happens when many merge at the same time."""

import itertools
import random
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, connections, transaction

from courses.achievements.operations import merge_staged, unmerge
from people.models import Merge, Person
from programs.models import Program
from tests.factories import NOW, PersonFactory, ProgramFactory, UserFactory
from tests.test_achievements.merges import LATER, aliases, merge, people_of, stage, undo, where_merges_lead

pytestmark = pytest.mark.django_db


def add(person: Person, into: Person) -> None:
    Merge.objects.create(program=person.program, person=person, into=into, reason="review", merged_at=NOW)


def test_a_circle_of_merges_is_refused(program: Program) -> None:
    a, b, c = people_of(program, 3)
    add(a, b)
    add(b, c)

    with pytest.raises(IntegrityError, match="not merged"), transaction.atomic():
        add(c, a)


def test_a_chain_in_one_statement_is_refused(program: Program) -> None:
    a, b, c = people_of(program, 3)
    chain = [
        Merge(program=program, person=x, into=y, reason="review", merged_at=NOW)
        for x, y in itertools.pairwise((a, b, c))
    ]

    with pytest.raises(IntegrityError, match="not merged"), transaction.atomic():
        Merge.objects.bulk_create(chain)


@pytest.mark.parametrize(
    "change", [{"undone_at": None, "undone_because": ""}, {"undone_because": "another"}, {"evidence": {}}]
)
def test_an_undone_merge_stays_as_it_is(program: Program, change: dict[str, object]) -> None:
    made = undo(merge(*people_of(program, 2)))

    with pytest.raises(IntegrityError, match="history"), transaction.atomic():
        Merge.objects.filter(pk=made.pk).update(**change)


def test_a_merge_leads_where_it_led_and_is_never_deleted(program: Program) -> None:
    made, other = merge(*people_of(program, 2)), PersonFactory.create(program=program)

    with pytest.raises(IntegrityError, match="history"), transaction.atomic():
        Merge.objects.filter(pk=made.pk).update(into=other)
    with pytest.raises(IntegrityError, match="history"), transaction.atomic():
        made.delete()


# Several at once.


def at_once(work: Callable[[int], object], times: int) -> None:
    start = threading.Barrier(times)

    def one(number: int) -> None:
        try:
            start.wait(30)
            work(number)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(times) as pool:
        list(pool.map(one, range(times)))


@pytest.mark.django_db(transaction=True)
def test_a_circle_that_many_close_at_once_becomes_no_circle() -> None:
    """Four merges, none of which has a person in common with the one across."""
    program = ProgramFactory.create()
    for _ in range(15):
        ring = people_of(program, 4)

        at_once(lambda number, ring=ring: merge(ring[number], ring[(number + 1) % 4]), 4)  # type: ignore[misc]

        assert aliases() == where_merges_lead()
        assert Person.objects.counted_as(ring[0]).count() == 4
        assert Merge.objects.standing().filter(person__in=ring).count() == 3


@pytest.mark.django_db(transaction=True)
def test_intakes_with_overlapping_pairs_at_once_lose_no_merge_and_do_not_wait_in_a_circle() -> None:
    program = ProgramFactory.create()
    people = [person.pk for person in people_of(program, 60)]
    drawn = random.Random(1)
    known = [[tuple(drawn.sample(people, 2)) for _ in range(40)] for _ in range(6)]

    def take_in(number: int) -> None:
        for start in range(0, 40, 8):
            with transaction.atomic():
                merge_staged(program, table=stage(known[number][start : start + 8]), at=NOW)

    at_once(take_in, 6)

    led = aliases()
    assert led == where_merges_lead()
    for one, other in itertools.chain(*known):
        assert led.get(one, one) == led.get(other, other)


@pytest.mark.django_db(transaction=True)
def test_merging_and_separating_at_once_leaves_aliases_where_the_merges_lead() -> None:
    program = ProgramFactory.create()
    people, by = people_of(program, 12), UserFactory.create()

    def work(number: int) -> None:
        drawn = random.Random(number)
        for _ in range(25):
            if drawn.random() < 0.6:
                merge(*drawn.sample(people, 2))
            elif standing := list(Merge.objects.standing()):
                unmerge(drawn.choice(standing), because="two", at=LATER, by=by)

    at_once(work, 6)

    assert aliases() == where_merges_lead()
