"""What agreements weigh, and which scores they may reach."""

from datetime import date

import pytest

from courses.matching.agreement import Agreement, Frequencies, Level, Saying
from courses.matching.comparing import MOST_SHARING, Comparison, Shared, compare, compare_days, compare_employers
from courses.matching.scoring import ALONE, LEAST, evidence_of, is_candidate, pattern_of, score_of

NATION = Frequencies(1_500_000, days={date(1990, 1, 1): 3_000})
BORN = date(1990, 2, 3)
NAME = ("theodora", "blackwood")
NOTHING = Shared()


def compared(
    *, name: tuple[str, ...] = NAME, born_on: date | None = BORN, employer: str = "", shared: Shared = NOTHING
) -> Comparison:
    return compare(Saying(NAME, BORN, "acme"), Saying(name, born_on, employer), shared, NATION)


@pytest.mark.parametrize(
    ("other", "level", "how"),
    [
        (date(1990, 2, 3), Level.EXACT, ""),
        (date(1990, 3, 2), Level.ALIKE, "day and month changed round"),
        (date(1990, 2, 5), Level.ALIKE, "one digit apart"),
        (date(1980, 2, 3), Level.ALIKE, "one digit apart"),
        (date(1990, 1, 1), Level.ALIKE, "1 January of the same year"),
        (date(1985, 11, 27), Level.DIFFERENT, ""),
        (None, Level.UNSTATED, ""),
    ],
)
def test_birth_dates_agree_as_a_reader_would_say(other: date | None, level: Level, how: str) -> None:
    for one, two in ((BORN, other), (other, BORN)):
        found = compare_days(one, two, NATION)
        assert (found.level, found.how) == (level, how)


def test_a_birth_date_of_many_says_little() -> None:
    new_year = date(1990, 1, 1)
    assert compare_days(new_year, new_year, NATION).bits < compare_days(BORN, BORN, NATION).bits - 8


def test_an_employer_with_another_number_is_another_employer() -> None:
    assert compare_employers("school 12 of zenda", "school 13 of zenda", NATION).level == Level.DIFFERENT
    assert compare_employers("school 12 of zenda", "school 12 of zendar", NATION).level == Level.ALIKE


def test_name_and_birth_date_alone_stay_below_everything_with_further_agreement() -> None:
    alone, further = compared(), compared(name=("t", "blackwood"), employer="acme")

    assert alone.bits > 10
    assert score_of(alone) <= ALONE < LEAST <= score_of(further)
    assert (alone.has_further_agreement, further.has_further_agreement) == (False, True)


def test_a_mailbox_of_many_says_nothing() -> None:
    few, many = compared(shared=Shared(email=2)), compared(shared=Shared(email=MOST_SHARING + 1))

    assert few.bits > many.bits + 10
    assert (many.email.level, many.email.how) == (Level.UNSTATED, "shared by many")
    assert not many.has_further_agreement


def test_another_name_is_another_person_whatever_else_agrees() -> None:
    twin = compared(name=("gregory", "blackwood"), employer="acme", shared=Shared(email=2, phone=2, account=2))
    assert not is_candidate(twin)


def test_another_family_name_needs_the_birth_date_and_a_contact() -> None:
    name = ("theodora", "green")
    assert is_candidate(compared(name=name, shared=Shared(email=2, phone=2)))
    assert not is_candidate(compared(name=name, employer="acme"))
    assert not is_candidate(compared(name=name, born_on=None, employer="acme", shared=Shared(email=2, phone=2)))


def test_a_family_that_shares_a_telephone_is_no_candidate() -> None:
    assert not is_candidate(compared(name=("gregory", "blackwood"), born_on=date(1961, 5, 6), shared=Shared(phone=2)))


def test_a_frequent_name_with_nothing_but_the_birth_date_is_no_candidate() -> None:
    frequent = Frequencies(1_500_000, names={"blackwood theodora": 3_000}, days={BORN: 100})
    assert not is_candidate(compare(Saying(NAME, BORN), Saying(NAME, BORN), Shared(), frequent))


def test_evidence_holds_no_value_and_adds_up() -> None:
    comparison = compared(employer="acme", shared=Shared(email=2, phone=0))
    evidence = evidence_of(comparison)

    assert not {"theodora", "blackwood", "acme", "1990"} & set(str(evidence).lower().replace("'", " ").split())
    assert evidence["phone"] == {"level": "different", "bits": -0.5}
    assert evidence["bits"] == round(comparison.bits, 1)


def test_a_pattern_is_the_same_for_the_same_agreement() -> None:
    one = compared(employer="acme")
    other = compare(Saying(("ivan", "petrov"), BORN, "b"), Saying(("ivan", "petrov"), BORN, "b"), Shared(), NATION)

    assert pattern_of(one) == pattern_of(other) != pattern_of(compared())


@pytest.mark.parametrize(("bits", "alone", "further"), [(-0.1, False, False), (2.9, False, True), (3.0, True, True)])
def test_name_and_birth_date_alone_need_better_odds(bits: float, alone: bool, further: bool) -> None:
    same, nothing = Agreement(Level.EXACT, bits), Agreement(Level.UNSTATED)

    assert is_candidate(Comparison(same, same, nothing, nothing, nothing, nothing, bits)) is alone
    assert is_candidate(Comparison(same, same, same, nothing, nothing, nothing, bits)) is further
