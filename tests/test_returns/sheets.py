"""Workbooks as other programs write them, part by part, and how a file is read before anything is judged."""

import io
import zipfile
from collections.abc import Sequence
from typing import NamedTuple
from xml.sax.saxutils import escape

from courses.returns.formats import Broken, open_sheet
from courses.returns.profiles import Definition, parsed
from tests.test_returns.school import HEADER, PROFILE

NAMES = HEADER.split(",")
CELLS = ["1", "Digging", "2026A", "2026-05-01", "Pass", "Upper"]
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


class Reading(NamedTuple):
    """The rows of a file by their number, the rows that cannot be read, and what is said of the file."""

    rows: dict[int, list[str]]
    broken: list[Broken]
    notes: list[str]
    most: int  # rows in the largest block

    def column(self, name: str) -> list[str]:
        return [cells[NAMES.index(name)] for cells in self.rows.values()]


def definition() -> Definition:
    stored = parsed(PROFILE) | {"person": {"column": "citizen_no", "scheme": "citizen"}}
    return Definition.of({name: stored[name] for name in stored if name not in ("code", "name", "courses")})


def read(content: bytes) -> Reading:
    rows: dict[int, list[str]] = {}
    broken: list[Broken] = []
    most, wanted = 0, definition()
    places = [wanted.columns.index(name) for name in NAMES]
    with open_sheet(io.BytesIO(content), wanted) as sheet:
        for block in sheet.blocks:
            columns = [cells.to_pylist() for cells in block.columns.values()]
            for at, number in enumerate(block.numbers.to_pylist()):
                rows[number] = [columns[place][at] for place in places]
            broken += block.broken
            most = max(most, len(block))
        return Reading(rows, broken, sheet.notes, most)


def cell(reference: str, text: str) -> str:
    return f'<c r="{reference}" t="inlineStr"><is><t>{escape(text)}</t></is></c>'


def row_of(number: int, cells: Sequence[str], more: str = "") -> str:
    texts = (cell(f"{chr(ord('A') + at)}{number}", text) for at, text in enumerate(cells))
    return f'<row r="{number}">{"".join(texts)}{more}</row>'


def sheet_of(*rows: str, behind: str = "") -> str:
    return f'<?xml version="1.0"?><worksheet xmlns="{MAIN}"><sheetData>{"".join(rows)}</sheetData>{behind}</worksheet>'


def named(*parts: tuple[str, str]) -> str:
    """The relations of a part: kind and name."""
    relations = (
        f'<Relationship Id="rId{at}" Type="{OFFICE}/{kind}" Target="{part}"/>' for at, (kind, part) in enumerate(parts)
    )
    return f'<Relationships xmlns="{PACKAGE}">{"".join(relations)}</Relationships>'


PARTS = [("worksheet", "worksheets/sheet1.xml"), ("sharedStrings", "sharedStrings.xml"), ("styles", "styles.xml")]


def package(sheet: str, *, shared: str = "", styles: str = "", parts: Sequence[tuple[str, str]] = PARTS) -> bytes:
    """A workbook of one sheet; `shared` are the items of its shared texts, `parts` are those that it names."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("_rels/.rels", named(("officeDocument", "xl/workbook.xml")))
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">'
            '<sheets><sheet name="S" sheetId="1" r:id="rId0"/></sheets></workbook>',
        )
        archive.writestr("xl/_rels/workbook.xml.rels", named(*parts))
        archive.writestr("xl/worksheets/sheet1.xml", sheet)
        archive.writestr("xl/sharedStrings.xml", f'<sst xmlns="{MAIN}">{shared}</sst>')
        archive.writestr("xl/styles.xml", f'<styleSheet xmlns="{MAIN}">{styles}</styleSheet>')
    return made.getvalue()
