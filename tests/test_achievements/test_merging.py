"""Merges are trees: they are made and undone one by one or many at once, and aliases say where they lead."""

import itertools
import json
import random
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, connections, transaction

from accounts.models import User
from courses.achievements.models import DirtyPeople
from courses.achievements.operations import MergeRefusedError, merge_persons, merge_staged, merging_order, unmerge
from people.models import Alias, Identity, Merge, Person
from programs.models import Program
from tests.factories import NOW, PersonFactory, ProgramFactory, UserFactory, marked_dirty

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def program() -> Program:
    return ProgramFactory.create()


def people_of(program: Program, number: int) -> list[Person]:
    return [PersonFactory.create(program=program) for _ in range(number)]


def merge(person: Person, into: Person, *, by: User | None = None) -> Merge:
    return merge_persons(
        person.program, person, into, reason=Merge.Reason.REVIEW, evidence={"name": 0.9}, at=NOW, by=by
    )


def undo(made: Merge) -> Merge:
    return unmerge(made, because="two brothers", at=LATER, by=UserFactory.create())


def aliases() -> dict[int, int]:
    return dict(Alias.objects.values_list("person", "stands_for"))


def where_merges_lead() -> dict[int, int]:
    """The aliases as they should be: read plainly from the merges."""
    into = dict(Merge.objects.standing().values_list("person", "into"))
    led = {}
    for person in into:
        end = person
        for _ in into:
            end = into.get(end, end)
        assert end not in into, "the merges lead in a circle"
        led[person] = end
    return led


def stage(pairs: Sequence[tuple[Person | int, ...]]) -> str:
    """The name of a temporary table of the pairs, whose evidence is their place among them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DROP TABLE IF EXISTS pairs;"
            "CREATE TEMPORARY TABLE pairs (person_id bigint, other_id bigint, evidence jsonb)"
        )
        for row, pair in enumerate(pairs):
            one, other = (person.pk if isinstance(person, Person) else person for person in pair)
            cursor.execute("INSERT INTO pairs VALUES (%s, %s, %s)", [one, other, json.dumps({"row": row})])
    return "pairs"


# One by one.


def test_a_merged_person_stands_for_the_one_they_are_merged_into(program: Program) -> None:
    person, into = people_of(program, 2)
    by = UserFactory.create()

    made = merge(person, into, by=by)

    assert (made.person, made.into, made.reason, made.evidence) == (person, into, "review", {"name": 0.9})
    assert (made.merged_at, made.merged_by, made.undone_at) == (NOW, by, None)
    assert list(Alias.objects.values_list("person", "stands_for", "since")) == [(person.pk, into.pk, NOW)]


def test_merging_marks_both(program: Program) -> None:
    person, into, _ = people_of(program, 3)

    merge(person, into)

    assert marked_dirty() == [person.pk, into.pk]


def test_merging_twice_is_merging_once_whoever_is_named_first(program: Program) -> None:
    person, into = people_of(program, 2)
    made = merge(person, into)
    DirtyPeople.objects.all().delete()

    assert merge(person, into) == merge(into, person) == made
    assert (Merge.objects.count(), marked_dirty()) == (1, [])


def test_who_was_merged_into_somebody_goes_along(program: Program) -> None:
    first, second, third = people_of(program, 3)
    merge(first, second)
    DirtyPeople.objects.all().delete()

    merge(second, third)

    assert aliases() == {first.pk: third.pk, second.pk: third.pk}
    assert marked_dirty() == [first.pk, second.pk, third.pk]


def test_merging_an_alias_merges_whom_it_stands_for(program: Program) -> None:
    alias, root, other_alias, other_root = people_of(program, 4)
    merge(alias, root)
    merge(other_alias, other_root)

    made = merge(alias, other_alias)

    assert (made.person, made.into) == (root, other_root)
    assert aliases() == dict.fromkeys([alias.pk, root.pk, other_alias.pk], other_root.pk)


def test_the_merge_between_two_who_are_one_is_the_one_whose_undoing_parts_them(program: Program) -> None:
    first, second, third, fourth = people_of(program, 4)
    merge(first, second)
    between = merge(second, third)
    merge(fourth, third)

    assert merge(first, third) == merge(first, fourth) == between
    assert merge(third, first) == between
    undo(between)

    assert Person.objects.counted_as(first).count() == Person.objects.counted_as(fourth).count() == 2


def test_undoing_a_merge_separates_the_person_with_those_merged_into_it(program: Program) -> None:
    first, second, third, fourth = people_of(program, 4)
    merge(first, second)
    made = merge(second, third)
    merge(fourth, third)
    DirtyPeople.objects.all().delete()

    undo(made)

    assert aliases() == {first.pk: second.pk, fourth.pk: third.pk}
    assert Alias.objects.get(person=first).since == LATER
    assert Alias.objects.get(person=fourth).since == NOW
    assert marked_dirty() == [first.pk, second.pk, third.pk]


def test_undoing_below_another_merge_marks_whom_they_were_counted_as(program: Program) -> None:
    first, second, third = people_of(program, 3)
    made = merge(first, second)
    merge(second, third)
    DirtyPeople.objects.all().delete()

    undo(made)

    assert aliases() == {second.pk: third.pk}
    assert marked_dirty() == [first.pk, third.pk]


def test_undoing_twice_is_undoing_once(program: Program) -> None:
    made = merge(*people_of(program, 2))
    undone = undo(made)
    DirtyPeople.objects.all().delete()

    again = unmerge(made, because="for another reason", at=LATER + timedelta(1), by=UserFactory.create())

    assert (again.undone_at, again.undone_because, again.undone_by) == (LATER, "two brothers", undone.undone_by)
    assert marked_dirty() == []


def test_what_was_undone_may_be_merged_again(program: Program) -> None:
    person, into = people_of(program, 2)
    undone = undo(merge(person, into))

    again = merge(into, person)

    assert again != undone
    assert aliases() == {into.pk: person.pk}
    assert Merge.objects.count() == 2


def test_undoing_needs_a_reason(program: Program) -> None:
    made = merge(*people_of(program, 2))

    with pytest.raises(MergeRefusedError, match="Say why"):
        unmerge(made, because=" ", at=NOW, by=UserFactory.create())


def test_nobody_is_merged_with_themself_or_with_somebody_of_another_program(program: Program) -> None:
    person = PersonFactory.create(program=program)

    with pytest.raises(MergeRefusedError, match="themself"):
        merge(person, person)
    with pytest.raises(MergeRefusedError, match="one program"):
        merge(person, PersonFactory.create())


def test_two_who_sign_in_may_be_merged_and_keep_their_accounts(program: Program) -> None:
    both = [PersonFactory.create(program=program, user=UserFactory.create()) for _ in range(2)]

    merge(*both)

    assert Person.objects.filter(user__isnull=False).count() == 2


def test_everybody_who_is_one_human_being_is_found_from_any_of_them(program: Program) -> None:
    first, second, third, other = people_of(program, 4)
    merge(first, second)
    merge(second, third)

    for person in (first, second, third):
        assert set(Person.objects.counted_as(person)) == {first, second, third}
    assert set(Person.objects.counted_as(other)) == {other}


# Who survives.


def know_nationally(person: Person, scheme: str = "citizen") -> None:
    Identity.objects.create(
        program=person.program, person=person, scheme=scheme, digest=bytes([person.pk % 256]) * 32, created_at=NOW
    )


def test_who_signs_in_survives_then_who_has_a_national_identity_then_who_was_first(program: Program) -> None:
    first, known, signed_in = people_of(program, 3)
    know_nationally(first, "email")
    know_nationally(known)
    signed_in.user = UserFactory.create()
    signed_in.save()

    for person, into in ((first, known), (first, signed_in), (known, signed_in), (known, first)):
        expected = (person, into) if into != first else (first, known)
        assert merging_order(program, person, into) == expected
    last = PersonFactory.create(program=program)
    assert merging_order(program, first, last) == (last, first)


def test_of_aliases_those_whom_they_stand_for_are_ordered(program: Program) -> None:
    first, second, third = people_of(program, 3)
    merge(second, third)

    assert merging_order(program, second, first) == (third, first)
    assert merging_order(program, second, third) == (second, third)


# Many at once.


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

    with django_assert_num_queries(11):  # 4 of savepoints, 3 of roots, lock, 2 of ranks, merge
        assert merge_staged(program, table=table, at=NOW) == 39


# What the database refuses.


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
