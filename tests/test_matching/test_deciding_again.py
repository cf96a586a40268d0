"""Decisions that meet others: national identifiers, later decisions, and merges that were made meanwhile."""

import pytest

from courses.achievements.operations import merge_persons
from courses.matching.models import Candidate, Decision
from courses.matching.operations import (
    DecisionRefusedError,
    decide_alike,
    decide_different,
    decide_later,
    decide_same,
    undo_decision,
)
from people.models import Merge
from tests.factories import NOW
from tests.test_matching.cast import Office, know, state_of

pytestmark = pytest.mark.django_db


def chain(office: Office) -> list[Candidate]:
    """Two candidates with one person in common, whose two others have different national identifiers."""
    first, between, last = (office.say(email="a@example.org") for _ in range(3))
    know(first, "citizen", 1)
    know(last, "citizen", 2)
    office.search()
    return [Candidate.objects.get(one=first, other=between), Candidate.objects.get(one=between, other=last)]


def test_many_decided_together_never_join_different_national_identifiers(office: Office) -> None:
    rows = chain(office)
    assert rows[0].pattern == rows[1].pattern

    with pytest.raises(DecisionRefusedError, match="two people"):
        decide_alike(rows, "same", at=NOW, by=office.anna)

    assert not Merge.objects.exists()
    assert not Decision.objects.exists()


def test_one_after_the_other_does_not_join_them_either(office: Office) -> None:
    first, second = chain(office)
    decide_same(first, at=NOW, by=office.anna)

    with pytest.raises(DecisionRefusedError, match="two people"):
        decide_same(second, at=NOW, by=office.anna)

    assert Merge.objects.count() == 1


def test_only_the_last_decision_of_a_candidate_can_be_undone(office: Office) -> None:
    candidate = office.pair()
    put_off = decide_later(candidate, at=NOW, by=office.anna)
    decide_same(candidate, at=NOW, by=office.anna)

    with pytest.raises(DecisionRefusedError, match="undo what was decided after it"):
        undo_decision(put_off, at=NOW, by=office.bela)

    assert (state_of(candidate), office.are_one(candidate)) == ("same", True)


def test_undoing_many_leaves_what_was_decided_anew_since(office: Office) -> None:
    rows = [office.pair() for _ in range(3)]
    put_off = decide_alike(rows, "later", at=NOW, by=office.anna)
    decide_same(rows[1], at=NOW, by=office.anna)

    undo_decision(put_off, at=NOW, by=office.bela)

    assert [state_of(row) for row in rows] == ["open", "same", "open"]
    assert [office.are_one(row) for row in rows] == [False, True, False]


def test_two_who_were_merged_meanwhile_are_not_told_apart(office: Office) -> None:
    candidate = office.pair()
    merge_persons(office.program, candidate.other, candidate.one, reason=Merge.Reason.NATIONAL, evidence={}, at=NOW)

    with pytest.raises(DecisionRefusedError, match="merged by equal national identifier"):
        decide_different(candidate, at=NOW, by=office.anna)

    assert (state_of(candidate), office.are_one(candidate)) == ("open", True)
