"""Many pairs are merged at once, as a return shows them."""

import random
from collections.abc import Callable

import pytest
from django.db import transaction

from courses.achievements.models import DirtyPeople
from courses.achievements.operations import merge_staged
from people.models import Merge, Person
from programs.models import Program
from tests.factories import NOW, UserFactory, marked_dirty
from tests.test_achievements.merges import (
    LATER,
    aliases,
    know_nationally,
    merge,
    people_of,
    stage,
    undo,
    where_merges_lead,
)

pytestmark = pytest.mark.django_db


def test_staged_pairs_that_hang_together_become_one(program: Program) -> None:
    a, b, c, d, e, f = people_of(program, 6)
    merge(f, e)
    DirtyPeople.objects.all().delete()

    with transaction.atomic():
        made = merge_staged(program, table=stage([(c, b), (b, a), (a, c), (d, f), (d, e), (e, f)]), at=LATER)

    assert made == 3
    assert aliases() == {b.pk: a.pk, c.pk: a.pk, e.pk: d.pk, f.pk: d.pk} == where_merges_lead()
    assert sorted(marked_dirty()) == [person.pk for person in (a, b, c, d, e, f)]
    assert Merge.objects.filter(reason="national", merged_at=LATER, merged_by=None).count() == 3


def test_a_staged_merge_has_the_evidence_of_its_pair(program: Program) -> None:
    a, b, c, d = people_of(program, 4)

    merge_staged(program, table=stage([(b, a), (d, c)]), at=NOW)

    assert dict(Merge.objects.values_list("person", "evidence")) == {b.pk: {"row": 0}, d.pk: {"row": 1}}


def test_of_staged_persons_the_one_who_signs_in_survives(program: Program) -> None:
    first, known, signed_in = people_of(program, 3)
    know_nationally(known)
    signed_in.user = UserFactory.create()
    signed_in.save()

    merge_staged(program, table=stage([(first, known), (known, signed_in)]), at=NOW)

    assert aliases() == {first.pk: signed_in.pk, known.pk: signed_in.pk}


def test_staging_the_same_pairs_again_changes_nothing(program: Program) -> None:
    pairs = [tuple(people_of(program, 2)) for _ in range(3)]
    merge_staged(program, table=stage(pairs), at=NOW)
    DirtyPeople.objects.all().delete()

    assert merge_staged(program, table=stage([(b, a) for a, b in pairs]), at=NOW) == 0
    assert (Merge.objects.count(), marked_dirty()) == (3, [])


def test_no_pairs_are_no_merges(program: Program) -> None:
    assert merge_staged(program, table=stage([]), at=NOW) == 0


@pytest.mark.parametrize("through", ["a pair", "a merge"])
def test_pairs_never_join_different_national_identifiers(program: Program, through: str) -> None:
    one, between, other, free = people_of(program, 4)
    know_nationally(one)
    know_nationally(other)
    if through == "a merge":
        merge(between, one)

    made = merge_staged(program, table=stage([(between, one), (between, other), (free, other)]), at=NOW)

    assert made == (2 if through == "a pair" else 1)
    assert aliases() == {between.pk: one.pk, free.pk: other.pk} == where_merges_lead()


@pytest.mark.parametrize("seed", range(5))
def test_any_pairs_make_one_of_each_set_that_hangs_together(program: Program, seed: int) -> None:
    drawn = random.Random(seed)
    people = people_of(program, 30)
    for _ in range(3):
        pairs = [tuple(drawn.sample(people, 2)) for _ in range(6)]
        merge_staged(program, table=stage(pairs), at=NOW)
        for one, other in pairs:
            assert set(Person.objects.counted_as(one)) == set(Person.objects.counted_as(other))
        assert aliases() == where_merges_lead()
        undo(drawn.choice(list(Merge.objects.standing())))
        assert aliases() == where_merges_lead()


def test_many_pairs_cost_a_fixed_number_of_statements(
    program: Program, django_assert_num_queries: Callable[[int], "transaction.Atomic"]
) -> None:
    hub, *others = people_of(program, 40)
    table = stage([(hub, other) for other in others])

    with django_assert_num_queries(12):  # 4 of savepoints, 3 of roots, lock, 2 of ranks, identifiers, merge
        assert merge_staged(program, table=table, at=NOW) == 39
