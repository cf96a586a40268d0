"""Excel workbooks: the one sheet with the wanted columns; merged cells, days and formulas as Excel shows them."""

import io
import math
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta

import python_calamine as calamine

from courses.returns.profiles import Definition

from .block import ROWS, Block, Broken, FileRefusedError, Sheet, block_of
from .header import SEARCHED, Header, header_in, refusal

EXACT = 2**53  # a whole number from here on may have lost digits: a workbook keeps numbers as IEEE 754 doubles
Cell = int | float | str | bool | time | date | datetime | timedelta | None


def read_workbook(source: io.BufferedIOBase, definition: Definition) -> Sheet:
    """Raises `FileRefusedError` unless exactly one sheet has the wanted columns."""
    try:
        workbook = calamine.CalamineWorkbook.from_filelike(source)
        sheets = [name for name in workbook.sheet_names if _is_of_cells(workbook, name)]
        found = [(name, *_found(workbook, name, definition.columns)) for name in sheets]
    except (calamine.CalamineError, OSError, ValueError):
        raise FileRefusedError("The workbook is damaged, or protected by a password. Save it again without.") from None
    fitting = [(name, rows, header) for name, rows, header in found if header]
    if not fitting:
        raise refusal(_first_row(found), definition.columns, _sheets_hint(sheets))
    if len(fitting) > 1:
        names = ", ".join(f"“{name}”" for name, _, _ in fitting)
        raise FileRefusedError(f"Several sheets have the columns: {names}. Keep one of them, or send each by itself.")
    name, rows, header = fitting[0]
    notes = [f"sheet “{name}”"] if len(sheets) > 1 else []
    if header.last > 1:
        notes.append(f"the header is row {header.row}" + ("" if header.row == header.last else f" and {header.last}"))
    return Sheet(_blocks(rows, header, definition), notes, len(rows) - header.last)


def _is_of_cells(workbook: calamine.CalamineWorkbook, name: str) -> bool:
    kind = next(sheet.typ for sheet in workbook.sheets_metadata if sheet.name == name)
    return kind == calamine.SheetTypeEnum.WorkSheet


def _found(
    workbook: calamine.CalamineWorkbook, name: str, wanted: Sequence[str]
) -> tuple[list[list[Cell]], Header | None]:
    """The rows of a sheet from its first on, and its header."""
    sheet = workbook.get_sheet_by_name(name)
    rows: list[list[Cell]] = [list(row) for row in sheet.to_python(skip_empty_area=False)]
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or []:
        _spread(rows, top, left, bottom, right)
    return rows, header_in([[text_of(cell) for cell in row] for row in rows[:SEARCHED]], wanted)


def _spread(rows: list[list[Cell]], top: int, left: int, bottom: int, right: int) -> None:
    """A merged cell stands for each cell that it covers, below the header as in it."""
    if top >= len(rows) or left >= len(rows[top]):
        return
    value = rows[top][left]
    for row in rows[top : bottom + 1]:
        for place in range(left, min(right + 1, len(row))):
            row[place] = value


def _first_row(found: Sequence[tuple[str, list[list[Cell]], Header | None]]) -> list[str]:
    rows = (row for _, rows, _ in found for row in rows)
    texts = ([text_of(cell) for cell in row] for row in rows)
    return next((row for row in texts if any(row)), [""])


def _sheets_hint(sheets: list[str]) -> str:
    return f" The workbook has these sheets: {', '.join(sheets)}." if len(sheets) > 1 else ""


def _blocks(rows: list[list[Cell]], header: Header, definition: Definition) -> Iterator[Block]:
    names, numbers, kept, broken = definition.columns, list[int](), list[list[str]](), list[Broken]()
    places = [header.places[name] for name in names]
    days = [name in definition.days for name in names]
    for number, row in enumerate(rows[header.last :], header.last + 1):
        if all(cell == "" for cell in row):
            continue
        cells = [row[place] for place in places]
        texts = [_day_of(cell) if is_day else text_of(cell) for cell, is_day in zip(cells, days, strict=True)]
        if fault := next(
            (f"{name} {fault}" for name, cell in zip(names, cells, strict=True) if (fault := _fault(cell))), ""
        ):
            broken.append(Broken(number, texts, fault))
        else:
            numbers.append(number)
            kept.append(texts)
        if len(kept) + len(broken) >= ROWS:
            yield block_of(names, numbers, kept, broken)
            numbers, kept, broken = [], [], []
    yield block_of(names, numbers, kept, broken)


def _fault(cell: Cell) -> str:
    if isinstance(cell, float) and (abs(cell) >= EXACT or not math.isfinite(cell)):
        return "holds a number that lost digits in Excel: format the column as text before you fill it"
    if isinstance(cell, str) and cell.startswith("#") and cell.rstrip("!?").isupper() and " " not in cell:
        return f"holds the error {cell}"
    return ""


def text_of(cell: Cell) -> str:
    """The cell as text: a day as 2026-12-31, a whole number without a point, no value as an empty text."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < EXACT:
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(timespec="seconds")
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell.total_seconds())
    return "" if cell is None else str(cell)


DAY_ZERO = date(1899, 12, 30)  # day 0 of Excel's calendar, as its days after February 1900 count
DAYS = range(61, 80_000)  # 1 March 1900 to the year 2119


def _day_of(cell: Cell) -> str:
    """In a column of days a bare number is Excel's count of days."""
    if isinstance(cell, float | int) and not isinstance(cell, bool) and int(cell) in DAYS:
        return (DAY_ZERO + timedelta(days=int(cell))).isoformat()
    return text_of(cell)
