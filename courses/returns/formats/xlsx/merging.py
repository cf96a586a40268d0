"""Merged cells: the upper left one stands for each that they cover."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable
from functools import cache
from typing import IO, NamedTuple

from courses.returns.formats.block import FileRefusedError

from .cells import Cell
from .package import CHUNK, damaged

MOST = 200_000
MOST_CELLS = 30_000_000
LAST_COLUMN, LAST_ROW = 16_384, 1_048_576  # as far as a sheet of Excel goes
LONGEST_TAG = 65_536
TAG = re.compile(rb"<(?:[\w.-]+:)?mergeCell\s[^>]*")
RANGE = re.compile(rb"""\sref\s*=\s*["']([A-Z]{1,3})([0-9]{1,7})(?::([A-Z]{1,3})([0-9]{1,7}))?["']""")
NEEDED = "Delete the columns and rows that nobody needs, or send it as CSV."
DISTINCT = "Remove merged cells (in Excel: mark all, Merge & Center, Unmerge Cells), or send the sheet as CSV."


class Range(NamedTuple):
    """Rows are counted from 1, columns from 0; all four belong to it."""

    top: int
    left: int
    bottom: int
    right: int


@cache
def column_place(letters: str) -> int:
    """The place of a column, from 0: A is 0, XFD is 16,383. Raises `FileRefusedError` if it is no name of a column."""
    if not 1 <= len(letters) <= 3 or not (letters.isascii() and letters.isalpha() and letters.isupper()):
        raise damaged()
    place = 0
    for letter in letters:
        place = place * 26 + ord(letter) - ord("A") + 1
    if place > LAST_COLUMN:
        raise damaged()
    return place - 1


def row_number(written: str, before: int) -> int:
    """The number of a row behind the row `before`; without a number it is the next one."""
    number = written or str(before + 1)
    if not number.isdecimal() or not before < int(number[:9]) <= LAST_ROW:
        raise damaged()
    return int(number)


def looked_over(part: IO[bytes]) -> tuple[int, list[Range]]:
    """About how many rows a sheet has, and its merged cells, which its XML names behind all rows.

    Looks for tags only; what else stands in the part is judged where its rows are read.
    """
    rows, cells, ranges, rest = 0, 0, list[Range](), b""
    while chunk := part.read(CHUNK):
        chunk = rest + chunk
        end = max(chunk.rfind(b"<"), len(chunk) - LONGEST_TAG)
        whole, rest = chunk[:end], chunk[end:]
        rows, cells = rows + _tags(whole, b"row"), cells + _tags(whole, b"c")
        if b"mergeCell" in whole:
            ranges += map(_range, TAG.findall(whole))
        if len(ranges) > MOST:
            raise FileRefusedError(f"The workbook has more than {MOST:,} merged cells. {DISTINCT}")
        if cells > MOST_CELLS:
            raise FileRefusedError(f"A sheet has more than {MOST_CELLS:,} cells. {NEEDED}")
    return rows, ranges


def _tags(data: bytes, name: bytes) -> int:
    """How many elements of the name begin, with a prefix or without; a few more where other names begin alike."""
    return max(data.count(b"<" + name), data.count(b":" + name))


def _range(tag: bytes) -> Range:
    found = RANGE.search(tag)
    if not found:
        raise damaged()
    left, top, right, bottom = found.groups()
    right, bottom = right or left, bottom or top
    made = Range(int(top), column_place(left.decode()), int(bottom), column_place(right.decode()))
    if not (1 <= made.top <= made.bottom <= LAST_ROW and made.left <= made.right):
        raise damaged()
    return made


class Merged:
    """Fills the merged cells of rows that come in their order, in the columns `places`."""

    def __init__(self, ranges: Iterable[Range], places: Collection[int]) -> None:
        self.places = sorted(places)
        coming = sorted(merged for merged in ranges if self._covered(merged))
        self.coming = iter(coming)
        self.next = next(self.coming, None)
        self.open: list[tuple[Range, Cell | None]] = []

    def _covered(self, merged: Range) -> list[int]:
        return self.places[bisect_left(self.places, merged.left) : bisect_right(self.places, merged.right)]

    def fill(self, number: int, cells: dict[int, Cell]) -> None:
        """Raises `FileRefusedError` where two merged cells cover the same cell."""
        while self.next and self.next.top <= number:
            value = cells.get(self.next.left) if self.next.top == number else None
            self.open.append((self.next, value))
            self.next = next(self.coming, None)
        if not self.open:
            return
        self.open = [(merged, value) for merged, value in self.open if merged.bottom >= number]
        filled: dict[int, Cell | None] = {}
        for merged, value in self.open:
            for place in self._covered(merged):
                if place in filled:
                    raise FileRefusedError(f"In row {number:,} two merged cells cover one another. {DISTINCT}")
                filled[place] = value
        cells.update({place: value for place, value in filled.items() if value is not None})
