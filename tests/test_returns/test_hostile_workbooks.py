"""Workbooks that are made to cost more than their size: all are read or refused, in little time and memory."""

import pytest
from django.conf import LazySettings

from courses.returns.formats import FileRefusedError
from courses.returns.formats.xlsx import merging
from tests.test_returns.sheets import CELLS, NAMES, cell, package, read, row_of, sheet_of

GOOD = [row_of(1, NAMES), row_of(2, CELLS)]


def test_a_cell_far_from_the_table_costs_nothing() -> None:
    rows = [row_of(1, NAMES, cell("XFD1", "x")), row_of(2, CELLS), row_of(1_048_576, [], cell("XFD1048576", "x"))]
    assert read(package(sheet_of(*rows))).rows == {2: CELLS, 1_048_576: [""] * 6}


def test_a_long_text_that_many_cells_share_breaks_their_rows_and_no_other() -> None:
    rows = [row_of(number, CELLS[:5], f'<c r="F{number}" t="s"><v>0</v></c>') for number in range(2, 20_002)]
    reading = read(
        package(sheet_of(GOOD[0], *rows, row_of(20_002, CELLS)), shared=f"<si><t>{'x' * 1_000_000}</t></si>")
    )
    assert reading.rows == {20_002: CELLS}
    assert len(reading.broken) == 20_000
    assert reading.broken[0][:3] == (2, [], "is longer than 65,536 characters")


def test_rows_with_long_texts_come_in_smaller_blocks() -> None:
    rows = [row_of(number, CELLS[:5], f'<c r="F{number}" t="s"><v>0</v></c>') for number in range(2, 3_002)]
    reading = read(package(sheet_of(GOOD[0], *rows), shared=f"<si><t>{'x' * 60_000}</t></si>"))
    assert len(reading.rows) == 3_000
    assert reading.most <= 300


def merges(*ranges: str) -> str:
    return "<mergeCells>" + "".join(f'<mergeCell ref="{each}"/>' for each in ranges) + "</mergeCells>"


@pytest.mark.parametrize("at", ["F1:Z20001", "A5:F9", "F2:XFD1048576"])
def test_merged_cells_that_cover_one_another_are_refused(at: str) -> None:
    rows = [row_of(number, CELLS) for number in range(2, 1_002)]
    with pytest.raises(FileRefusedError, match=r"two merged cells cover one another\. Remove merged cells"):
        read(package(sheet_of(GOOD[0], *rows, behind=merges(*[at] * 20_000))))


def test_too_many_merged_cells_are_refused() -> None:
    behind = merges(*(f"A{number}:B{number}" for number in range(10, 200_020)))
    with pytest.raises(FileRefusedError, match="has more than 200,000 merged cells"):
        read(package(sheet_of(*GOOD, behind=behind)))


def test_a_hundred_thousand_merged_cells_are_read() -> None:
    numbers = range(2, 100_002)
    rows = [row_of(number, [], cell(f"E{number}", "Pass")) for number in numbers]
    reading = read(package(sheet_of(GOOD[0], *rows, behind=merges(*(f"E{number}:F{number}" for number in numbers)))))
    assert reading.column("region") == ["Pass"] * 100_000


@pytest.mark.parametrize(
    "sheet",
    [
        sheet_of(*GOOD).replace("<worksheet", '<!DOCTYPE x [<!ENTITY a "b">]><worksheet'),
        sheet_of(*GOOD)[:-40],
        sheet_of(GOOD[0], GOOD[0]),
        sheet_of(GOOD[0], row_of(1_048_577, CELLS)),
        sheet_of(*GOOD, '<row r="3"><c r="XFE3" t="n"><v>1</v></c></row>'),
        sheet_of(*GOOD, '<row r="3"><c r="Ä3" t="n"><v>1</v></c></row>'),
        sheet_of(*GOOD, '<row r="3">' + "<c/>" * 16_385 + "</row>"),
        sheet_of(*GOOD, '<row r="3"><c r="A3" t="s"><v>7</v></c></row>'),
        sheet_of(*GOOD, '<row r="3"><c r="A3"><v>seven</v></c></row>'),
        sheet_of(*GOOD, "<a>" * 1_000_000),
        sheet_of(*GOOD, '<row r="3" x="' + ">" * 8_000_000),
        sheet_of(*GOOD, behind='<mergeCells><mergeCell ref="A0:B2"/></mergeCells>'),
        "",
    ],
    ids=range(13),
)
def test_a_sheet_that_no_program_writes_is_refused(sheet: str) -> None:
    with pytest.raises(FileRefusedError, match="The workbook is damaged"):
        read(package(sheet))


@pytest.mark.parametrize("name", ["Sheet", "shared"])
def test_a_part_that_is_not_what_its_package_says_is_refused(name: str) -> None:
    content = bytearray(package(sheet_of(*GOOD), shared="<si><t>a</t></si>"))
    at = content.index(b"sheet1.xml" if name == "Sheet" else b"sharedStrings.xml") + 40
    content[at : at + 30] = bytes(30)
    with pytest.raises(FileRefusedError, match="damaged"):
        read(bytes(content))


def test_unpacked_sizes_are_added_before_anything_is_unpacked(settings: LazySettings) -> None:
    settings.MAX_WORKBOOK_BYTES = 100_000
    with pytest.raises(FileRefusedError, match=r"The workbook unpacks to more than 100,000 bytes\. Send it as CSV"):
        read(package(sheet_of(*GOOD, " " * 100_000)))


def test_more_cells_than_any_return_has_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(merging, "MOST_CELLS", 1_000)
    rows = (f'<row r="{number}">{"<c/>" * 10}</row>' for number in range(3, 200))
    with pytest.raises(FileRefusedError, match=r"A sheet has more than 1,000 cells\. Delete the columns"):
        read(package(sheet_of(*GOOD, *rows)))


def test_a_workbook_without_shared_texts_and_styles_is_read() -> None:
    assert read(package(sheet_of(*GOOD), parts=[("worksheet", "worksheets/sheet1.xml")])).rows == {2: CELLS}


@pytest.mark.parametrize("shared", ["<a>" * 500_000, "<si><t>a</t>", "<si/>" * 10 + "</sst>"])
def test_shared_texts_that_no_program_writes_are_refused(shared: str) -> None:
    with pytest.raises(FileRefusedError, match="The workbook is damaged"):
        read(package(sheet_of(*GOOD), shared=shared))


@pytest.mark.parametrize("encoding", ["UTF-9", "hex", "rot13"])
def test_a_sheet_in_an_encoding_that_nobody_knows_is_refused(encoding: str) -> None:
    sheet = sheet_of(*GOOD).replace('version="1.0"', f'version="1.0" encoding="{encoding}"')
    with pytest.raises(FileRefusedError, match="The workbook is damaged"):
        read(package(sheet))
