"""How much the pages of a Parquet file really unpack to: the file's own table of contents may say less.

The headers of pages are Thrift structures in its compact protocol, as parquet.thrift and the protocol's specification
of Apache Thrift lay down.
"""

import io
from collections.abc import Sequence
from typing import NamedTuple

import pyarrow.parquet as pq
from django.conf import settings

from .block import ROWS, FileRefusedError
from .lines import LONGEST_ROW

HEADER = 64 * 1024  # bytes; statistics in a header may be as long as two values
MOST_PAGES = 1_000_000
MOST_ROWS = 20_000_000
MOST_DENSE = 64 * 1024 * 1024  # bytes that one column of a batch may take where no dictionary keeps it small
TOO_MUCH = "The Parquet file unpacks to too much. Write it in several parts, or in smaller groups."
TRUE, FALSE, BYTE, DOUBLE, BINARY, STRUCT = 1, 2, 3, 7, 8, 12  # types of Thrift's fields
INTEGERS = (4, 5, 6)
DEEPEST = 8
UNPACKED, PACKED = 2, 3  # numbers of the fields of a page's header that say its sizes


class Pages(NamedTuple):
    """Of a column in one group of rows: what all its pages unpack to, the largest of them in bytes, their number."""

    unpacked: int
    largest: int
    number: int


class Chunks:
    """How the columns at `places` can be read in bounded memory: so many rows at once, `texts` by way of dictionaries.

    A few bytes may stand for long texts in millions of rows, by a dictionary or by what a text has in common with the
    one before. Raises `FileRefusedError` for what unpacks to too much.
    """

    def __init__(self, source: io.BufferedIOBase, metadata: pq.FileMetaData, places: Sequence[int]) -> None:
        groups = [metadata.row_group(number) for number in range(metadata.num_row_groups)]
        if metadata.num_rows > MOST_ROWS or _is_too_much(said_of(groups)):
            raise FileRefusedError(TOO_MUCH)
        found = [[_pages(source, group.column(place)) for place in places] for group in groups]
        if _is_too_much([sum(pages.unpacked for pages in group) for group in found]):
            raise FileRefusedError(TOO_MUCH)
        if sum(pages.number for group in found for pages in group) > MOST_PAGES:
            raise FileRefusedError(TOO_MUCH)
        texts = [place for place in places if metadata.schema.column(place).physical_type == "BYTE_ARRAY"]
        self.texts = [place for place in texts if not any(_is_delta(group.column(place)) for group in groups)]
        others = [at for at, place in enumerate(places) if place in texts and place not in self.texts]
        longest = [group[at].largest for group in found for at in others]
        longest += [metadata.schema.column(place).length for place in places if place not in texts]
        if any(metadata.schema.column(place).length > LONGEST_ROW for place in places):
            raise FileRefusedError(TOO_MUCH)
        self.rows_at_once = max(min(ROWS, MOST_DENSE // max([1, *longest])), 1)


def said_of(groups: Sequence[pq.RowGroupMetaData]) -> list[int]:
    """What each group unpacks to by the file's table of contents."""
    return [group.total_byte_size for group in groups]


def _is_too_much(groups: Sequence[int]) -> bool:
    return sum(groups) > settings.MAX_UNPACKED_BYTES or max(groups, default=0) > settings.MAX_WORKBOOK_BYTES


def _is_delta(chunk: pq.ColumnChunkMetaData) -> bool:
    """Whether its texts may be written by their difference, which cannot be read into a dictionary."""
    return any(encoding.startswith("DELTA") for encoding in chunk.encodings)


def _pages(source: io.BufferedIOBase, chunk: pq.ColumnChunkMetaData) -> Pages:
    starts = [chunk.data_page_offset, *([chunk.dictionary_page_offset] if chunk.has_dictionary_page else [])]
    return pages_of(source, min(filter(None, starts), default=0), chunk.total_compressed_size)


def pages_of(source: io.BufferedIOBase, start: int, length: int) -> Pages:
    """Raises `FileRefusedError` where the bytes are no pages."""
    at, unpacked, largest, number = start, 0, 0, 0
    if start < 0:
        raise damaged()
    while at < start + length:
        source.seek(at)
        header = _Thrift(source.read(HEADER))
        sizes = header.integers()
        if number >= MOST_PAGES or sizes.get(PACKED, -1) < 0 or sizes.get(UNPACKED, -1) < 0:
            raise damaged()
        at += header.at + sizes[PACKED]
        unpacked += sizes[UNPACKED]
        largest, number = max(largest, sizes[UNPACKED]), number + 1
    return Pages(unpacked, largest, number)


def damaged() -> FileRefusedError:
    return FileRefusedError("The Parquet file is damaged or was cut off. Write it again and send it.")


class _Thrift:
    """Reads a structure from its start; `at` is then behind it."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    def integers(self, depth: int = 0) -> dict[int, int]:
        """The structure's whole numbers by the number of their field; everything else is passed over."""
        found, field = dict[int, int](), 0
        while kind := self._byte():
            field = field + (kind >> 4) if kind >> 4 else self._signed()
            if kind & 15 in INTEGERS:
                found[field] = self._signed()
            elif kind & 15 not in (TRUE, FALSE):
                self._pass(kind & 15, depth)
        return found

    def _pass(self, kind: int, depth: int) -> None:
        if depth > DEEPEST:
            raise damaged()
        if kind in INTEGERS:
            self._unsigned()
        elif kind in (TRUE, FALSE, BYTE):
            self.at += 1
        elif kind == DOUBLE:
            self.at += 8
        elif kind == BINARY:
            length = self._unsigned()
            self.at += length
        elif kind == STRUCT:
            self.integers(depth + 1)
        else:
            raise damaged()  # no header of a page has a list or a map

    def _byte(self) -> int:
        if self.at >= len(self.data):
            raise damaged()
        self.at += 1
        return self.data[self.at - 1]

    def _unsigned(self) -> int:
        value, shift = 0, 0
        while (byte := self._byte()) & 128:
            value |= (byte & 127) << shift
            shift += 7
            if shift > 63:
                raise damaged()
        return value | byte << shift

    def _signed(self) -> int:
        value = self._unsigned()
        return (value >> 1) ^ -(value & 1)
