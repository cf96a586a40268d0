"""Decisions: they merge or part, are logged, can be undone, and two people at once cannot contradict each other."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import IntegrityError, connection

from courses.achievements.operations import merge_persons, unmerge
from courses.matching.models import Candidate, Decided, Decision
from courses.matching.operations import (
    DecisionRefusedError,
    decide_alike,
    decide_different,
    decide_later,
    decide_same,
    undo_decision,
)
from people.models import Merge, Particulars
from programs.models import Role
from tests.factories import NOW, MembershipFactory, UserFactory
from tests.test_matching.cast import Office, know, new_office, state_of

pytestmark = pytest.mark.django_db
DEEDS: dict[str, Callable[..., Decision]] = {
    "same": decide_same,
    "different": decide_different,
    "later": decide_later,
}


def test_one_person_is_merged_and_the_evidence_is_kept(office: Office) -> None:
    candidate = office.pair()

    decision = decide_same(candidate, at=NOW, by=office.anna)

    assert office.are_one(candidate)
    made = Merge.objects.get()
    assert (made.reason, made.merged_by, made.evidence["candidate"]) == ("review", office.anna, candidate.pk)
    decided = Candidate.objects.get()
    assert (decided.state, decided.decided_by, decided.decided_at, decided.merge) == ("same", office.anna, NOW, made)
    assert (decision.candidates, Decided.objects.get().merge) == (1, made)


@pytest.mark.parametrize("verdict", ["different", "later"])
def test_other_verdicts_merge_nobody(office: Office, verdict: str) -> None:
    candidate = office.pair()

    DEEDS[verdict](candidate, at=NOW, by=office.anna)

    assert (state_of(candidate), office.are_one(candidate)) == (verdict, False)


@pytest.mark.parametrize("verdict", DEEDS)
def test_deciding_twice_is_deciding_once(office: Office, verdict: str) -> None:
    candidate = office.pair()

    first = DEEDS[verdict](candidate, at=NOW, by=office.anna)
    second = DEEDS[verdict](candidate, at=NOW, by=office.bela)

    assert first == second
    assert (Decision.objects.count(), Merge.objects.count()) == (1, verdict == "same")


def test_what_was_decided_otherwise_is_refused(office: Office) -> None:
    candidate = office.pair()
    decide_different(candidate, at=NOW, by=office.anna)

    with pytest.raises(DecisionRefusedError, match=f"{office.anna} has decided already: two people"):
        decide_same(candidate, at=NOW, by=office.bela)


def test_what_was_put_off_can_be_decided(office: Office) -> None:
    candidate = office.pair()
    decide_later(candidate, at=NOW, by=office.anna)
    decide_same(candidate, at=NOW, by=office.bela)

    assert state_of(candidate) == "same"


def test_what_is_no_longer_alike_cannot_be_decided(office: Office) -> None:
    candidate = office.pair()
    Particulars.objects.filter(person=candidate.other).update(name="Somebody Else", email=None)
    office.search()

    with pytest.raises(DecisionRefusedError, match="no longer alike"):
        decide_same(candidate, at=NOW, by=office.anna)


def test_name_and_birth_date_alone_need_a_reason(office: Office) -> None:
    candidate = office.alone()

    for because in ("", "  "):
        with pytest.raises(DecisionRefusedError, match="Say what else you know"):
            decide_same(candidate, because=because, at=NOW, by=office.anna)
    decide_same(candidate, because="Both certificates show one face.", at=NOW, by=office.anna)

    assert Decision.objects.get().because == "Both certificates show one face."


def test_the_database_keeps_that_rule_too(office: Office) -> None:
    candidate = office.alone()
    with pytest.raises(IntegrityError, match="candidate_by_name_and_birth_date_alone_needs_a_reason"):
        Candidate.objects.filter(pk=candidate.pk).update(state="same", decided_at=NOW, decided_by=office.anna)


def test_identifiers_that_came_later_and_differ_refuse_a_merge(office: Office) -> None:
    candidate = office.pair()
    know(candidate.one, "citizen", 1)
    know(candidate.other, "citizen", 2)

    with pytest.raises(DecisionRefusedError, match="two people"):
        decide_same(candidate, at=NOW, by=office.anna)
    decide_different(candidate, at=NOW, by=office.anna)


@pytest.mark.parametrize("role", [Role.MINISTRY, Role.LEARNER, None])
@pytest.mark.parametrize("verdict", DEEDS)
def test_only_program_managers_decide(office: Office, verdict: str, role: str | None) -> None:
    user = MembershipFactory.create(program=office.program, role=role).user if role else UserFactory.create()
    candidate = office.pair()

    with pytest.raises(DecisionRefusedError, match="no program manager"):
        DEEDS[verdict](candidate, at=NOW, by=user)
    decision = decide_later(candidate, at=NOW, by=office.anna)
    with pytest.raises(DecisionRefusedError, match="no program manager"):
        undo_decision(decision, at=NOW, by=user)


@pytest.mark.parametrize("verdict", DEEDS)
def test_an_undo_puts_everything_back_and_twice_is_once(office: Office, verdict: str) -> None:
    candidate = office.pair()
    decision = DEEDS[verdict](candidate, at=NOW, by=office.anna)

    for _ in range(2):
        undone = undo_decision(decision, at=NOW, by=office.bela)

    assert (undone.undone_by, office.are_one(candidate)) == (office.bela, False)
    again = Candidate.objects.get()
    assert (again.state, again.decided_by, again.merge) == ("open", None, None)
    assert not Merge.objects.standing().exists()


def test_after_an_undo_it_can_be_decided_anew_and_the_log_keeps_both(office: Office) -> None:
    candidate = office.pair()
    undo_decision(decide_same(candidate, at=NOW, by=office.anna), at=NOW, by=office.anna)
    decide_different(candidate, at=NOW, by=office.bela)

    assert state_of(candidate) == "different"
    assert [row.verdict for row in Decision.objects.order_by("pk")] == ["same", "different"]


def test_undoing_an_undone_decision_does_not_touch_the_one_after_it(office: Office) -> None:
    candidate = office.pair()
    first = decide_same(candidate, at=NOW, by=office.anna)
    undo_decision(first, at=NOW, by=office.anna)
    decide_same(candidate, at=NOW, by=office.anna)

    undo_decision(first, at=NOW, by=office.anna)

    assert (state_of(candidate), office.are_one(candidate)) == ("same", True)


def test_a_merge_that_was_there_before_stays_when_the_decision_is_undone(office: Office) -> None:
    candidate = office.pair()
    merge_persons(office.program, candidate.other, candidate.one, reason=Merge.Reason.NATIONAL, evidence={}, at=NOW)
    decision = decide_same(candidate, at=NOW, by=office.anna)
    assert Decided.objects.get().merge is None

    undo_decision(decision, at=NOW, by=office.anna)

    assert office.are_one(candidate)


def test_a_merge_that_somebody_undid_elsewhere_does_no_harm(office: Office) -> None:
    candidate = office.pair()
    decision = decide_same(candidate, at=NOW, by=office.anna)
    unmerge(Merge.objects.get(), because="elsewhere", at=NOW, by=office.bela)

    undo_decision(decision, at=NOW, by=office.anna)

    assert (state_of(candidate), office.are_one(candidate)) == ("open", False)


def test_telling_apart_speaks_for_all_that_waits_between_the_same_two(office: Office) -> None:
    one, two, three = (office.say(email="a@example.org") for _ in range(3))
    office.search()
    assert Candidate.objects.count() == 3
    decide_same(Candidate.objects.get(one=one, other=two), at=NOW, by=office.anna)

    decision = decide_different(Candidate.objects.get(one=one, other=three), at=NOW, by=office.anna)

    assert decision.candidates == 2
    assert state_of(Candidate.objects.get(one=two, other=three)) == "different"
    undo_decision(decision, at=NOW, by=office.anna)
    assert state_of(Candidate.objects.get(one=two, other=three)) == "open"


def test_candidates_with_the_same_evidence_are_decided_and_undone_together(office: Office) -> None:
    rows = [office.pair() for _ in range(3)]
    assert len({row.pattern for row in rows}) == 1

    decision = decide_alike(rows, "same", at=NOW, by=office.anna)

    assert [office.are_one(row) for row in rows] == [True] * 3
    undo_decision(decision, at=NOW, by=office.bela)
    assert [office.are_one(row) for row in rows] == [False] * 3


def test_evidence_that_differs_is_not_decided_together(office: Office) -> None:
    rows = [office.pair(), office.pair(born_on=None)]

    with pytest.raises(DecisionRefusedError, match="not the same"):
        decide_alike(rows, "same", at=NOW, by=office.anna)


def test_all_are_decided_together_or_none(office: Office) -> None:
    rows = [office.pair() for _ in range(2)]
    decide_different(rows[1], at=NOW, by=office.bela)

    with pytest.raises(DecisionRefusedError, match="has decided already"):
        decide_alike(rows, "same", at=NOW, by=office.anna)

    assert not office.are_one(rows[0])


def test_name_and_birth_date_alone_are_never_merged_together(office: Office) -> None:
    candidate = office.alone()
    with pytest.raises(DecisionRefusedError, match="Say what else you know"):
        decide_alike([candidate], "same", at=NOW, by=office.anna)
    decide_alike([candidate], "different", at=NOW, by=office.anna)


def test_too_many_or_none_are_not_decided_together(office: Office) -> None:
    candidate = office.pair()
    for rows in ([], [candidate] * 51):
        with pytest.raises(DecisionRefusedError, match="Between 1 and 50"):
            decide_alike(rows, "same", at=NOW, by=office.anna)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("verdicts", "merges"), [(("same", "same"), 1), (("same", "different"), None)])
def test_two_reviewers_at_once_decide_once(verdicts: tuple[str, str], merges: int | None) -> None:
    office = new_office()
    candidate = office.pair()
    together = Barrier(2)

    def decide(verdict: str, user: str) -> str:
        try:
            together.wait(timeout=30)
            DEEDS[verdict](candidate, at=NOW, by=getattr(office, user))
        except DecisionRefusedError:
            return "refused"
        finally:
            connection.close()
        return verdict

    with ThreadPoolExecutor(2) as pool:
        ends = list(pool.map(decide, verdicts, ("anna", "bela")))

    assert Decision.objects.count() == 1
    assert ends.count("refused") == (merges is None)
    assert state_of(candidate) == next(end for end in ends if end != "refused")
    assert Merge.objects.count() == (state_of(candidate) == "same")
