from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.publishing.disclosure import (
    RULES,
    Figure,
    Round5,
    SecretRounding10,
    Suppress10Round5,
    UnknownRuleError,
    rule_of,
)
from tests.factories import ProgramFactory

counts = st.integers(min_value=0, max_value=2_000_000)
keys = st.binary(min_size=32, max_size=32)
cells = st.text(max_size=60)
histories = st.lists(st.integers(min_value=0, max_value=120), min_size=1, max_size=60)


def walk(rule: SecretRounding10, cell: str, history: list[int]) -> list[Figure]:
    """The figures of one cell as its count goes through the history."""
    figures: list[Figure] = []
    for exact in history:
        figures.append(rule.figure(exact, cell=cell, before=figures[-1] if figures else None))
    return figures


@given(keys, cells, counts)
def test_a_fresh_secret_figure_is_a_ten_within_nine_people(key: bytes, cell: str, exact: int) -> None:
    people = SecretRounding10(key).figure(exact, cell=cell, before=None).people
    assert people is None or (people % 10 == 0 and people >= 20 and abs(people - exact) <= 9)


@given(keys, cells, counts)
def test_a_secret_figure_appears_only_for_eleven_people_and_always_for_twenty(
    key: bytes, cell: str, exact: int
) -> None:
    people = SecretRounding10(key).figure(exact, cell=cell, before=None).people
    assert exact >= 11 or people is None
    assert exact < 20 or people is not None


@given(keys, cells, histories)
def test_a_secret_figure_is_never_further_away_than_eighteen_people(key: bytes, cell: str, history: list[int]) -> None:
    for exact, figure in zip(history, walk(SecretRounding10(key), cell, history), strict=True):
        assert figure.people is None or abs(figure.people - exact) <= 18


@given(keys, cells, histories)
def test_a_secret_figure_moves_only_when_ten_have_come_or_gone(key: bytes, cell: str, history: list[int]) -> None:
    figures = walk(SecretRounding10(key), cell, history)
    for before, after, exact in zip(figures, figures[1:], history[1:], strict=False):
        assert before.people == after.people or abs(exact - before.exact_at_change) >= 10


@given(keys, cells, counts)
def test_one_person_more_moves_no_secret_figure_that_has_just_moved(key: bytes, cell: str, exact: int) -> None:
    rule = SecretRounding10(key)
    figure = rule.figure(exact, cell=cell, before=None)
    assert rule.figure(exact + 1, cell=cell, before=figure) == figure


@given(keys, cells, st.integers(min_value=0, max_value=10))
def test_up_to_ten_people_look_like_nobody_under_the_secret_rule(key: bytes, cell: str, exact: int) -> None:
    assert SecretRounding10(key).figure(exact, cell=cell, before=None).people is None


@given(counts)
def test_round_5_is_the_nearest_five(exact: int) -> None:
    people = Round5().figure(exact, cell="", before=None).people
    assert (people is None) == (1 <= exact <= 4)
    assert people is None or (people % 5 == 0 and abs(people - exact) <= 2)


@given(counts)
def test_the_10_5_rule_hides_under_ten_and_rounds_the_rest(exact: int) -> None:
    people = Suppress10Round5().figure(exact, cell="", before=None).people
    assert (people is None) == (exact < 10)
    assert people is None or (people % 5 == 0 and abs(people - exact) <= 2)


@pytest.mark.parametrize(
    ("rule", "exact", "people"),
    [
        (Round5(), 0, 0), (Round5(), 1, None), (Round5(), 4, None), (Round5(), 5, 5), (Round5(), 14_581, 14_580),
        (Suppress10Round5(), 0, None), (Suppress10Round5(), 9, None), (Suppress10Round5(), 10, 10),
        (Suppress10Round5(), 12, 10), (Suppress10Round5(), 13, 15),
    ],
)  # fmt: skip
def test_figures_at_the_edges(rule: Round5 | Suppress10Round5, exact: int, people: int | None) -> None:
    assert rule.figure(exact, cell="", before=None).people == people


def test_every_offset_occurs_and_each_cell_has_its_own() -> None:
    rule = SecretRounding10(b"k" * 32)
    offsets = [rule.offset(f"by-region {number}") for number in range(300)]
    assert set(offsets) == set(range(10))
    assert rule.offset("by-region 7") == offsets[7]


@pytest.mark.django_db
def test_the_secret_changes_with_the_financial_year_and_not_within_it() -> None:
    program = ProgramFactory.create(disclosure_rule="secret-rounding-10", financial_year_month=4)
    keys = [rule_of(program, on=day).key for day in (date(2026, 3, 31), date(2026, 4, 1), date(2027, 3, 31))]  # type: ignore[attr-defined]
    assert keys[0] != keys[1] == keys[2]


@pytest.mark.django_db
def test_a_rule_that_does_not_exist_says_which_do() -> None:
    with pytest.raises(UnknownRuleError, match="round-5, 10-5"):
        rule_of(ProgramFactory.create(disclosure_rule="none"), on=date(2026, 1, 1))


@pytest.mark.parametrize("code", RULES)
def test_every_rule_explains_itself_in_sentences(code: str) -> None:
    rule = RULES[code](b"")
    assert rule.code == code
    assert rule.hidden_as in " ".join(rule.explanation)
    assert all(sentence.endswith(".") for sentence in rule.explanation)
