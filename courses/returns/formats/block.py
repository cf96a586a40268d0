"""What every kind of file is read into: blocks of rows, column by column."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import pyarrow as pa

ROWS = 65_536  # at most so many rows are in memory at a time
MOST_TEXT = 16 * 1024 * 1024  # and of long rows fewer: about so many characters of them


class FileRefusedError(Exception):
    """The whole file cannot be taken; the message says why, where, and what to do."""


class OtherColumnsError(FileRefusedError):
    """The file has other columns than the profile reads; the message says which. It may fit another profile."""


class Broken(NamedTuple):
    """A row that cannot be read: its number, its cells, and what is wrong with it.

    `cells` are those of the wanted columns in their order; none where it is not plain which cell belongs where. Then
    `sent` is the row as it stands in the file.
    """

    number: int
    cells: list[str]
    fault: str
    sent: str = ""


@dataclass(frozen=True)
class Block:
    """Rows of a file: their numbers as the file counts them, and the cells of each wanted column as text."""

    numbers: pa.Int32Array
    columns: dict[str, pa.StringArray]
    broken: list[Broken] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.numbers) + len(self.broken)

    def cells_of(self, place: int) -> list[str]:
        """The cells of a row, in the order of the columns."""
        return [cells[place].as_py() for cells in self.columns.values()]


@dataclass
class Sheet:
    """A file that is open: its blocks, and in words how it is read where that is not plain from the profile.

    `rows` is how many it has, blank ones among them, where that is known before they are read.
    """

    blocks: Iterator[Block]
    notes: list[str] = field(default_factory=list)
    rows: int | None = None


def block_of(
    names: Sequence[str], numbers: Sequence[int], rows: Sequence[Sequence[str]], broken: list[Broken]
) -> Block:
    """A block of rows that were read one by one, each with the cells of the wanted columns in their order."""
    cells = zip(*rows, strict=True) if rows else ([] for _ in names)
    columns = {name: pa.array(column, pa.string()) for name, column in zip(names, cells, strict=True)}
    return Block(pa.array(numbers, pa.int32()), columns, broken)


def with_all(block: Block, names: Sequence[str]) -> Block:
    """The block with all these columns in their order: those that it lacks are empty in every row."""
    if tuple(block.columns) == tuple(names):
        return block
    empty = pa.repeat(pa.scalar("", pa.string()), len(block.numbers))
    return replace(block, columns={name: block.columns.get(name, empty) for name in names})
