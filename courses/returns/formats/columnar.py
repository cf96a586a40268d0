"""Parquet: the columns that the profile reads, a batch of rows at a time."""

import io
from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from django.conf import settings

from courses.returns.profiles import Definition

from .block import ROWS, Block, FileRefusedError, Sheet
from .header import header_in, refusal

FIRST_ROW = 1  # a Parquet file has no header row


def read_parquet(source: io.BufferedIOBase, definition: Definition) -> Sheet:
    """Raises `FileRefusedError`, when it is called or while its blocks are read."""
    try:
        # Read ahead, it would call `source` from threads of its own, each with a database connection of its own.
        file = pq.ParquetFile(source, pre_buffer=False)
        groups = [file.metadata.row_group(number).total_byte_size for number in range(file.num_row_groups)]
    except (pa.ArrowException, OSError, ValueError, OverflowError):
        raise FileRefusedError("The Parquet file is damaged or was cut off. Write it again and send it.") from None
    if sum(groups) > settings.MAX_UNPACKED_BYTES or max(groups, default=0) > settings.MAX_WORKBOOK_BYTES:
        raise FileRefusedError("The Parquet file unpacks to too much. Write it in several parts, or in smaller groups.")
    paths = [file.schema.column(number).path for number in range(len(file.schema))]
    header = header_in([paths], definition.columns)
    if header is None:
        raise refusal(paths, definition.columns)
    blocks = _blocks(file, {name: paths[place] for name, place in header.places.items()})
    return Sheet(blocks, rows=file.metadata.num_rows)


def _blocks(file: pq.ParquetFile, paths: dict[str, str]) -> Iterator[Block]:
    number = FIRST_ROW
    try:
        for batch in file.iter_batches(ROWS, columns=list(paths.values()), use_threads=False):
            columns = {name: _text(_member(batch, path), name) for name, path in paths.items()}
            yield Block(pa.array(range(number, number + len(batch)), pa.int32()), columns)
            number += len(batch)
    except (pa.ArrowException, OSError) as error:
        raise FileRefusedError(f"The Parquet file cannot be read at row {number:,} or below: it is damaged.") from error


def _member(batch: pa.RecordBatch, path: str) -> pa.Array:
    first, *inner = path.split(".")
    column = batch.column(first)
    for name in inner:
        column = pc.struct_field(column, name)
    return column


def _text(column: pa.Array, name: str) -> pa.StringArray:
    """As text: a day as 2026-12-31, a whole number without a point."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        return _text(column.dictionary_decode(), name)
    try:
        if pa.types.is_timestamp(kind):
            column = pc.strftime(column, format="%Y-%m-%dT%H:%M:%S")
        elif pa.types.is_floating(kind) and bool(pc.all(pc.equal(column, pc.floor(column))).as_py()):
            column = pc.cast(column, pa.int64())
        return pc.fill_null(pc.cast(column, pa.string()), "")
    except pa.ArrowException:
        raise FileRefusedError(f"The column {name} holds {kind}, which is no text, number or day.") from None
