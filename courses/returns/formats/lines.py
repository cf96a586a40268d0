"""The careful way through CSV, row by row: a row that cannot be read costs no other row."""

import csv
from collections.abc import Iterator
from typing import NamedTuple

from .block import FileRefusedError
from .layout import Shape

LONGEST_ROW = 65_536  # bytes
MOST_BROKEN_ROWS = 100
UNREADABLE = "\U0010ffff".encode()  # stands where bytes fit no encoding; Unicode has no such character
HAS_UNREADABLE = "has a character that cannot be read: write it again and save the file as UTF-8"


def has_unreadable(text: bytes) -> bool:
    return UNREADABLE[:1] in text and UNREADABLE in text  # one byte is found much faster


def shown(line: bytes) -> str:
    """A row as it stands in the file, as far as it can be read."""
    return line[:LONGEST_ROW].removesuffix(b"\n").decode("utf-8", "replace").replace(UNREADABLE.decode(), "\ufffd")


class Row(NamedTuple):
    """One row as sent: its number and its cells, or what is wrong with it."""

    number: int
    cells: list[str]
    fault: str = ""


class Lines:
    """The lines of a text of which one chunk at a time is in memory; lines that were given can be taken back.

    A line longer than `LONGEST_ROW` is passed over; it counts as an empty one and `too_long` is set.
    """

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self.chunks = chunks
        self.buffer, self.at = b"", 0
        self.passed = 0  # bytes of chunks that were let go
        self.began = 0
        self.given = 0  # lines since `begin`
        self.second = 0  # where the second of them starts
        self.too_long = False
        self.broken = 0  # rows of the file with a quotation mark that is not closed

    @property
    def position(self) -> int:
        return self.passed + self.at

    def chunk(self) -> bytes:
        """Whole lines that come next; empty at the end."""
        if self.at == len(self.buffer):
            self._fill()
        return self.buffer[self.at :] if self.at else self.buffer

    @property
    def sent(self) -> str:
        """The lines that were given since `begin`, as they stand in the file."""
        return shown(self.buffer[self.began : min(self.at, self.began + LONGEST_ROW)])

    def consume(self, length: int) -> None:
        self.at += length
        self.began = self.at

    def top(self, number: int) -> list[str]:
        """The first lines, each at most `LONGEST_ROW` long; they come again."""
        lines = self.chunk()[: number * LONGEST_ROW].split(b"\n")[:number]
        return [line[:LONGEST_ROW].decode("utf-8", "replace") for line in lines]

    def skip(self, number: int) -> None:
        for _ in range(number):
            self._next()
        self.began = self.at

    def _fill(self) -> bool:
        """Lets go of what was given and gets the next chunk beside what is left."""
        more = next(self.chunks, b"")
        keep = min(self.began, self.at)
        self.passed += keep
        self.buffer = self.buffer[keep:] + more
        self.at, self.began, self.second = self.at - keep, self.began - keep, self.second - keep
        return bool(more)

    def _next(self) -> bytes:
        """The next line with its end; empty when there is none."""
        end = self.buffer.find(b"\n", self.at)
        while end < 0 and self._fill():
            end = self.buffer.find(b"\n", self.at)
        end = len(self.buffer) if end < 0 else end + 1
        line = self.buffer[self.at : end]
        self.at = end
        return line

    def begin(self) -> None:
        """A new row begins."""
        self.began, self.given, self.too_long = self.at, 0, False

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._next()
        if not line:
            raise StopIteration
        self.given += 1
        if self.given == 1:
            self.second = self.at
        if self.at - self.began >= LONGEST_ROW:
            if self.given > 1:
                raise csv.Error("the row is too long")
            self.too_long = True
            return "\n"
        return line.decode("utf-8", "replace")

    def again(self) -> None:
        """The lines since `begin` come again."""
        self.at = self.began
        self.begin()

    def take_back(self) -> bool:
        """All lines but the first since `begin` come again; answers whether there was more than one."""
        self.at = self.second
        return self.given > 1


def rows_of(lines: Lines, delimiter: str, shape: Shape, first: int, *, is_spaced: bool = False) -> Iterator[Row]:
    """The rows that come next, blank ones among them; the first is number `first`.

    With `is_spaced` a quotation mark may also open a cell behind the spaces at its beginning.
    """
    number = first - 1
    while True:
        number += 1
        lines.begin()
        try:
            cells = _read(lines, delimiter, is_spaced=is_spaced)
        except StopIteration:
            return
        except csv.Error as error:
            yield Row(number, [], _quotation_fault(lines, error, number))
            continue
        yield _row(number, cells, lines, shape)


def _read(lines: Lines, delimiter: str, *, is_spaced: bool) -> list[str]:
    if is_spaced:
        try:
            return next(csv.reader(lines, delimiter=delimiter, strict=True, skipinitialspace=True))
        except csv.Error:
            lines.again()
    # A reader for each row: after an error the next row begins afresh.
    return next(csv.reader(lines, delimiter=delimiter, strict=True))


def _row(number: int, cells: list[str], lines: Lines, shape: Shape) -> Row:
    if lines.too_long:
        return Row(number, [], f"is longer than {LONGEST_ROW:,} characters")
    if not any(cell.strip() for cell in cells):
        return Row(number, [])
    fitted = shape.fitted(cells)
    return Row(number, fitted) if fitted else Row(number, [], shape.fault(len(cells)))


def _quotation_fault(lines: Lines, error: csv.Error, number: int) -> str:
    unclosed = lines.take_back()
    lines.broken += unclosed
    if lines.broken > MOST_BROKEN_ROWS:
        raise FileRefusedError(
            f"The file is not CSV: in more than {MOST_BROKEN_ROWS} rows, the last one row {number:,}, a quotation mark"
            " is not closed. Save it as CSV (in Excel: File, Save As, “CSV UTF-8”) and send that file."
        ) from None
    if unclosed or "end of data" in str(error):
        return "has a quotation mark that is not closed"
    return "has text after a closing quotation mark"
