"""A partner's own numbers: what a spreadsheet has made of one names nobody, and nothing honest is refused."""

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.returns.checking import CellFaultError
from courses.returns.checking.identifiers import Identifiers
from people.models import Person
from tests.test_returns.school import School, counts, quarantined, row

OWN = Identifiers("partner:college", "a number", None)


@pytest.fixture
def college(school: School) -> School:
    school.profile.definition["person"]["scheme"] = "partner"
    school.profile.save()
    return school


@pytest.mark.parametrize("number", ["1.23457E+11", "1,23457E+11", "1E+11", "1e+21", "1.2E10"])
def test_numbers_that_a_spreadsheet_has_shortened_are_not_taken_for_one_person(college: School, number: str) -> None:
    sent = college.report(*(row(f'"{number}"', term=f"T{at}") for at in range(3)))
    assert counts(sent) == (3, 0, 0, 3)
    assert "was shortened by a spreadsheet: format the column as text" in quarantined(sent)[0][3]
    assert not Person.objects.exists()


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("#N/A", "is an error of a spreadsheet"),
        ("#REF!", "is an error of a spreadsheet"),
        ("0", "names nobody"),
        ("000", "names nobody"),
        ("-", "names nobody"),
        ("???", "names nobody"),
        ("N/A", "names nobody"),
        ("null", "names nobody"),
        ("NaN", "names nobody"),
        ("123.0", "is written as a decimal"),
        ("S1\ufffd3", "has a character that was lost"),
        ("\u200b", "the person's identifier is missing"),
    ],
)
def test_what_names_nobody_is_a_fault(college: School, number: str, said: str) -> None:
    sent = college.report(row(number), row("S123"))
    assert counts(sent) == (2, 1, 0, 1)
    assert said in quarantined(sent)[0][3]


@pytest.mark.parametrize(
    "number", ["#A12", "1E5", "2E10", "E+1", "0-1", "00123", "123", "12.5", "1.2.0", "naomi", "x", "学号", "7"]
)
def test_honest_numbers_are_taken(college: School, number: str) -> None:
    assert counts(college.report(row(number))) == (1, 1, 0, 0)


@pytest.mark.parametrize(
    ("number", "said"), [("1.23E+09", "was shortened"), ("123.0", "is written as a decimal"), ("#N/A", "is an error")]
)
def test_what_a_spreadsheet_made_of_a_national_number_is_said(school: School, number: str, said: str) -> None:
    assert said in quarantined(school.report(row(number)))[0][3]


def test_a_number_that_a_spreadsheet_keeps_as_text_is_the_same_number(college: School) -> None:
    assert counts(college.report(row("0012"), row("'0012"), row('"=""0012"""'))) == (3, 1, 2, 0)


@given(
    st.lists(
        st.text(st.sampled_from("0123456789eE+-.,#/!? naNulLoOiI_\t"), min_size=1, max_size=8)
        | st.sampled_from(["#N/A", "#DIV/0!", "n/a", "NONE", "1.5e+9", "12,00", "Ä1", "\u200b7"]),
        min_size=1,
    )
)
def test_the_fast_look_at_numbers_takes_only_what_the_slow_one_takes(cells: list[str]) -> None:
    texts, fit = OWN.judged_together(pa.array([cell.strip() for cell in cells]))
    for cell, text, is_fit in zip(cells, texts.to_pylist(), fit, strict=True):
        if is_fit:
            assert OWN.judged("id", cell.strip()) == text
        elif cell.strip().isascii() and cell.strip():
            with pytest.raises(CellFaultError):
                OWN.judged("id", cell.strip())
