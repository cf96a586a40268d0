"""From the bytes of a partner's file to its rows, in a few megabytes of memory whatever the size of the file.

What makes the whole file unreadable raises `FileRefusedError`; what is wrong with one row is said beside that row.
"""

import codecs
import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass

PIECE = 1024 * 1024
LONGEST_ROW = 65_536  # characters
MOST_BROKEN_ROWS = 100
LISTED_COLUMNS = 20
LOOKS_LIKE = {
    b"PK\x03\x04": "an Excel workbook or another ZIP file",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
    b"%PDF": "a PDF document",
    b"\x1f\x8b": "a compressed (gzip) file",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"{\\rtf": "a text document",
    b"PAR1": "a Parquet file",
    b"SQLite": "a database file",
    b"\xff\xfe": "a UTF-16 text",
    b"\xfe\xff": "a UTF-16 text",
}
SAVE_AS_CSV = "Save it as CSV (in Excel: File, Save As, “CSV UTF-8”) and send that file."
# Reads bytes [start, start + length) of the file.
Piece = Callable[[int, int], bytes]


class FileRefusedError(Exception):
    """The whole file cannot be taken; the message says why, where, and what to do."""


@dataclass(frozen=True)
class Row:
    """One row as sent: its number (the header is row 1) and its cells, or what is wrong with it."""

    number: int
    cells: list[str]
    fault: str = ""


class Pieces(io.RawIOBase):
    """A file of which only one piece at a time is in memory."""

    def __init__(self, piece: Piece) -> None:
        self.piece, self.position, self.kept = piece, 0, memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        if not self.kept:
            self.kept = memoryview(self.piece(self.position, PIECE))
            self.position += len(self.kept)
        length = min(len(buffer), len(self.kept))
        buffer[:length] = self.kept[:length]
        self.kept = self.kept[length:]
        return length


def text_of(piece: Piece, encoding: str) -> io.TextIOWrapper:
    """The file as text, without a byte order mark. Raises `FileRefusedError` if it is no text in this encoding."""
    start = piece(0, 4096)
    _refuse_other_kinds(start)
    name = "utf-8-sig" if codecs.lookup(encoding).name == "utf-8" else encoding
    _refuse_other_encodings(io.BufferedReader(Pieces(piece)), encoding)
    return io.TextIOWrapper(io.BufferedReader(Pieces(piece)), name, newline="")


def _refuse_other_kinds(start: bytes) -> None:
    for magic, kind in LOOKS_LIKE.items():
        if start.startswith(magic):
            raise FileRefusedError(f"The file is not CSV: it looks like {kind}. {SAVE_AS_CSV}")
    opening = start.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if opening in (b"<", b"{", b"["):
        kind = "a web page or XML" if opening == b"<" else "JSON"
        raise FileRefusedError(f"The file is not CSV: it looks like {kind}. {SAVE_AS_CSV}")
    if b"\0" in start.partition(b"\n")[0]:
        raise FileRefusedError(
            f"The file is not CSV: row 1 has NUL bytes, as binary files and UTF-16 have. {SAVE_AS_CSV}"
        )


def _refuse_other_encodings(source: io.BufferedReader, encoding: str) -> None:
    decoder = codecs.getincrementaldecoder(encoding)()
    offset, line = 0, 1
    while piece := source.read(PIECE):
        pending = len(decoder.getstate()[0])
        line += _decoded_lines(decoder, piece, offset - pending, line, encoding)
        offset += len(piece)
    _decoded_lines(decoder, b"", offset - len(decoder.getstate()[0]), line, encoding)


def _decoded_lines(decoder: codecs.IncrementalDecoder, piece: bytes, offset: int, line: int, encoding: str) -> int:
    """Decodes the piece that begins at `offset` in line `line`; answers how many line ends it has."""
    try:
        return decoder.decode(piece, final=not piece).count("\n")
    except UnicodeDecodeError as error:
        line += error.object[: error.start].count(b"\n")
        raise FileRefusedError(
            f"The file is not {encoding.upper()} text: byte {offset + error.start + 1:,}, in line {line:,}, does not"
            f" fit. {SAVE_AS_CSV}"
        ) from None


class Lines:
    """The physical lines of a text, each at most `LONGEST_ROW` long, that can be taken back.

    A longer line is passed over; it counts as an empty one and `too_long` is set.
    """

    def __init__(self, text: io.TextIOWrapper) -> None:
        self.text = text
        self.given: list[str] = []  # since `begin`
        self.again: list[str] = []
        self.length = 0
        self.too_long = False

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self.again.pop() if self.again else self.text.readline(LONGEST_ROW)
        if not line:
            raise StopIteration
        self.given.append(line)
        self.length += len(line)
        if self.length >= LONGEST_ROW:
            self.too_long = True
            return self._pass_over(line)
        return line

    def _pass_over(self, line: str) -> str:
        """Leaves the rest of an over-long first line; over-long further lines stay, so that they can be taken back."""
        if len(self.given) > 1:
            raise csv.Error("the row is too long")
        while line and not line.endswith(("\n", "\r")):
            line = self.text.readline(LONGEST_ROW)
        return "\n"

    def begin(self) -> None:
        """A new row begins."""
        self.given.clear()
        self.length, self.too_long = 0, False

    def take_back(self) -> bool:
        """All lines but the first since `begin` come again; answers whether there was more than one."""
        self.again.extend(reversed(self.given[1:]))
        return len(self.given) > 1


def header_of(text: io.TextIOWrapper, delimiter: str, wanted: tuple[str, ...]) -> list[str]:
    """The names of the columns. Raises `FileRefusedError` unless every wanted column is there once."""
    line = text.readline(LONGEST_ROW)
    while line and not line.strip():
        line = text.readline(LONGEST_ROW)
    if not line:
        raise FileRefusedError("The file is empty. Send a file with a header row and at least one row below it.")
    if len(line) >= LONGEST_ROW:
        raise FileRefusedError(
            f"Row 1, the header, is too long: its first {LONGEST_ROW:,} characters already name"
            f" {line.count(delimiter) + 1:,} columns. The columns that are needed: {', '.join(wanted)}."
        )
    try:
        names = [name.strip() for name in next(csv.reader([line], delimiter=delimiter, strict=True))]
    except csv.Error:
        raise FileRefusedError(
            "Row 1, the header, has a quotation mark that is not closed in the same line. The name of a column cannot"
            " hold a line break: write the header in one line."
        ) from None
    _refuse_other_columns(names, delimiter, wanted)
    return names


def _refuse_other_columns(names: list[str], delimiter: str, wanted: tuple[str, ...]) -> None:
    twice = [name for name in wanted if names.count(name) > 1]
    if twice:
        raise FileRefusedError(f"Row 1, the header, names these columns more than once: {', '.join(twice)}.")
    missing = [name for name in wanted if name not in names]
    if not missing:
        return
    other = next((mark for mark in ";\t|," if mark != delimiter and len(names) == 1 and mark in names[0]), "")
    hint = f" The columns seem to be separated by {other!r}; this profile wants {delimiter!r}." if other else ""
    raise FileRefusedError(
        f"Row 1, the header, lacks these columns: {', '.join(missing)}. {_found(names, wanted)}{hint}"
        " Name the columns as the profile does, or choose another profile."
    )


def _found(names: list[str], wanted: tuple[str, ...]) -> str:
    """What stands in row 1. Where no cell is a column's name, row 1 may be somebody's data, and none is shown."""
    if not set(names) & set(wanted):
        cells = "1 cell, which is no" if len(names) == 1 else f"{len(names):,} cells, none of them a"
        return f"Found {cells} known column. Does the file lack its header row?"
    found = ", ".join(name[:60].replace("\0", "␀") or "(no name)" for name in names[:LISTED_COLUMNS])
    more = f" and {len(names) - LISTED_COLUMNS:,} more" if len(names) > LISTED_COLUMNS else ""
    return f"Found: {found}{more}."


def rows_of(text: io.TextIOWrapper, delimiter: str, width: int) -> Iterator[Row]:
    """Every row below the header that is not blank. A row that cannot be read costs no other row."""
    lines = Lines(text)
    number, broken = 1, 0
    while True:
        number += 1
        lines.begin()
        try:
            # A reader for each row: after an error the next row begins afresh.
            cells = next(csv.reader(lines, delimiter=delimiter, strict=True))
        except StopIteration:
            return
        except csv.Error as error:
            unclosed = lines.take_back()
            broken += unclosed
            if broken > MOST_BROKEN_ROWS:
                raise FileRefusedError(
                    f"The file is not CSV: in more than {MOST_BROKEN_ROWS} rows, the last one row {number:,},"
                    f" a quotation mark is not closed. {SAVE_AS_CSV}"
                ) from None
            yield Row(number, [], _quotation_fault(error, unclosed=unclosed))
            continue
        if lines.too_long:
            yield Row(number, [], f"is longer than {LONGEST_ROW:,} characters")
        elif any(cell.strip() for cell in cells):
            yield Row(number, cells, "" if len(cells) == width else _width_fault(len(cells), width))


def _quotation_fault(error: csv.Error, *, unclosed: bool) -> str:
    if unclosed or "end of data" in str(error):
        return "has a quotation mark that is not closed"
    return "has text after a closing quotation mark"


def _width_fault(found: int, width: int) -> str:
    return f"has {found:,} cells where the header has {width:,}"
