"""Parquet: the columns that the profile reads, a batch of rows at a time."""

import io
from collections.abc import Iterator, Sequence
from itertools import islice

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from courses.returns.profiles import Definition

from .block import MOST_TEXT, ROWS, Block, Broken, FileRefusedError, Sheet
from .header import header_in, refusal
from .lines import LONGEST_ROW
from .parquet_pages import Chunks, damaged
from .typed import LOST, as_text, lost_digits

FIRST_ROW = 1  # a Parquet file has no header row
TOO_LONG = f"is longer than {LONGEST_ROW:,} characters"
MOST_LOOKED_AT = 1_000  # groups of rows
LONGEST_SPREAD = 1_000  # bytes: so long a text in each of `ROWS` rows takes no more than 64 MB
Columns = dict[str, pa.Array]
Mask = npt.NDArray[np.bool_]


def read_parquet(source: io.BufferedIOBase, definition: Definition) -> Sheet:
    """Raises `FileRefusedError`, when it is called or while its blocks are read."""
    metadata = _opened(source, []).metadata
    paths = [metadata.schema.column(number).path for number in range(len(metadata.schema))]
    header = header_in([paths], definition.columns, definition.needed)
    if header is None:
        raise refusal([paths], definition.columns, definition.needed)
    chunks = Chunks(source, metadata, sorted(header.places.values()))
    file = _opened(source, _kept_once(_opened(source, texts := [paths[at] for at in chunks.texts]), texts))
    found = {name: paths[place] for name, place in header.places.items()}
    blocks = _blocks(file, chunks.rows_at_once, found, definition.columns)
    joined = blocks if chunks.rows_at_once == ROWS else _joined(blocks)
    return Sheet(joined, header.notes, rows=metadata.num_rows)


def _kept_once(file: pq.ParquetFile, paths: list[str]) -> list[str]:
    """The columns whose dictionaries have a text that many rows would make too much of.

    The first row of each group brings its dictionaries. To read all columns into them would take twice the time.
    """
    if file.num_row_groups > MOST_LOOKED_AT or not paths:
        return paths
    longest = dict.fromkeys(paths, 0)
    for number in range(file.num_row_groups):
        for batch in islice(_batches(file, 1, paths, row_groups=[number]), 1):
            for path in paths:
                found = pc.max(pc.binary_length(_member(batch, path).dictionary)).as_py()
                longest[path] = max(longest[path], found or 0)
    return [path for path in paths if longest[path] > LONGEST_SPREAD]


def _opened(source: io.BufferedIOBase, kept_once: list[str]) -> pq.ParquetFile:
    """With the texts of these columns in dictionaries, so that a text which many rows have is in memory once."""
    try:
        # Read ahead, it would call `source` from threads of its own, each with a database connection of its own.
        return pq.ParquetFile(source, pre_buffer=False, read_dictionary=kept_once)
    except (pa.ArrowException, OSError, ValueError, OverflowError):
        raise damaged() from None


def _blocks(file: pq.ParquetFile, size: int, paths: dict[str, str], names: Sequence[str]) -> Iterator[Block]:
    number = FIRST_ROW
    for batch in _batches(file, size, list(paths.values())):
        columns = {name: _member(batch, path) for name, path in paths.items()}
        yield from _cut(columns, names, number)
        number += len(batch)


def _batches(
    file: pq.ParquetFile, size: int, paths: list[str], row_groups: list[int] | None = None
) -> Iterator[pa.RecordBatch]:
    number = FIRST_ROW
    try:
        for batch in file.iter_batches(size, columns=paths, use_threads=False, row_groups=row_groups):
            yield batch
            number += len(batch)
    except (pa.ArrowException, OSError) as error:
        raise FileRefusedError(f"The Parquet file cannot be read at row {number:,} or below: it is damaged.") from error


def _member(batch: pa.RecordBatch, path: str) -> pa.Array:
    first, *inner = path.split(".")
    column = batch.column(first)
    for name in inner:
        column = pc.struct_field(column, name)
    return column


def _cut(columns: Columns, names: Sequence[str], first: int) -> Iterator[Block]:
    """A batch as blocks of which none has much more text than `MOST_TEXT`."""
    lengths = _lengths(columns)
    is_short = lengths <= LONGEST_ROW
    upto = np.cumsum(np.where(is_short, lengths, 0))
    start = 0
    while start < len(lengths):
        before = upto[start - 1] if start else 0
        end = max(int(np.searchsorted(upto, before + MOST_TEXT, "right")), start + 1)
        part = {name: column.slice(start, end - start) for name, column in columns.items()}
        yield _block(part, is_short[start:end], names, first + start)
        start = end


def _lengths(columns: Columns) -> npt.NDArray[np.int64]:
    """How many bytes of text each row has."""
    length: npt.NDArray[np.int64] = np.zeros(len(next(iter(columns.values()))), np.int64)
    for column in columns.values():
        if pa.types.is_dictionary(column.type) and _is_text(column.type.value_type):
            length += _counted(pc.take(pc.binary_length(column.dictionary), column.indices))
        elif _is_text(column.type):
            length += _counted(pc.binary_length(column))
    return length


def _is_text(kind: pa.DataType) -> bool:
    return any(is_kind(kind) for is_kind in (pa.types.is_string, pa.types.is_binary, pa.types.is_fixed_size_binary))


def _counted(lengths: pa.Array) -> npt.NDArray[np.int64]:
    counted: npt.NDArray[np.int64] = pc.fill_null(lengths, 0).to_numpy(zero_copy_only=False)
    return counted


def _block(columns: Columns, is_short: Mask, names: Sequence[str], first: int) -> Block:
    numbers, broken = first + np.flatnonzero(is_short), list[Broken]()
    if len(numbers) < len(is_short):
        broken = [Broken(first + int(row), [], TOO_LONG) for row in np.flatnonzero(~is_short)]
        columns = {name: column.filter(pa.array(is_short)) for name, column in columns.items()}
    empty = pa.repeat(pa.scalar("", pa.string()), len(numbers))
    texts = {name: as_text(columns[name], name) if name in columns else empty for name in names}
    if faults := _faults(columns):
        cells = {row: [column[row].as_py() for column in texts.values()] for row in faults}
        broken = sorted([*broken, *(Broken(int(numbers[row]), cells[row], faults[row]) for row in faults)])
        kept = np.delete(np.arange(len(numbers)), list(faults))
        numbers, texts = numbers[kept], {name: column.take(pa.array(kept)) for name, column in texts.items()}
    return Block(pa.array(numbers, pa.int32()), texts, broken)


def _faults(columns: Columns) -> dict[int, str]:
    """What is wrong with rows, by their place among these."""
    faults: dict[int, str] = {}
    for name, column in columns.items():
        lost = lost_digits(column)
        if lost is not None and pc.any(lost).as_py():
            faults = {int(row): f"{name} {LOST}" for row in np.flatnonzero(lost)} | faults
    return faults


def _joined(blocks: Iterator[Block]) -> Iterator[Block]:
    """Small blocks as larger ones."""
    kept, rows, size = list[Block](), 0, 0
    for block in blocks:
        kept.append(block)
        rows, size = rows + len(block), size + sum(column.nbytes for column in block.columns.values())
        if rows >= ROWS or size >= MOST_TEXT:
            yield _one(kept)
            kept, rows, size = [], 0, 0
    if kept:
        yield _one(kept)


def _one(blocks: list[Block]) -> Block:
    columns = {name: pa.concat_arrays([block.columns[name] for block in blocks]) for name in blocks[0].columns}
    numbers = pa.concat_arrays([block.numbers for block in blocks])
    return Block(numbers, columns, [broken for block in blocks for broken in block.broken])
