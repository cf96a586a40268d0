"""Excel workbooks: the one sheet with the wanted columns; merged cells, days and formulas as Excel shows them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import NamedTuple

from courses.returns.profiles import Definition

from .block import MOST_TEXT, ROWS, Block, Broken, FileRefusedError, Sheet, block_of
from .header import SEARCHED, Header, header_in, likeness, refusal
from .lines import LONGEST_ROW
from .xlsx import CellFaultError, Merged, Package, Range, Row, Values, WorkbookParts, looked_over, rows_of

NOWHERE = -1  # the place of a column that the file does not have
LONGEST_NAME = 1_000  # characters of a cell among which a column's name is looked for


class Column(NamedTuple):
    """A wanted column, its place in the sheet, and whether it holds days."""

    name: str
    place: int
    is_day: bool


@dataclass(frozen=True)
class Found:
    """A sheet of the workbook: its texts at the top, as far as a header may stand, and its merged cells."""

    name: str
    part: str
    rows: int
    merged: list[Range]
    top: list[list[str]]

    def header(self, definition: Definition) -> Header | None:
        return header_in(self.top, definition.columns, definition.needed)


def read_workbook(package: Package, definition: Definition) -> Sheet:
    """Raises `FileRefusedError` unless exactly one sheet has the wanted columns, or while its blocks are read."""
    parts = WorkbookParts(package, _workbook_part(package))
    values = parts.values()
    sheets = [_found(package, sheet.name, sheet.part, values) for sheet in parts.sheets]
    fitting = [(sheet, header) for sheet in sheets if (header := sheet.header(definition))]
    if not fitting:
        raise refusal(_likest(sheets, definition), definition.columns, definition.needed, _sheets_hint(sheets))
    if len(fitting) > 1:
        names = ", ".join(f"“{sheet.name}”" for sheet, _ in fitting)
        raise FileRefusedError(f"Several sheets have the columns: {names}. Keep one of them, or send each by itself.")
    sheet, header = fitting[0]
    notes = [f"sheet “{sheet.name}”"] if len(sheets) > 1 else []
    notes += header.notes
    rows = _filled(rows_of(package, sheet.part), Merged(sheet.merged, header.places.values()))
    below = (row for row in rows if row.number > header.last)
    return Sheet(_blocks(below, header, definition, values), notes, max(sheet.rows - header.last, 0))


def _workbook_part(package: Package) -> str:
    """The name of the part that has the sheets."""
    named = [named.part for named in package.related("") if named.kind == "officeDocument"]
    return next((part for part in named if part in package), "xl/workbook.xml")


def _found(package: Package, name: str, part: str, values: Values) -> Found:
    with package.open(part) as opened:
        rows, merged = looked_over(opened)
    top = {row.number: row.cells for row in takewhile(lambda row: row.number <= SEARCHED, rows_of(package, part))}
    width = max((place + 1 for cells in top.values() for place in cells), default=0)
    upper = Merged([range for range in merged if range.top <= SEARCHED], range(width))
    texts = []
    for number in range(1, max(top, default=0) + 1):
        cells = top.get(number, {})
        upper.fill(number, cells)
        texts.append([values.shown(cells[at])[:LONGEST_NAME] if at in cells else "" for at in range(width)])
    return Found(name, part, rows, merged, texts)


def _likest(sheets: Sequence[Found], definition: Definition) -> list[list[str]]:
    """The top of the sheet that has most of the columns."""
    return max((sheet.top for sheet in sheets), key=lambda top: likeness(top, definition.columns), default=[])


def _sheets_hint(sheets: Sequence[Found]) -> str:
    return f" The workbook has these sheets: {', '.join(sheet.name for sheet in sheets)}." if len(sheets) > 1 else ""


def _filled(rows: Iterator[Row], merged: Merged) -> Iterator[Row]:
    for row in rows:
        merged.fill(row.number, row.cells)
        yield row


def _blocks(rows: Iterator[Row], header: Header, definition: Definition, values: Values) -> Iterator[Block]:
    names, numbers, kept, broken, length = definition.columns, list[int](), list[list[str]](), list[Broken](), 0
    columns = [Column(name, header.places.get(name, NOWHERE), name in definition.days) for name in names]
    for row in rows:
        read = _read(row, columns, values)
        if isinstance(read, Broken):
            broken.append(read)
        elif read:
            numbers.append(row.number)
            kept.append(read)
            length += sum(map(len, read))
        if len(kept) + len(broken) >= ROWS or length >= MOST_TEXT:
            yield block_of(names, numbers, kept, broken)
            numbers, kept, broken, length = [], [], [], 0
    yield block_of(names, numbers, kept, broken)


def _read(row: Row, columns: Sequence[Column], values: Values) -> list[str] | Broken | None:
    """The texts of the wanted columns; nothing of a row that is blank as far as it goes."""
    cells = row.cells
    try:
        texts = [values.text(cells[place], is_day=is_day) if place in cells else "" for _, place, is_day in columns]
    except CellFaultError:
        return _broken(row, columns, values)
    together = "".join(texts)
    if len(together) > LONGEST_ROW:
        return Broken(row.number, [], f"is longer than {LONGEST_ROW:,} characters")
    if not together.strip() and not any(values.shown(cell).strip() for cell in cells.values()):
        return None
    return texts


def _broken(row: Row, columns: Sequence[Column], values: Values) -> Broken:
    """A row with a cell that has a fault: the first is told, and all are shown as far as a row may be long."""
    fault, texts = "", list[str]()
    for name, place, is_day in columns:
        cell = row.cells.get(place)
        try:
            texts.append(values.text(cell, is_day=is_day) if cell else "")
        except CellFaultError as found:
            texts.append(found.text)
            fault = fault or f"{name} {found.fault}"
    return Broken(row.number, texts if sum(map(len, texts)) <= LONGEST_ROW else [], fault)
