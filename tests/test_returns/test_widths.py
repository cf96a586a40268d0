"""Rows with more or fewer cells than the header: what anybody would understand is taken, and no cell moves."""

import csv
import io

import pytest

from courses.achievements.models import Achievement
from courses.returns.rejected import SENT, rejected_csv
from tests.test_returns.school import HEADER, School, counts, file_of, quarantined, row


@pytest.fixture
def wide(school: School) -> School:
    """The profile also reads the employer, in the file's last column."""
    school.profile.definition["employer"] = {"column": "employer"}
    school.profile.save()
    return school


def rejected(school: School, content: bytes) -> bytes:
    return b"".join(rejected_csv(school.send(content)))


@pytest.mark.parametrize(
    ("header", "line"),
    [
        (HEADER, f"{row()},"),
        (HEADER, f"{row()},,, ,"),
        (f"{HEADER},", row()),
        (f"{HEADER},,note", row()),
        (f"{HEADER},note", f"{row()},a note,,"),
        (HEADER, row().removesuffix(",Upper")),
        (HEADER, f"{row()}{',' * 20_000}"),
        (HEADER, f'"{row().replace(",", chr(34) + "," + chr(34))}",""'),
    ],
)
@pytest.mark.parametrize("others", [0, 1], ids=["plain", "beside an odd quotation mark"])
def test_blank_cells_too_many_or_too_few_at_the_end_are_no_fault(
    school: School, header: str, line: str, others: int
) -> None:
    sent = school.send(file_of([line, *[row('"2')] * others], header))
    assert counts(sent) == (1 + others, 1, 0, others)


def test_missing_cells_at_the_end_are_empty(wide: School) -> None:
    wide.send(file_of([row("1"), f"{row('2')},Acme"], f"{HEADER},employer"))
    assert sorted(Achievement.objects.values_list("employer", "region")) == [("", "N"), ("Acme", "N")]


@pytest.mark.parametrize(
    ("line", "cells"), [(f"{row()},Acme,x", 8), (f"{row()},Acme,,,x", 10), ("1,Digging,2026A,2026-05-01", 4)]
)
def test_rows_that_may_have_been_shifted_are_held(wide: School, line: str, cells: int) -> None:
    sent = wide.send(file_of([line, f"{row('2')},Acme"], f"{HEADER},employer"))
    assert quarantined(sent) == [(2, "", "", f"the row has {cells} cells where the header has 7")]


def test_nobody_is_read_from_the_cells_of_another_column(school: School) -> None:
    header = "course,term,ended,result,region,citizen_no"
    sent = school.send(file_of(["Digging,2026A,2026-05-01,Pass,7"], header))
    assert quarantined(sent) == [(2, "", "", "the row has 5 cells where the header has 6")]


def test_a_row_that_does_not_fit_is_given_back_in_one_piece(school: School) -> None:
    shifted = "Upper,Digging,2026A,2026-05-01,Pass,7,8"
    file = rejected(school, file_of([shifted], "region,course,term,ended,result,citizen_no"))
    [cells] = csv.DictReader(io.StringIO(file.decode("utf-8-sig")))
    assert {cells[name] for name in HEADER.split(",")} == {""}
    assert cells[SENT] == shifted


@pytest.mark.parametrize(
    "broken", ["Upper,Digging,2026A,2026-05-01,Pass,7,8", 'Upper,Digging,2026A,2026-05-01,Pass,7,"', "x", "7," * 99]
)
def test_broken_rows_that_are_sent_back_as_they_are_make_nobody(school: School, broken: str) -> None:
    file = rejected(school, file_of([broken], "region,course,term,ended,result,citizen_no"))
    assert counts(school.send(file)) == (1, 0, 0, 1)
    assert counts(school.send(rejected(school, file))) == (1, 0, 0, 1)


def test_cells_of_a_row_with_another_fault_stand_under_their_columns(school: School) -> None:
    header = "region,course,term,ended,result,citizen_no"
    file = rejected(school, file_of(["Atlantis,Digging,2026A,2026-05-01,Pass,7"], header))
    assert counts(school.send(file.replace(b"Atlantis", b"Upper"))) == (1, 1, 0, 0)


@pytest.mark.parametrize("cell", ["\t=1", "=1+1", "-5", "@x", "\tx", "'=1", "'x'", "'0012", "+49 1"])
def test_a_cell_is_the_same_after_it_was_given_back(wide: School, cell: str) -> None:
    header, line = f"{HEADER},employer", row("1", region="Atlantis")
    file = rejected(wide, file_of([f'{line},"{cell}"'], header))
    wide.send(file.replace(b"Atlantis", b"Upper"))
    [read] = Achievement.objects.values_list("employer", flat=True)
    assert counts(wide.send(file_of([f'{row("1")},"{cell}"'], header))) == (1, 0, 1, 0)
    assert read == cell.strip().removeprefix("'").removesuffix("'")


@pytest.mark.parametrize(
    "line",
    [
        '1, "Digging", "2026A", "2026-05-01", "Pass", "Upper"',
        '"1",  "Digging", 2026A,"2026-05-01", "Pass", "Upper"',
        "'1','Digging','2026A','2026-05-01','Pass','Upper'",
        '1,Digging,2026A,2026-05-01,Pass, ""',
    ],
)
def test_blanks_before_quotation_marks_and_other_quotation_marks_are_understood(school: School, line: str) -> None:
    sent = school.report(line, row("2"))
    assert (counts(sent), quarantined(sent)) == ((2, 2, 0, 0), [])


def test_a_comma_within_quotation_marks_behind_a_blank_parts_no_cell(wide: School) -> None:
    wide.send(file_of([f'{row()}, "Acme, Ltd"'], f"{HEADER},employer"))
    assert Achievement.objects.get().employer == "Acme, Ltd"


def test_a_quotation_mark_behind_a_blank_may_be_a_cells_own(wide: School) -> None:
    wide.send(file_of([f'{row()}, "Acme" Ltd'], f"{HEADER},employer"))
    assert Achievement.objects.get().employer == '"Acme" Ltd'


def test_rows_of_many_blocks_with_commas_at_the_end_are_all_read(school: School) -> None:
    sent = school.report(*(f"{row(number)},," if number % 3 else row(number) for number in range(70_000)))
    assert counts(sent) == (70_000, 70_000, 0, 0)
