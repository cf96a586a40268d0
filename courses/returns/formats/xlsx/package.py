"""The package around a workbook: a ZIP file of parts that name each other (ECMA-376 part 2)."""

import io
import posixpath
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO, NamedTuple
from xml.parsers import expat

from django.conf import settings

from courses.returns.formats.block import FileRefusedError

CHUNK = 64 * 1024  # bytes of a part that are unpacked at a time
LONGEST_TAG = 1024 * 1024
DEEPEST = 32  # elements within each other; Excel writes nine at most
KINDS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
Attributes = dict[str, str]


def damaged() -> FileRefusedError:
    return FileRefusedError("The workbook is damaged, or protected by a password. Save it again without.")


class Related(NamedTuple):
    """A part that another names: by which id, of which kind (`worksheet`, `styles`), and its own name."""

    id: str
    kind: str
    part: str


class Package:
    """The parts of a workbook, by name. Raises `FileRefusedError` if it is none, or unpacks to too much."""

    def __init__(self, source: io.BufferedIOBase) -> None:
        try:
            self.archive = zipfile.ZipFile(source)
        except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
            raise FileRefusedError("The workbook is damaged or was cut off. Save it again and send it.") from None
        self.parts = {_folded(part.filename): part for part in self.archive.infolist()}
        if sum(part.file_size for part in self.archive.infolist()) > settings.MAX_WORKBOOK_BYTES:
            raise FileRefusedError(
                f"The workbook unpacks to more than {settings.MAX_WORKBOOK_BYTES:,} bytes. Send it as CSV, or in parts."
            )

    def __contains__(self, name: str) -> bool:
        return _folded(name) in self.parts

    @contextmanager
    def open(self, name: str) -> Iterator[IO[bytes]]:
        """Raises `FileRefusedError` without such a part, or while it is read, if it is not as the ZIP file says."""
        part = self.parts.get(_folded(name))
        if part is None or part.compress_type not in KINDS:
            raise damaged()
        try:
            opened = self.archive.open(part)
        except (zipfile.BadZipFile, RuntimeError, NotImplementedError, ValueError, OSError):
            raise damaged() from None
        try:
            with opened:
                yield opened
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError):
            raise damaged() from None

    def elements(self, name: str, found: Callable[[str, Attributes], None]) -> None:
        """Calls `found` for each element of a small part, with its name without a prefix."""
        depth = 0

        def start(tag: str, given: Attributes) -> None:
            nonlocal depth
            depth += 1
            if depth > DEEPEST:
                raise damaged()
            found(tag.rpartition(":")[2], given)

        def end(_: str) -> None:
            nonlocal depth
            depth -= 1

        with self.open(name) as part:
            Parser(start, end).read(part)

    def related(self, name: str) -> list[Related]:
        """What a part names; the package itself has the name ""."""
        folder, file = posixpath.split(name)
        found: list[Related] = []

        def start(tag: str, given: Attributes) -> None:
            if tag == "Relationship" and given.get("TargetMode") != "External":
                target = posixpath.normpath(posixpath.join("/", folder, given.get("Target", ""))).lstrip("/")
                found.append(Related(given.get("Id", ""), given.get("Type", "").rpartition("/")[2], target))

        relations = posixpath.join(folder, "_rels", f"{file}.rels")
        if relations in self:
            self.elements(relations, start)
        return found


def _folded(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").casefold()


class Parser:
    """A parser of XML that takes no declarations of a document's own, so that nothing in it can unfold.

    `FileRefusedError` is raised where it is no XML, or a tag is longer than any that a workbook has.
    """

    def __init__(
        self,
        start: Callable[[str, Attributes], None],
        end: Callable[[str], None],
        text: Callable[[str], None] | None = None,
        encoding: Callable[[str | None], None] | None = None,
    ) -> None:
        self.parser, self.fed = expat.ParserCreate(), 0
        self.parser.StartDoctypeDeclHandler = _refused
        self.parser.StartElementHandler, self.parser.EndElementHandler = start, end
        self.parser.CharacterDataHandler, self.parser.buffer_text = text, True
        self.encoding, self.parser.XmlDeclHandler = encoding, self._declared

    def _declared(self, _: str, encoding: str | None, __: int) -> None:
        try:
            b"x".decode(encoding or "utf-8", "replace")
        except LookupError:
            raise damaged() from None
        if self.encoding:
            self.encoding(encoding)

    def feed(self, data: bytes, *, is_last: bool = False) -> None:
        try:
            self.parser.Parse(data, is_last)
        except (expat.ExpatError, ValueError):
            raise damaged() from None
        self.fed += len(data)
        if self.fed - self.parser.CurrentByteIndex > LONGEST_TAG:
            raise damaged()

    def read(self, part: IO[bytes]) -> None:
        """The whole part."""
        while chunk := part.read(CHUNK):
            self.feed(chunk)
        self.feed(b"", is_last=True)


def _refused(*_: object) -> None:
    raise damaged()
