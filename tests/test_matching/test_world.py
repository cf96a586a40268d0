"""A small nation with known truth: what is found, what is not, and who merely looks alike."""

import pytest

from courses.matching.models import Candidate
from tests.factories import NOW
from tests.matching_loading import load_world
from tests.matching_world import KINDS, judge, world
from tests.test_matching.cast import Office

RECORDS, SEED = 12_000, 4


def found_pairs(office: Office, first: int) -> list[tuple[int, int]]:
    rows = Candidate.objects.of(office.program).filter(state="open").values_list("one_id", "other_id")
    return [(one - first, other - first) for one, other in rows]


@pytest.mark.django_db
def test_candidates_are_right_and_most_duplicates_are_found(office: Office) -> None:
    made = world(RECORDS, seed=SEED)
    first = load_world(office.program, [office.college, office.employer], made, at=NOW)

    search = office.search()

    judgement = judge(made, found_pairs(office, first))
    assert judgement.precision >= 0.98
    assert judgement.recall >= 0.8
    for kind in ("same", "order", "particles", "email", "phone", "script", "employer"):
        planted, found = judgement.by_kind[kind]
        assert found >= 0.8 * planted, kind
    assert (search.sayings, search.changed, search.found) == (RECORDS, RECORDS, judgement.proposed)


@pytest.mark.django_db
def test_what_is_added_later_is_found_as_if_all_had_come_at_once(office: Office) -> None:
    made = world(4_000, seed=SEED)
    first = load_world(office.program, [office.college], made, at=NOW)
    together = office.search()
    at_once = sorted(found_pairs(office, first))

    office.say("Nobody Else")
    later = office.search()
    again = office.search(everything=True)

    assert (together.changed, later.changed, later.found, again.changed) == (4_000, 1, 0, 4_001)
    assert sorted(found_pairs(office, first)) == at_once


def test_the_world_is_the_same_for_the_same_seed() -> None:
    one, other = world(500, seed=7), world(500, seed=7)
    assert (one.name, one.born, one.human) == (other.name, other.born, other.human)
    assert len(one) == 500
    assert {kind for kind in one.kind if kind} == set(KINDS)
