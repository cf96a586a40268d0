"""CSV: rows separated by line ends, cells by a comma, semicolon, tab or bar."""

import csv
import io
from collections.abc import Iterator, Sequence

import numpy as np

from courses.returns.profiles import Definition

from .block import ROWS, Block, Broken, FileRefusedError, Sheet, with_all
from .header import SEARCHED, Header, header_in, likeness, refusal
from .layout import Layout
from .lines import HAS_UNREADABLE, LONGEST_ROW, UNREADABLE, Lines, rows_of
from .plain import is_plain, is_spaced, plain_block
from .text import Text, whole_lines

CHUNK = 4 * 1024 * 1024  # bytes that are looked at together
MOST_LINES = 4 * ROWS  # and so many lines of them at most
DELIMITERS = ",;\t|"
EMPTY = "The file is empty. Send a file with a header row and at least one row below it."
WORDS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}


def read_delimited(source: io.BufferedIOBase, definition: Definition) -> Sheet:
    """Raises `FileRefusedError`, when it is called or while its blocks are read."""
    text = Text(source, definition.encoding)
    lines = Lines(whole_lines(text.pieces(), CHUNK))
    header, delimiter = _found_header(lines, definition)
    notes = header.notes
    if delimiter != definition.delimiter:
        notes.append(f"columns are separated by {WORDS[delimiter]}")
    sheet = Sheet(iter(()), notes)
    layout = Layout.of(header, delimiter, definition)
    sheet.blocks = _blocks(lines, layout, header.last + 1, text, sheet)
    return sheet


def _found_header(lines: Lines, definition: Definition) -> tuple[Header, str]:
    """The header and what separates its cells; what is read from here on comes below it."""
    top = lines.top(SEARCHED + 1)
    if not any(line.strip() for line in top):
        raise FileRefusedError(EMPTY)
    for delimiter in dict.fromkeys([definition.delimiter, *DELIMITERS]):
        rows = [_cells(line, delimiter) for line in top]
        if header := header_in(rows, definition.columns, definition.needed):
            lines.skip(header.last)
            return header, delimiter
    raise _refused(top, definition)


def _cells(line: str, delimiter: str) -> list[str]:
    for spaces in (True, False):
        try:
            return next(csv.reader([line], delimiter=delimiter, strict=True, skipinitialspace=spaces), [])
        except csv.Error:
            continue
    return []


def _refused(top: Sequence[str], definition: Definition) -> FileRefusedError:
    number, line = next((number, line) for number, line in enumerate(top, 1) if line.strip())
    columns = ", ".join(definition.columns)
    if len(line) >= LONGEST_ROW:
        named = line.count(definition.delimiter) + 1
        return FileRefusedError(
            f"Row {number}, the header, is too long: its first {LONGEST_ROW:,} characters already name {named:,}"
            f" columns. The columns that are needed: {columns}."
        )
    if "\0" in line:
        return FileRefusedError(
            f"The file is not CSV: row {number} has NUL bytes, as binary files have. Save it as CSV (in Excel:"
            " File, Save As, “CSV UTF-8”) and send that file."
        )
    if line.count('"') % 2:
        return FileRefusedError(
            f"Row {number}, the header, has a quotation mark that is not closed in the same line. The name of a column"
            " cannot hold a line break: write the header in one line."
        )
    delimiters = dict.fromkeys([definition.delimiter, *DELIMITERS])
    tops = ([_cells(line, delimiter) for line in top] for delimiter in delimiters)
    likest = max(tops, key=lambda rows: likeness(rows, definition.columns))
    return refusal(likest, definition.columns, definition.needed)


def _blocks(lines: Lines, layout: Layout, number: int, text: Text, sheet: Sheet) -> Iterator[Block]:
    while chunk := _at_most(lines.chunk()):
        if is_plain(chunk, layout.delimiter):
            lines.consume(len(chunk))
            block, rows = plain_block(chunk, number, layout)
        else:
            block, rows = _careful_block(lines, chunk, number, layout)
        number += rows
        yield from _cut(with_all(block, layout.columns))
    if text.encoding != text.told and text.told == "utf-8":
        sheet.notes.append(f"it is no UTF-8 and was read as {text.encoding}")


def _at_most(chunk: bytes) -> bytes:
    """As many of the lines as may be in memory, each with what Python adds to it."""
    is_end = np.frombuffer(chunk, np.uint8) == ord("\n")
    if np.count_nonzero(is_end) <= MOST_LINES:
        return chunk
    return chunk[: int(np.flatnonzero(is_end)[MOST_LINES - 1]) + 1]


def _cut(block: Block) -> Iterator[Block]:
    """The block in parts of at most `ROWS` rows."""
    for start in range(0, max(len(block.numbers), 1), ROWS):
        columns = {name: column.slice(start, ROWS) for name, column in block.columns.items()}
        yield Block(block.numbers.slice(start, ROWS), columns, [] if start else block.broken)


def _careful_block(lines: Lines, chunk: bytes, first: int, layout: Layout) -> tuple[Block, int]:
    """The chunk, or a row more, read row by row; and how many rows of the file they are."""
    numbers, rows, broken = list[int](), list[list[str]](), list[Broken]()
    until, last = lines.position + len(chunk), first - 1
    spaced, unreadable = is_spaced(chunk, layout.delimiter), UNREADABLE.decode()
    for row in rows_of(lines, layout.delimiter, layout.shape, first, is_spaced=spaced):
        last = row.number
        if row.fault:
            broken.append(Broken(row.number, [], row.fault, lines.sent))
        elif any(unreadable in row.cells[place] for place in layout.places.values() if row.cells):
            broken.append(Broken(row.number, [], HAS_UNREADABLE, lines.sent))
        elif row.cells:
            numbers.append(row.number)
            rows.append(row.cells)
        if lines.position >= until:
            break
    return layout.block(numbers, rows, broken), last - first + 1
