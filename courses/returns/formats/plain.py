"""The fast way through CSV: many lines at once, where every line is a row that can be read by itself."""

import codecs
import csv
import re
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from .block import Block, Broken
from .layout import Layout
from .lines import LONGEST_ROW, has_unreadable, shown

MORE = 50  # cells than the header has: lines with so many are looked at one by one


class Odd(NamedTuple):
    """A line that has more or fewer cells than the header."""

    number: int
    cells: int
    text: str


def is_plain(chunk: bytes, delimiter: str) -> bool:
    """Whether every line is a row that a lenient reader reads as a strict one does.

    That is so if the lines are short, each has an even number of quotation marks, and each mark has an end of a cell or
    another mark on one of its sides.
    """
    text = np.frombuffer(chunk, np.uint8)
    ends = np.flatnonzero(text == ord("\n"))
    longest = int(np.diff(ends, prepend=-1, append=len(text)).max())
    if longest >= LONGEST_ROW or b"\0" in chunk or has_unreadable(chunk):
        return False
    if b'"' not in chunk:
        return True
    if is_spaced(chunk, delimiter):
        return False
    marks = np.flatnonzero(text == ord('"'))
    if (np.diff(np.searchsorted(marks, ends), prepend=0) % 2).any() or len(marks) % 2:
        return False
    is_edge = np.zeros(256, np.bool_)
    is_edge[[ord("\n"), ord('"'), ord(delimiter)]] = True
    before = is_edge[text[np.maximum(marks - 1, 0)]] | (marks == 0)
    behind = is_edge[text[np.minimum(marks + 1, len(text) - 1)]] | (marks == len(text) - 1)
    return bool((before | behind).all())


def is_spaced(chunk: bytes, delimiter: str) -> bool:
    """Whether somewhere spaces stand between the beginning of a cell and a quotation mark."""
    return b' "' in chunk and bool(re.search(rf'(?:^|[\n{re.escape(delimiter)}]) +"'.encode(), chunk))


def plain_block(chunk: bytes, first: int, layout: Layout) -> tuple[Block, int]:
    """The block, and how many rows of the file it covers. Blank rows are passed over."""
    table, odd = _read(chunk, layout.shape.width, layout.delimiter, first)
    rows = table.num_rows + len(odd)
    numbers = np.arange(first, first + rows, dtype=np.int32)
    if odd:
        numbers = np.delete(numbers, [row.number - first for row in odd])
    block = _without_blank(_block(table, pa.array(numbers), layout), table)
    return _together([block, *_fitted(odd, layout)]), rows


def _read(chunk: bytes, width: int, delimiter: str, first: int) -> tuple[pa.Table, list[Odd]]:
    """The lines with this number of cells, and the others."""
    odd: list[Odd] = []

    def keep(row: pa_csv.InvalidRow) -> str:
        odd.append(Odd(first + row.number - 1, row.actual_columns, row.text))
        return "skip"

    if chunk.startswith(codecs.BOM_UTF8):
        chunk = codecs.BOM_UTF8 + chunk  # Arrow takes one away wherever in a file it is, and fails if nothing is left
    names = [str(place) for place in range(width)]
    table = pa_csv.read_csv(
        pa.py_buffer(chunk),
        pa_csv.ReadOptions(column_names=names, use_threads=False, block_size=len(chunk) + 1),
        pa_csv.ParseOptions(delimiter=delimiter, ignore_empty_lines=False, invalid_row_handler=keep),
        pa_csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False, include_columns=names
        ),
    )
    return table, odd


def _block(table: pa.Table, numbers: pa.Int32Array, layout: Layout) -> Block:
    """The table's wanted columns; those are empty that it has no cells for."""
    empty = pa.repeat(pa.scalar("", pa.string()), len(numbers))
    width = table.num_columns
    places = layout.places.items()
    return Block(numbers, {name: _whole(table.column(at)) if at < width else empty for name, at in places})


def _fitted(odd: Sequence[Odd], layout: Layout) -> list[Block]:
    """The odd lines: those that fit all the same, as `Shape.fitted` says, and those that do not as broken rows."""
    alike = defaultdict[int, list[Odd]](list)
    for row in odd:
        alike[row.cells].append(row)
    few = range(layout.shape.least, layout.shape.width + MORE)
    return [(_fitted_alike if cells in few else _fitted_singly)(rows, layout) for cells, rows in alike.items()]


def _fitted_alike(odd: list[Odd], layout: Layout) -> Block:
    """The same for lines that have one number of cells."""
    text = "\n".join(row.text for row in odd).encode()
    table, _ = _read(text, odd[0].cells, layout.delimiter, 1)
    beyond = [_is_blank(_whole(column)) for column in table.columns[layout.shape.width :]]
    fits = np.logical_and.reduce([np.ones(len(odd), np.bool_), *beyond])
    kept, numbers = table.filter(pa.array(fits)), np.array([row.number for row in odd], np.int32)[fits]
    block = _without_blank(_block(kept, pa.array(numbers), layout), kept)
    return _together([block, _fitted_singly([odd[at] for at in np.flatnonzero(~fits)], layout)])


def _fitted_singly(odd: Sequence[Odd], layout: Layout) -> Block:
    """The same, line by line."""
    numbers, rows, broken = list[int](), list[list[str]](), list[Broken]()
    for row in odd:
        cells = next(csv.reader([row.text], delimiter=layout.delimiter))
        if fitted := layout.shape.fitted(cells):
            numbers.append(row.number)
            rows.append(fitted)
        elif any(cell.strip() for cell in cells):
            broken.append(Broken(row.number, [], layout.shape.fault(row.cells), shown(row.text.encode())))
    kept = [place for place, cells in enumerate(rows) if any(cell.strip() for cell in cells)]
    return layout.block([numbers[place] for place in kept], [rows[place] for place in kept], broken)


def _together(blocks: Sequence[Block]) -> Block:
    if len(blocks) == 1:
        return blocks[0]
    columns = {name: pa.concat_arrays([block.columns[name] for block in blocks]) for name in blocks[0].columns}
    broken = sorted(row for block in blocks for row in block.broken)
    return Block(pa.concat_arrays([block.numbers for block in blocks]), columns, broken)


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
