"""CSV: rows separated by line ends, cells by a comma, semicolon, tab or bar."""

import csv
import io
from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from courses.returns.profiles import Definition

from .block import ROWS, Block, Broken, FileRefusedError, Sheet, block_of
from .header import SEARCHED, Header, header_in, refusal
from .lines import LONGEST_ROW, Lines, rows_of
from .text import Text, whole_lines

CHUNK = 4 * 1024 * 1024  # bytes that are looked at together
DELIMITERS = ",;\t|"
EMPTY = "The file is empty. Send a file with a header row and at least one row below it."
WORDS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}


def read_delimited(source: io.BufferedIOBase, definition: Definition) -> Sheet:
    """Raises `FileRefusedError`, when it is called or while its blocks are read."""
    text = Text(source, definition.encoding)
    lines = Lines(whole_lines(text.pieces(), CHUNK))
    header, delimiter = _found_header(lines, definition)
    notes = []
    if header.last > 1:
        notes.append(f"the header is row {header.row}" + ("" if header.row == header.last else f" and {header.last}"))
    if delimiter != definition.delimiter:
        notes.append(f"columns are separated by {WORDS[delimiter]}")
    sheet = Sheet(iter(()), notes)
    sheet.blocks = _blocks(lines, header, delimiter, definition.columns, text, sheet)
    return sheet


def _found_header(lines: Lines, definition: Definition) -> tuple[Header, str]:
    """The header and what separates its cells; what is read from here on comes below it."""
    top = lines.top(SEARCHED + 1)
    if not any(line.strip() for line in top):
        raise FileRefusedError(EMPTY)
    for delimiter in dict.fromkeys([definition.delimiter, *DELIMITERS]):
        rows = [_cells(line, delimiter) for line in top]
        if header := header_in(rows, definition.columns):
            lines.skip(header.last)
            return header, delimiter
    raise _refused(top, definition)


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter, strict=True), [])
    except csv.Error:
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
        return FileRefusedError(f"The file is not CSV: row {number} has NUL bytes, as binary files and UTF-16 have.")
    if line.count('"') % 2:
        return FileRefusedError(
            f"Row {number}, the header, has a quotation mark that is not closed in the same line. The name of a column"
            " cannot hold a line break: write the header in one line."
        )
    return refusal(_cells(line, definition.delimiter), definition.columns)


def _blocks(
    lines: Lines, header: Header, delimiter: str, names: Sequence[str], text: Text, sheet: Sheet
) -> Iterator[Block]:
    places = [header.places[name] for name in names]
    number = header.last + 1
    while chunk := lines.chunk():
        if _is_plain(chunk, delimiter):
            lines.consume(len(chunk))
            block, rows = _plain_block(chunk, number, header.width, delimiter, dict(zip(names, places, strict=True)))
            number += rows
            yield from _cut(block)
        else:
            block, rows = _careful_block(lines, len(chunk), number, header.width, delimiter, names, places)
            number += rows
            yield from _cut(block)
    if text.encoding != text.told and text.told == "utf-8":
        sheet.notes.append(f"it is no UTF-8 and was read as {text.encoding}")


def _is_plain(chunk: bytes, delimiter: str) -> bool:
    """Whether every line is a row that a lenient reader reads as a strict one does.

    That is so if the lines are short, each has an even number of quotation marks, and each mark has an end of a cell or
    another mark on one of its sides.
    """
    text = np.frombuffer(chunk, np.uint8)
    ends = np.flatnonzero(text == ord("\n"))
    longest = int(np.diff(ends, prepend=-1, append=len(text)).max())
    if longest >= LONGEST_ROW or b"\0" in chunk:
        return False
    if b'"' not in chunk:
        return True
    marks = np.flatnonzero(text == ord('"'))
    if (np.diff(np.searchsorted(marks, ends), prepend=0) % 2).any() or len(marks) % 2:
        return False
    is_edge = np.zeros(256, np.bool_)
    is_edge[[ord("\n"), ord('"'), ord(delimiter)]] = True
    before = is_edge[text[np.maximum(marks - 1, 0)]] | (marks == 0)
    behind = is_edge[text[np.minimum(marks + 1, len(text) - 1)]] | (marks == len(text) - 1)
    return bool((before | behind).all())


def _plain_block(chunk: bytes, first: int, width: int, delimiter: str, places: dict[str, int]) -> tuple[Block, int]:
    """The block, and how many rows of the file it covers. Blank rows are passed over."""
    bad: list[tuple[int, str]] = []

    def keep(row: pa_csv.InvalidRow) -> str:
        bad.append((row.number, row.text))
        return "skip"

    names = [str(place) for place in range(width)]
    table = pa_csv.read_csv(
        pa.py_buffer(chunk),
        pa_csv.ReadOptions(column_names=names, use_threads=False, block_size=len(chunk) + 1),
        pa_csv.ParseOptions(delimiter=delimiter, ignore_empty_lines=False, invalid_row_handler=keep),
        pa_csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False, include_columns=names
        ),
    )
    rows = table.num_rows + len(bad)
    numbers = np.arange(first, first + rows, dtype=np.int32)
    if bad:
        numbers = np.delete(numbers, [number - 1 for number, _ in bad])
    broken = [_broken(first + number - 1, text, width, delimiter) for number, text in bad if text.strip()]
    columns = {name: _whole(table.column(place)) for name, place in places.items()}
    return _without_blank(Block(pa.array(numbers), columns, broken), table), rows


def _whole(column: pa.ChunkedArray) -> pa.StringArray:
    whole = column.combine_chunks()
    return whole.chunk(0) if isinstance(whole, pa.ChunkedArray) else whole


def _without_blank(block: Block, table: pa.Table) -> Block:
    """Without the rows in which nothing stands, in no column of the file."""
    if not block.columns or not len(block.numbers):
        return block
    blank = _is_blank(next(iter(block.columns.values())))
    if not blank.any():
        return block
    for column in table.columns:
        blank &= _is_blank(_whole(column))
    kept = pa.array(~blank)
    columns = {name: column.filter(kept) for name, column in block.columns.items()}
    return Block(block.numbers.filter(kept), columns, block.broken)


def _is_blank(column: pa.StringArray) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
    is_blank: np.ndarray[tuple[int], np.dtype[np.bool_]] = pc.equal(pc.utf8_trim_whitespace(column), "").to_numpy(
        zero_copy_only=False
    )
    return is_blank


def _broken(number: int, text: str, width: int, delimiter: str) -> Broken:
    cells = _cells(text, delimiter)
    return Broken(number, cells, f"has {len(cells):,} cells where the header has {width:,}")


def _cut(block: Block) -> Iterator[Block]:
    """The block in parts of at most `ROWS` rows."""
    for start in range(0, max(len(block.numbers), 1), ROWS):
        columns = {name: column.slice(start, ROWS) for name, column in block.columns.items()}
        yield Block(block.numbers.slice(start, ROWS), columns, [] if start else block.broken)


def _careful_block(
    lines: Lines, length: int, first: int, width: int, delimiter: str, names: Sequence[str], places: Sequence[int]
) -> tuple[Block, int]:
    """The next `length` bytes, or a row more, read row by row; and how many rows of the file they are."""
    numbers, rows, broken = list[int](), list[list[str]](), list[Broken]()
    until, last = lines.position + length, first - 1
    for row in rows_of(lines, delimiter, width, first):
        last = row.number
        if row.fault:
            broken.append(Broken(row.number, row.cells, row.fault))
        elif any(cell.strip() for cell in row.cells):
            numbers.append(row.number)
            rows.append([row.cells[place] for place in places])
        if lines.position >= until:
            break
    return block_of(names, numbers, rows, broken), last - first + 1
