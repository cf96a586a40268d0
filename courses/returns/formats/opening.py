"""What kind of file it is, told by its content and never by its name."""

import gzip
import io
import shutil
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, cast

from django.conf import settings

from courses.returns.profiles import Definition

from .block import FileRefusedError, Sheet
from .columnar import read_parquet
from .delimited import read_delimited
from .objects import read_objects
from .workbook import read_workbook
from .xlsx import Package

LOOKS_LIKE = {
    b"%PDF": "a PDF document",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"{\\rtf": "a text document",
    b"SQLite": "a database file",
    b"7z\xbc\xaf": "a compressed (7z) file",
    b"\xfd7zXZ": "a compressed (xz) file",
    b"BZh": "a compressed (bzip2) file",
    b"\x28\xb5\x2f\xfd": "a compressed (zstd) file",
    b"\xd0\xcf\x11\xe0": "a workbook that is protected by a password, or one of an Excel before 2007",
}
OTHER_ZIPS = {
    "xl/workbook.bin": "a binary Excel workbook (XLSB)",
    "content.xml": "an OpenDocument file",
    "word/document.xml": "a Word document",
}
TAKEN = "Taken are CSV, Excel workbooks (XLSX), JSON Lines and Parquet, each also packed by gzip."


class Unpacked(io.RawIOBase):
    """What a gzip file unpacks to. Raises `FileRefusedError` when that is too much, or the file is damaged."""

    def __init__(self, source: io.BufferedIOBase) -> None:
        self.file = gzip.GzipFile(fileobj=source)
        self.left = settings.MAX_UNPACKED_BYTES

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        try:
            length = self.file.readinto(buffer)
        except (OSError, EOFError, zlib.error):
            raise FileRefusedError("The gzip file is damaged or was cut off. Pack it again and send it.") from None
        self.left -= length
        if self.left < 0:
            raise FileRefusedError(
                f"The file unpacks to more than {settings.MAX_UNPACKED_BYTES:,} bytes. Send it in several parts."
            )
        return length


@contextmanager
def open_sheet(source: io.BufferedIOBase, definition: Definition) -> Iterator[Sheet]:
    """Opens a file of any kind that is taken. `source` can be searched.

    Raises `FileRefusedError` if it cannot be read, now or while its blocks are read.
    """
    start = source.read(4096)
    source.seek(0)
    if not start.startswith(b"\x1f\x8b"):
        yield _opened(source, start, definition)
        return
    with tempfile.TemporaryFile() as kept:
        yield _unpacked(source, kept, definition)


def _unpacked(source: io.BufferedIOBase, kept: IO[bytes], definition: Definition) -> Sheet:
    unpacked = io.BufferedReader(Unpacked(source), 1024 * 1024)
    start = unpacked.peek(4096)[:4096]
    if start.startswith(b"\x1f\x8b"):
        raise FileRefusedError("The file was packed by gzip twice. Pack it once and send it.")
    if start.startswith((b"PK", b"PAR1")):
        shutil.copyfileobj(unpacked, kept, 1024 * 1024)  # these kinds are searched
        kept.seek(0)
        return _opened(cast(io.BufferedIOBase, kept), start, definition)
    return _opened(unpacked, start, definition)


def _opened(source: io.BufferedIOBase, start: bytes, definition: Definition) -> Sheet:
    if start.startswith(b"PAR1"):
        return read_parquet(source, definition)
    if start.startswith(b"PK\x03\x04"):
        package = Package(source)
        _refuse_other_zips(package)
        return read_workbook(package, definition)
    _refuse_others(start)
    if start.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{":
        return read_objects(source, definition)
    return read_delimited(source, definition)


def _refuse_others(start: bytes) -> None:
    for magic, kind in LOOKS_LIKE.items():
        if start.startswith(magic):
            raise FileRefusedError(f"The file looks like {kind}. {TAKEN}")
    opening = start.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if opening == b"<":
        raise FileRefusedError(f"The file looks like a web page or XML. {TAKEN}")
    if opening == b"[":
        raise FileRefusedError(
            "The file looks like a JSON list. Write it as JSON Lines: one object a line, without the brackets around."
        )


def _refuse_other_zips(package: Package) -> None:
    for part, kind in OTHER_ZIPS.items():
        if part in package:
            raise FileRefusedError(f"The file looks like {kind}. {TAKEN}")
    if not any(part.startswith("xl/") for part in package.parts):
        raise FileRefusedError(f"The file is a ZIP file and no workbook. Unpack it first. {TAKEN}")
