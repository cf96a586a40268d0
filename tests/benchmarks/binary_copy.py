"""Rows as PostgreSQL's binary COPY reads them, made of whole columns: millions a minute, in memory of one chunk.

The format: https://www.postgresql.org/docs/18/sql-copy.html#SQL-COPY-FILE-FORMATS
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.integer[Any]]
Octets = NDArray[np.uint8]
Mask = NDArray[np.bool_]

START = b"PGCOPY\n\xff\r\n\0" + bytes(8)
END = b"\xff\xff"
LENGTH = 4  # octets before each value that say how long it is


@dataclass(frozen=True, slots=True)
class Column:
    """A line of octets for each row, padded to one width, and which of them are to be sent."""

    octets: Octets
    is_sent: Mask


def integers(values: Numbers, *, size: int) -> Column:
    """A column of whole numbers in `size` octets: smallint 2, integer and date 4, bigint and timestamptz 8."""
    return octets(values.astype(f">i{size}").view(np.uint8).reshape(len(values), size))


def octets(values: Octets) -> Column:
    """A column of values that are equally long: an array of rows × octets."""
    rows, size = values.shape
    line = np.empty((rows, LENGTH + size), np.uint8)
    line[:, :LENGTH] = np.frombuffer(size.to_bytes(LENGTH), np.uint8)
    line[:, LENGTH:] = values
    return Column(line, np.ones_like(line, np.bool_))


def texts(choices: Sequence[str], chosen: Numbers) -> Column:
    """A column of texts: for each row the position of its text among the choices."""
    encoded = [len(text.encode()).to_bytes(LENGTH) + text.encode() for text in choices]
    width = max(map(len, encoded))
    table = np.frombuffer(b"".join(text.ljust(width, b"\0") for text in encoded), np.uint8).reshape(-1, width)
    is_sent = np.arange(width) < np.array([len(text) for text in encoded])[:, None]
    return Column(table[chosen], is_sent[chosen])


def same(text: str, rows: int) -> Column:
    """A column in which every row has the same text."""
    return texts([text], np.zeros(rows, np.int8))


def as_rows(columns: Sequence[Column]) -> bytes:
    """What goes between `START` and `END`: the rows of these columns, in the order of the columns."""
    rows = len(columns[0].octets)
    count = np.broadcast_to(np.frombuffer(len(columns).to_bytes(2), np.uint8), (rows, 2))
    everything = np.concatenate([count, *(column.octets for column in columns)], axis=1)
    is_sent = np.concatenate([np.ones((rows, 2), np.bool_), *(column.is_sent for column in columns)], axis=1)
    return everything[is_sent].tobytes()
