"""Workbooks: what Excel shows is what is read, however a program writes it."""

import io
import random
import zipfile
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import python_calamine as calamine
import xlsxwriter

from courses.returns.formats import FileRefusedError
from courses.returns.formats.xlsx import styles
from tests.test_returns.school import School, counts, quarantined
from tests.test_returns.sheets import CELLS, NAMES, cell, package, read, row_of, sheet_of

GOOD = [row_of(1, NAMES), row_of(2, CELLS)]
MAY = datetime(2026, 5, 1)  # noqa: DTZ001 - Excel knows no time zone
Fill = Callable[[Any, Any], None]


def book(fill: Fill, **options: Any) -> bytes:
    """A workbook whose sheet has the header; `fill` gets the workbook and the sheet."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True, **options}) as opened:
        sheet = opened.add_worksheet()
        sheet.write_row(0, 0, NAMES)
        fill(opened, sheet)
    return made.getvalue()


def test_an_error_of_excel_costs_its_row_and_a_text_like_one_does_not(school: School) -> None:
    def fill(_: Any, sheet: Any) -> None:
        for at in range(1, 6):
            sheet.write_row(at, 0, [str(at), *CELLS[1:]])
        sheet.write_formula(1, 5, "=NA()", value="#N/A")
        sheet.write_formula(2, 2, "=1/0", value="#DIV/0!")
        sheet.write(3, 2, "#A12")
        sheet.write(4, 2, "#1GYM")
        sheet.write(5, 2, "#REF!")

    sent = school.send(book(fill))
    assert counts(sent) == (5, 2, 0, 3)
    assert [(entry[0], entry[3]) for entry in quarantined(sent)] == [
        (2, "the row region holds the error #N/A"),
        (3, "the row term holds the error #DIV/0!"),
        (6, "the row term holds the error #REF!"),
    ]


def test_an_error_beside_the_wanted_columns_costs_nothing() -> None:
    error = '<c r="K2" t="e"><v>#N/A</v></c>'
    assert read(package(sheet_of(GOOD[0], row_of(2, CELLS, error)))).rows == {2: CELLS}


@pytest.mark.parametrize("has_1904", [True, False])
def test_a_day_is_the_same_in_both_calendars_of_excel(has_1904: bool) -> None:
    def fill(opened: Any, sheet: Any) -> None:
        as_day = opened.add_format({"num_format": "dd/mm/yyyy"})
        number = (MAY - datetime(1904, 1, 1)).days if has_1904 else (MAY - datetime(1899, 12, 30)).days  # noqa: DTZ001
        for at in (1, 2):
            sheet.write_row(at, 0, CELLS)
        sheet.write_datetime(1, 3, MAY, as_day)
        sheet.write_number(2, 3, number)

    assert read(book(fill, date_1904=has_1904)).column("ended") == ["2026-05-01", "2026-05-01"]


def test_a_bare_number_with_a_time_is_a_day_with_a_time() -> None:
    reading = read(book(lambda _, sheet: sheet.write_row(1, 0, [*CELLS[:3], 46143.75, *CELLS[4:]])))
    assert reading.column("ended") == ["2026-05-01T18:00:00"]


@pytest.mark.parametrize("number", [2**53, 1e300, 1234567890123450, -(10**15)])
def test_a_number_that_may_have_lost_digits_is_a_fault_of_its_row(number: float) -> None:
    reading = read(book(lambda _, sheet: sheet.write_row(1, 0, [number, *CELLS[1:]])))
    assert [broken.fault for broken in reading.broken] == [
        "citizen_no holds a number that lost digits in Excel: format the column as text before you fill it"
    ]


@pytest.mark.parametrize("number", [10**15 - 1, 123456789012345, 1234567890123456, 0, -7])
def test_a_number_with_all_its_digits_is_read(number: int) -> None:
    reading = read(book(lambda _, sheet: sheet.write_row(1, 0, [number, *CELLS[1:]])))
    assert reading.column("citizen_no") == [str(number)]


def test_a_row_of_blanks_is_no_row(school: School) -> None:
    def fill(_: Any, sheet: Any) -> None:
        sheet.write_row(1, 0, CELLS)
        sheet.write_row(2, 0, [" ", "", "\t", "\u00a0"])
        sheet.write(3, 9, "  ")
        sheet.write(4, 9, "a note")

    sent = school.send(book(fill))
    assert (counts(sent), [entry[0] for entry in quarantined(sent)]) == ((2, 1, 0, 1), [5])


STYLES = (
    '<numFmts><numFmt numFmtId="164" formatCode="[$-809]dd\\ mmmm\\ yyyy;@"/></numFmts>'
    '<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="164"/></cellXfs>'
)
DAY = '<c r="D2" s="1"><v>46143</v></c>'
AS_WRITTEN = {
    "plain": row_of(2, CELLS).replace(cell("D2", CELLS[3]), DAY),
    "without references": row_of(2, CELLS).replace(cell("D2", CELLS[3]), DAY).replace(' r="', ' x="'),
    "with blanks between": row_of(2, CELLS).replace(cell("D2", CELLS[3]), DAY).replace("><", ">\n <"),
    "in another order": row_of(2, CELLS).replace(cell("D2", CELLS[3]), "<c s='1' r='D2'><v>46143</v></c>"),
    "with a comment": row_of(2, CELLS).replace(cell("D2", CELLS[3]), DAY).replace("<row", "<!-- a --><row", 1),
    "with formulas": row_of(2, CELLS)
    .replace(cell("D2", CELLS[3]), '<c r="D2" s="1"><f>TODAY()</f><v>46143</v></c>')
    .replace(cell("A2", "1"), '<c r="A2" t="str"><f>"1"&amp;""</f><v>1</v></c>'),
    "in runs": row_of(2, CELLS).replace(cell("D2", CELLS[3]), DAY).replace(
        "<is><t>Digging</t></is>", "<is><r><rPr><b/></rPr><t>Dig</t></r><r><t>ging</t></r><rPh><t>no</t></rPh></is>"
    ),
    "shared": row_of(2, CELLS).replace(cell("D2", CELLS[3]), DAY).replace(
        't="inlineStr"><is><t>Digging</t></is>', 't="s"><v>1</v>'
    ),
    "an ISO day": row_of(2, CELLS).replace(cell("D2", CELLS[3]), '<c r="D2" t="d"><v>2026-05-01T00:00:00</v></c>'),
}  # fmt: skip
SHARED = "<si><t>no</t></si><si><r><t>Dig</t></r><r><t>ging</t></r><rPh sb='0' eb='1'><t>no</t></rPh></si>"


@pytest.mark.parametrize("written", AS_WRITTEN)
def test_a_row_is_the_same_however_it_is_written(written: str) -> None:
    content = package(sheet_of(GOOD[0], AS_WRITTEN[written]), styles=STYLES, shared=SHARED)
    assert read(content).rows == {2: CELLS}


def test_rows_above_and_below_an_unusual_one_are_read_once() -> None:
    rows = [row_of(number, [str(number), *CELLS[1:]]) for number in range(2, 3_000)]
    rows[1_500] = rows[1_500].replace("Digging", "<![CDATA[Digging]]>").replace("<t>Pass</t>", "<t>P&#97;ss</t>")
    assert read(package(sheet_of(GOOD[0], *rows))).rows == {n: [str(n), *CELLS[1:]] for n in range(2, 3_000)}


def test_elements_may_have_a_prefix() -> None:
    sheet = sheet_of(*GOOD).replace("<", "<x:").replace("<x:/", "</x:").replace("<x:?", "<?")
    assert read(package(sheet.replace("xmlns=", "xmlns:x="))).rows == {2: CELLS}


def test_a_character_by_its_number_is_that_character() -> None:
    row = row_of(2, [*CELLS[:5], "a_x000A_b_x005F_x000A_ & _xD800_"])
    assert read(package(sheet_of(GOOD[0], row))).column("region") == ["a\nb_x000A_ & _xD800_"]


def packed(name: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr(name, "<a/>")
    return made.getvalue()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"\xd0\xcf\x11\xe0" + bytes(600), "protected by a password, or one of an Excel before 2007"),
        (packed("xl/workbook.bin"), r"a binary Excel workbook \(XLSB\)"),
        (packed("content.xml"), "an OpenDocument file"),
        (packed("word/document.xml"), "a Word document"),
    ],
)
def test_what_is_no_xlsx_is_refused_with_its_kind(content: bytes, kind: str) -> None:
    with pytest.raises(FileRefusedError, match=f"The file looks like .*{kind}.* Taken are CSV, Excel workbooks"):
        read(content)


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("yyyy\\-mm\\-dd", "day"), ("[Red]0.00", ""), ('0 "days"', ""), ("[h]:mm", "elapsed"), ("[$-F400]h:mm", "day"),
        ("0.00E+00", ""), ("@", ""), ("General", ""), ("#,##0_d;[Blue]d", ""), ("mmm\\ yy;@", "day"), ("0\\d", ""),
    ],
)  # fmt: skip
def test_the_format_tells_days_from_numbers(code: str, kind: str) -> None:
    assert styles.kind_of("164", code) == kind


def mixed_cell(formats: dict[str, Any]) -> tuple[Any, Any]:
    moment = MAY + timedelta(seconds=random.randrange(100_000_000))
    day = datetime(moment.year, moment.month, moment.day)  # noqa: DTZ001
    text = random.choice(["", " a ", "Zürich", "<&>\"'", "a\nb", "0012", "日本", "x" * 300])
    number = random.choice([0, 1.5, -3, 12345678901, 0.1, 1e-9, 123456.789])
    return random.choice([(text, None), (number, None), (day, formats["day"]), (moment, formats["time"]), (True, None)])


@pytest.mark.parametrize("seed", range(10))
def test_a_workbook_is_read_as_another_library_reads_it(seed: int) -> None:
    random.seed(seed)

    def fill(opened: Any, sheet: Any) -> None:
        formats = {
            "day": opened.add_format({"num_format": 14}),
            "time": opened.add_format({"num_format": "d.m.yy h:mm"}),
        }
        for at in range(1, 60):
            for place in range(6):
                value, style = mixed_cell(formats)
                sheet.write(at, place, value, style)

    content = book(fill)
    others = calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    reading = read(content)
    assert not reading.broken
    for number, cells in enumerate(others[1:], 2):
        expected = [as_text(cell, is_day=place == 3) for place, cell in enumerate(cells)]
        assert reading.rows.get(number, [""] * 6) == expected


def as_text(cell: Any, *, is_day: bool) -> str:
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, datetime):
        return cell.isoformat(timespec="seconds").removesuffix("T00:00:00")
    if isinstance(cell, float) and is_day and 61 <= cell < 80_000:
        return (datetime(1899, 12, 30) + timedelta(seconds=round(cell * 86_400))).isoformat()  # noqa: DTZ001
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)
