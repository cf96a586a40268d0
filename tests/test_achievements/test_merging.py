"""Merges are trees: they are made and undone one by one, and aliases say where they lead."""

from datetime import timedelta

import pytest

from courses.achievements.models import DirtyPeople
from courses.achievements.operations import MergeRefusedError, merging_order, unmerge
from people.models import Alias, Merge, Person
from programs.models import Program
from tests.factories import NOW, PersonFactory, UserFactory, marked_dirty
from tests.test_achievements.merges import LATER, aliases, know_nationally, merge, people_of, undo

pytestmark = pytest.mark.django_db


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
