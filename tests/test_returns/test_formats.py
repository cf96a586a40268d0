"""The same rows in any shape: spreadsheets, JSON Lines, Parquet, packed, and CSV as others write it."""

import gzip
import io
import json
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter
from django.conf import LazySettings

from courses.achievements.models import Achievement
from courses.returns.models import Return
from people.models import Identity
from tests.test_returns.school import HEADER, School, counts, file_of, quarantined, row

ROWS = [row("1"), row("2", region="Lower"), row("3", result="Seen")]
NAMES = HEADER.split(",")
CELLS = [line.split(",") for line in ROWS]


def workbook(rows: list[list[Any]], name: str = "Sheet1", **others: list[list[Any]]) -> bytes:
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True, "default_date_format": "dd/mm/yyyy"}) as book:
        for sheet_name, sheet_rows in ({name: rows} | others).items():
            sheet = book.add_worksheet(sheet_name)
            for at, cells in enumerate(sheet_rows):
                sheet.write_row(at, 0, cells)
    return made.getvalue()


def objects(names: list[str], rows: list[list[str]]) -> bytes:
    return "\n".join(json.dumps(dict(zip(names, cells, strict=True))) for cells in rows).encode()


def parquet(columns: dict[str, Any], **options: Any) -> bytes:
    made = io.BytesIO()
    pq.write_table(pa.table(columns), made, **options)
    return made.getvalue()


def columns_of(rows: list[list[str]]) -> dict[str, list[str]]:
    return {name: [cells[place] for cells in rows] for place, name in enumerate(NAMES)}


SHAPES: dict[str, Callable[[], bytes]] = {
    "CSV": lambda: file_of(ROWS),
    "CSV with every cell in quotation marks": lambda: file_of(
        [",".join(f'"{cell}"' for cell in cells) for cells in CELLS]
    ),
    "CSV with other separators": lambda: file_of(ROWS).replace(b",", b";"),
    "tabs": lambda: file_of(ROWS).replace(b",", b"\t"),
    "UTF-16 as Excel writes it": lambda: file_of(ROWS).replace(b",", b"\t").decode().encode("utf-16"),
    "names in another case": lambda: file_of(ROWS, "Citizen No,COURSE,Term, ended ,Result:,region"),
    "a title above the header": lambda: file_of(ROWS, f"Mining school\n\nReturn of May,,,\n{HEADER}"),
    "gzip": lambda: gzip.compress(file_of(ROWS)),
    "a workbook": lambda: workbook([NAMES, *CELLS]),
    "a packed workbook": lambda: gzip.compress(workbook([NAMES, *CELLS])),
    "the second sheet": lambda: workbook([["Notes"]], "Notes", Data=[NAMES, *CELLS]),
    "a title above the header of a sheet": lambda: workbook([["Mining school"], [], NAMES, *CELLS]),
    "JSON Lines": lambda: objects(NAMES, CELLS),
    "packed JSON Lines": lambda: gzip.compress(objects(NAMES, CELLS)),
    "Parquet": lambda: parquet(columns_of(CELLS)),
    "packed Parquet": lambda: gzip.compress(parquet(columns_of(CELLS))),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_the_same_rows_are_taken_in_any_shape(school: School, shape: str) -> None:
    sent = school.send(SHAPES[shape]())
    assert (sent.refusal, counts(sent)) == ("", (3, 3, 0, 0))
    assert sorted(fact[2:5] for fact in school.facts()) == [
        (1, date(2026, 5, 1), "N"),
        (3, date(2026, 5, 1), "N"),
        (3, date(2026, 5, 1), "S"),
    ]
    assert counts(school.send(file_of(ROWS))) == (3, 0, 3, 0)


def test_it_is_said_how_a_file_was_read_that_was_not_plain(school: School) -> None:
    title = "Mining school;;;;;\n"
    content = title.encode() + file_of([row(term="Frühling")]).replace(b",", b";").decode().encode("latin-1")
    sent = school.send(content)
    assert sent.notes == [
        "the header is row 2",
        "columns are separated by semicolons",
        "it is no UTF-8 and was read as windows-1252",
    ]
    assert counts(school.report(row(term="Frühling"))) == (1, 0, 1, 0)


def test_excel_days_numbers_and_formulas_are_what_excel_shows(school: School) -> None:
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        sheet, as_day = book.add_worksheet(), book.add_format({"num_format": "dd/mm/yy"})
        sheet.write_row(0, 0, NAMES)
        for at, day in enumerate(["", 46143, "2026-05-01"], 1):
            sheet.write_row(at, 0, [at, "Digging", "2026A", day, "Pass", "Upper"])
        sheet.write_datetime(1, 3, datetime(2026, 5, 1), as_day)  # noqa: DTZ001 - Excel knows no time zone
        sheet.write_row(4, 0, [4, "Digging", "2026A", "2026-05-01", "Pass"])
        sheet.write_formula(4, 5, '="Up"&"per"', value="Upper")
    sent = school.send(made.getvalue())
    assert (counts(sent), quarantined(sent)) == ((4, 4, 0, 0), [])
    assert {fact[3] for fact in school.facts()} == {date(2026, 5, 1)}
    assert counts(school.report(row("1"))) == (1, 0, 1, 0)


def test_merged_cells_stand_for_all_that_they_cover(school: School) -> None:
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.merge_range(0, 0, 0, 5, "Mining school, May")
        sheet.write_row(1, 0, NAMES)
        for at, cells in enumerate(CELLS, 2):
            sheet.write_row(at, 0, cells)
        sheet.merge_range(2, 5, 4, 5, "Lower")
    assert counts(school.send(made.getvalue())) == (3, 3, 0, 0)
    assert {fact[4] for fact in school.facts()} == {"S"}


def test_a_header_of_two_rows_is_read_as_one(school: School) -> None:
    school.profile.definition["person"]["column"] = "Learner number"
    school.profile.definition["record_key"] = ["Learner number", "course", "term"]
    school.profile.save()
    header = "Learner,,course,term,ended,result,region\nnumber,name,,,,,"
    rows = [line.replace(",", ",Anna,", 1) for line in ROWS]
    sent = school.send(file_of(rows, header))
    assert (sent.refusal, counts(sent)) == ("", (3, 3, 0, 0))
    assert sent.notes == ["the header is row 1 and 2"]


@pytest.mark.parametrize("error", ["#N/A", "#REF!", "#VALUE!", "#DIV/0!"])
def test_a_cell_with_an_error_of_excel_costs_its_row(school: School, error: str) -> None:
    sent = school.send(workbook([NAMES, [*CELLS[0][:2], error, *CELLS[0][3:]], CELLS[1]]))
    assert counts(sent) == (2, 1, 0, 1)
    assert quarantined(sent) == [(2, "", "", f"the row term holds the error {error}")]


def test_a_number_that_has_lost_digits_costs_its_row(school: School) -> None:
    sent = school.send(workbook([NAMES, [12345678901234567890, *CELLS[0][1:]]]))
    assert "holds a number that lost digits in Excel" in quarantined(sent)[0][3]


def test_two_sheets_with_the_columns_are_refused(school: School) -> None:
    sent = school.send(workbook([NAMES, *CELLS], "May", June=[NAMES, *CELLS]))
    assert "Several sheets have the columns: “May”, “June”." in sent.refusal


def test_a_workbook_without_the_columns_names_its_sheets(school: School) -> None:
    sent = school.send(workbook([["citizen_no"], ["1"]], "May", June=[]))
    assert "lacks these columns: course, term, ended, result." in sent.refusal
    assert "The workbook has these sheets: May, June." in sent.refusal


def test_members_of_objects_are_named_by_their_path(school: School) -> None:
    school.profile.definition["person"]["column"] = "learner.no"
    school.profile.definition["record_key"] = ["learner.no", "course", "term"]
    school.profile.save()
    one = {
        "learner": {"no": 1},
        "course": "Digging",
        "term": 2026.0,
        "ended": "2026-05-01",
        "result": "Pass",
        "region": None,
    }
    sent = school.send(json.dumps(one).encode())
    assert (counts(sent), quarantined(sent)) == ((1, 1, 0, 0), [])
    assert Achievement.objects.get().region == ""


def test_a_line_that_is_no_object_costs_no_other(school: School) -> None:
    lines = [
        objects(NAMES, CELLS[:1]),
        b"[1]",
        b"{",
        b"",
        b'"x"',
        objects(NAMES, CELLS[1:2]),
        b'{"citizen_no": "\xff"}',
    ]
    sent = school.send(b"\n".join(lines))
    assert counts(sent)[:2] == (6, 2)
    assert [entry[0] for entry in quarantined(sent)][:3] == [2, 3, 5]


def test_parquet_types_are_written_as_the_profile_wants_them(school: School) -> None:
    columns: dict[str, Any] = columns_of(CELLS)
    columns["citizen_no"] = pa.array([1, 2, 3], pa.int64())
    columns["ended"] = pa.array([date(2026, 5, 1)] * 3)
    columns["region"] = pa.array(["Upper", None, "Upper"]).dictionary_encode()
    columns["term"] = pa.array([2026.0, 2027.0, None])
    sent = school.send(parquet(columns))
    assert counts(sent) == (3, 2, 0, 1)
    assert quarantined(sent) == [(3, "term", "", "is missing, and the record is not known without it")]
    assert Identity.objects.count() == 2


def test_a_parquet_column_of_lists_is_no_column_of_the_profile(school: School) -> None:
    columns: dict[str, Any] = columns_of(CELLS) | {"region": pa.array([[1], [2], [3]])}
    assert "has no column region, but one named region.list.element." in school.send(parquet(columns)).refusal


def test_rows_of_many_blocks_keep_their_numbers(school: School) -> None:
    rows = [row(number) for number in range(70_000)]
    rows[40_000] = "short"
    rows[69_990] = row("5", region='"Atlantis')
    sent = school.report(*rows)
    assert counts(sent) == (70_000, 69_998, 0, 2)
    assert [entry[0] for entry in quarantined(sent)] == [40_002, 69_992]


@pytest.mark.parametrize("content", [b"0" * 100_000, file_of([row()]) + b"\n" * 100_000], ids=["one line", "many"])
def test_a_file_that_unpacks_to_too_much_is_refused(school: School, content: bytes, settings: LazySettings) -> None:
    settings.MAX_UNPACKED_BYTES = 50_000
    assert "unpacks to more than 50,000 bytes" in school.send(gzip.compress(content)).refusal


def test_a_workbook_that_unpacks_to_too_much_is_refused(school: School, settings: LazySettings) -> None:
    settings.MAX_WORKBOOK_BYTES = 5_000
    assert "The workbook unpacks to more than 5,000 bytes." in school.send(workbook([NAMES, *CELLS])).refusal


def test_a_parquet_file_that_unpacks_to_too_much_is_refused(school: School, settings: LazySettings) -> None:
    settings.MAX_WORKBOOK_BYTES = 100
    assert "The Parquet file unpacks to too much." in school.send(parquet(columns_of(CELLS))).refusal


def test_damaged_parquet_is_refused_and_nothing_is_taken(school: School) -> None:
    content = bytearray(parquet(columns_of(CELLS)))
    content[8:200] = bytes(192)
    sent = school.send(bytes(content))
    assert sent.status == Return.Status.REFUSED
    assert not Achievement.objects.exists()
