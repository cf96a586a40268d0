"""The rows of a sheet (ECMA-376 part 1, 18.3.1), a few at a time in memory."""

from collections.abc import Iterator
from typing import IO

from . import plain
from .cells import Cell, Row
from .merging import LAST_COLUMN, column_place, row_number
from .package import CHUNK, DEEPEST, Attributes, Package, Parser, damaged
from .texts import Texts

DIGITS = "0123456789"
BEGIN, END = b"<sheetData>", b"</row>"


def rows_of(package: Package, name: str) -> Iterator[Row]:
    """The rows of a sheet that have cells, from above.

    Raises `FileRefusedError` where they are not in their order, or go beyond what a sheet can have.
    """
    reader = _Reader()
    with package.open(name) as part:
        for data in _not_plain(part, reader):
            reader.parser.feed(data)
            yield from reader.taken()
            if reader.is_done:
                return
        reader.parser.feed(b"", is_last=True)


def _not_plain(part: IO[bytes], reader: "_Reader") -> Iterator[bytes]:
    """What is left to the parser: all but the rows that are written as nearly every program writes them.

    Those the reader gets at once, which takes a fraction of the time.
    """
    head, begin, rest = (part.read(CHUNK)).partition(BEGIN)
    yield head + begin
    while reader.is_in_rows and reader.is_utf8:
        data = rest + part.read(CHUNK)
        end = data.rfind(END) + len(END)
        if end < len(END) or not data.startswith(b"<row"):
            rest = data
            break
        rows, reader.number, length = plain.rows_in(data[:end], reader.number)
        reader.rows += (row for row in rows if row.cells)
        yield b""
        rest = data[length:]
        if length < end:
            break
    yield rest
    while chunk := part.read(CHUNK):
        yield chunk


class _Reader:
    """Makes rows of the elements of a sheet. Depth tells a cell from whatever else has its name."""

    def __init__(self) -> None:
        self.text = Texts()
        self.parser = Parser(self.start, self.end, self.text.add, self.declare)
        self.rows: list[Row] = []
        self.is_utf8, self.is_in_rows, self.is_done = True, False, False
        self.depth, self.prefix, self.phonetic = 0, "", 0
        self.number, self.place, self.cells = 0, -1, dict[int, Cell]()
        self.letters, self.kind, self.style = "", "", ""

    def taken(self) -> list[Row]:
        """The rows that are complete, each once."""
        rows, self.rows = self.rows, []
        return rows

    def row(self, written: str) -> None:
        self.number, self.place = row_number(written, self.number), -1

    def cell(self, content: str) -> None:
        self.place = column_place(self.letters) if self.letters else self.place + 1
        if self.place >= LAST_COLUMN:
            raise damaged()
        if content:
            self.cells[self.place] = (self.kind, self.style, content)

    def _close_row(self) -> None:
        if self.cells:
            self.rows.append(Row(self.number, self.cells))
            self.cells = {}

    def declare(self, encoding: str | None) -> None:
        self.is_utf8 = (encoding or "utf-8").casefold() == "utf-8"

    def start(self, tag: str, given: Attributes) -> None:
        self.depth += 1
        if self.depth > 4:
            self._start_content(tag)
        elif not self.is_in_rows:
            self._start_outside(tag)
        elif self.depth == 4 and tag == self.prefix + "c":
            self.letters, self.kind, self.style = (
                given.get("r", "").rstrip(DIGITS),
                given.get("t", "n"),
                given.get("s", ""),
            )
        elif self.depth == 3 and tag == self.prefix + "row":
            self.row(given.get("r", ""))

    def _start_outside(self, tag: str) -> None:
        if self.depth == 1:
            self.prefix = tag[: tag.rfind(":") + 1]
        self.is_in_rows = self.depth == 2 and tag == self.prefix + "sheetData" and not self.is_done

    def _start_content(self, tag: str) -> None:
        """Of a cell only its value is text: no formula, and none of the phonetic help that some texts have."""
        if self.depth > DEEPEST:
            raise damaged()
        name = tag[len(self.prefix) :]
        self.phonetic = self.phonetic or (self.depth if name == "rPh" else 0)
        self.text.is_open = self.is_in_rows and not self.phonetic and name in ("v", "t")

    def end(self, tag: str) -> None:
        self.text.is_open = False
        if self.is_in_rows and self.depth == 4 and tag == self.prefix + "c":
            self.cell(self.text.taken())
        elif self.is_in_rows and self.depth < 4:
            self._close_row()
            self.is_done = self.depth == 2
            self.is_in_rows = not self.is_done
        if self.phonetic == self.depth:
            self.phonetic = 0
        self.depth -= 1
