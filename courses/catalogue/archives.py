"""Zip archives from outside: refused whole if anything in them is not as it should be, and read no further than that.

Nothing is ever unpacked to a disk, and archives within an archive are files like any other.
"""

import io
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

LONGEST_PATH = 400  # characters
DEEPEST = 30  # folders
UNSUSPICIOUS = 10_000_000  # bytes to which anything may unpack, however small it was
DIRECTORY_ENTRY = 400  # bytes that the directory of an archive may take for a file
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # others unpack without bounds in one step
ENCRYPTED = 0x1 | 0x40 | 0x2000  # flags: the content, strongly, the directory too
BROKEN = (
    zipfile.BadZipFile, zlib.error, struct.error, UnicodeError, NotImplementedError, RuntimeError, ValueError,
    OverflowError, EOFError, OSError,
)  # fmt: skip


class ArchiveRefusedError(Exception):
    """The archive is damaged, hostile or too large; the message says what to do."""


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What an archive may hold, in bytes: packed, unpacked, and one file. `ratio` is unpacked to packed."""

    packed: int = 500_000_000
    unpacked: int = 2_000_000_000
    file: int = 200_000_000
    files: int = 10_000
    ratio: int = 200


class Archive:
    """An archive that was looked through; a context manager. `names` are its files, in the order of the archive.

    Names are relative paths with slashes (of Windows' backslashes too), each accent in one form (NFC). What macOS adds
    (`__MACOSX`, `.DS_Store`) is left out.
    """

    def __init__(self, opened: zipfile.ZipFile, entries: dict[str, zipfile.ZipInfo], own: BinaryIO | None) -> None:
        self._opened = opened
        self._entries = entries
        self._own = own

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._entries)

    def __contains__(self, name: object) -> bool:
        return name in self._entries

    def size_of(self, name: str) -> int:
        """Bytes of the unpacked file. Raises KeyError for a file that there is not."""
        return self._entries[name].file_size

    def open(self, name: str) -> BinaryIO:
        """The unpacked file, to be read in pieces. Raises KeyError for a file that there is not.

        Reading raises `ArchiveRefusedError` where the content is not what the archive's directory says of it: never
        more than `size_of` bytes come.
        """
        entry = self._entries[name]
        try:
            return io.BufferedReader(_Member(self._opened.open(entry), entry, name))
        except BROKEN as error:
            raise ArchiveRefusedError(f"{name} is damaged: {error}. Pack the archive again.") from error

    def read(self, name: str, *, most: int | None = None) -> bytes:
        """The whole file. Raises as `open`, and `ArchiveRefusedError` for more than `most` bytes."""
        if most is not None and self.size_of(name) > most:
            raise ArchiveRefusedError(f"{name} has {self.size_of(name):,} bytes, {most:,} are allowed.")
        with self.open(name) as member:
            return member.read()

    def without_single_folder(self) -> "Archive":
        """The same where everything lies in one folder, seen from within it: folders are often packed as a whole."""
        folders = {name.partition("/")[0] for name in self._entries if "/" in name}
        if len(folders) != 1 or not all("/" in name for name in self._entries):
            return self
        inside = {name.partition("/")[2]: entry for name, entry in self._entries.items()}
        return Archive(self._opened, inside, self._own)

    def close(self) -> None:
        self._opened.close()
        if self._own:
            self._own.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


class _Member(io.RawIOBase):
    """Counts what is really unpacked, and says in our words what is wrong with it."""

    def __init__(self, source: Iterable[bytes], entry: zipfile.ZipInfo, name: str) -> None:
        self._source: BinaryIO = source  # type: ignore[assignment]  # a ZipExtFile
        self._left = entry.file_size
        self._name = name

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        try:
            piece = self._source.read(len(buffer))
        except BROKEN as error:
            raise ArchiveRefusedError(f"{self._name} is damaged: {error}. Pack the archive again.") from error
        self._left -= len(piece)
        if self._left < 0 or (not piece and self._left):
            raise ArchiveRefusedError(f"{self._name} is not as long as the archive says. Pack the archive again.")
        buffer[: len(piece)] = piece
        return len(piece)

    def close(self) -> None:
        self._source.close()
        super().close()


class _Directed(io.RawIOBase):
    """The archive's own bytes; no single read is larger than the largest directory, whatever the archive claims."""

    def __init__(self, source: BinaryIO, largest: int) -> None:
        self._source = source
        self._largest = largest

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self._source.seek(offset, whence)

    def tell(self) -> int:
        return self._source.tell()

    def read(self, size: int = -1) -> bytes:
        if size > self._largest:
            raise ArchiveRefusedError("The archive holds too many files. Leave out what the course does not need.")
        return self._source.read(self._largest if size < 0 else size)


def read_archive(source: Path | BinaryIO, limits: Limits = Limits()) -> Archive:
    """Opens the archive and looks at every name, size and kind in it; unpacks nothing. Close it after use.

    Raises `ArchiveRefusedError` for what is no zip archive, is larger than the limits, or holds anything but files
    and folders with plain relative names, each once, whichever case they are written in.
    """
    if not isinstance(source, Path):
        return Archive(*_looked_through(source, limits), None)
    file = source.open("rb")
    try:
        return Archive(*_looked_through(file, limits), file)
    except ArchiveRefusedError:
        file.close()
        raise


def _looked_through(file: BinaryIO, limits: Limits) -> tuple[zipfile.ZipFile, dict[str, zipfile.ZipInfo]]:
    packed = file.seek(0, io.SEEK_END)
    if packed > limits.packed:
        raise ArchiveRefusedError(f"The archive has {packed:,} bytes, {limits.packed:,} are allowed.")
    try:
        opened = zipfile.ZipFile(_Directed(file, max(limits.files * DIRECTORY_ENTRY, 1 << 17)))
    except BROKEN as error:
        raise ArchiveRefusedError(f"This is no zip archive, or it is damaged: {error}.") from error
    entries = opened.infolist()
    _refuse_sizes(entries, packed, limits)
    _refuse_overlaps(entries, packed)
    return opened, _files(entries)


def _refuse_sizes(entries: list[zipfile.ZipInfo], packed: int, limits: Limits) -> None:
    if len(entries) > limits.files:
        raise ArchiveRefusedError(f"The archive holds {len(entries):,} files, {limits.files:,} are allowed.")
    for entry in entries:
        name, size = _shown(entry.filename), entry.file_size
        if size > limits.file:
            raise ArchiveRefusedError(f"{name} has {size:,} bytes, {limits.file:,} are allowed for one file.")
        _refuse_ratio(name, size, entry.compress_size, limits)
    whole = sum(entry.file_size for entry in entries)
    if whole > limits.unpacked:
        raise ArchiveRefusedError(f"The archive unpacks to {whole:,} bytes, {limits.unpacked:,} are allowed.")
    _refuse_ratio("The archive", whole, packed, limits)


def _refuse_ratio(name: str, unpacked: int, packed: int, limits: Limits) -> None:
    if unpacked > UNSUSPICIOUS and unpacked > limits.ratio * packed:
        raise ArchiveRefusedError(f"{name} unpacks to more than {limits.ratio} times its size: that is no course.")


def _refuse_overlaps(entries: list[zipfile.ZipInfo], packed: int) -> None:
    """Files that share bytes of the archive make one megabyte unpack to terabytes."""
    starts = sorted((entry.header_offset, entry.header_offset + 30 + entry.compress_size) for entry in entries)
    ends = [start for start, _ in starts[1:]] + [packed]
    if any(start < 0 or end > limit for (start, end), limit in zip(starts, ends, strict=False)):
        raise ArchiveRefusedError("Files of the archive lie one over the other. Pack it again.")


def _files(entries: list[zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
    """The files by name. Raises `ArchiveRefusedError` for names that are not plain or that meet each other."""
    named = [(_name_of(entry), entry) for entry in entries]
    folders = {folder for name, _ in named for folder in _folders_of(name)}
    refuse_twins([name for name, _ in named if not name.endswith("/")], folders)
    files = {name: entry for name, entry in named if not name.endswith("/")}
    return {name: entry for name, entry in files.items() if not _is_of_macos(name)}


def refuse_twins(names: list[str], folders: set[str]) -> None:
    """Raises `ArchiveRefusedError` where two names differ at most in case or in how accents are written."""
    seen = {_folded(folder): "a folder" for folder in folders}
    for name in names:
        if (other := seen.get(_folded(name))) is not None:
            raise ArchiveRefusedError(f"{_shown(name)} has the name of {other} in the archive. Rename one of them.")
        seen[_folded(name)] = _shown(name)


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def _folders_of(name: str) -> Iterator[str]:
    parts = name.split("/")[:-1]
    return ("/".join(parts[:count]) for count in range(1, len(parts) + 1))


def _is_of_macos(name: str) -> bool:
    return name.startswith("__MACOSX/") or name.rpartition("/")[2] == ".DS_Store"


def _name_of(entry: zipfile.ZipInfo) -> str:
    """The name, in UTF-8 or code page 437. Raises `ArchiveRefusedError` for one that is not plain."""
    name = entry.orig_filename if entry.flag_bits & 0x800 else _as_utf_8(entry.orig_filename)
    name = unicodedata.normalize("NFC", name.replace("\\", "/"))
    if fault := _fault_of_kind(entry, name) or fault_of_path(name):
        raise ArchiveRefusedError(f"{_shown(entry.orig_filename)} {fault}.")
    return name


def _as_utf_8(name: str) -> str:
    """Many tools write UTF-8 and do not say so; what is valid UTF-8 is hardly ever meant as code page 437."""
    try:
        return name.encode("cp437").decode()
    except UnicodeError:
        return name


def _fault_of_kind(entry: zipfile.ZipInfo, name: str) -> str:
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind == stat.S_IFLNK:
        return "is a link; pack the file itself"
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        return "is a device or the like, no file"
    if entry.flag_bits & ENCRYPTED:
        return "is encrypted; pack it without a password"
    if entry.compress_type not in METHODS:
        return "is packed in an unusual way; pack it as plain zip (deflate)"
    if name.endswith("/") and entry.file_size:
        return "is a folder with content of its own"
    return ""


def fault_of_path(path: str) -> str:
    """What is wrong with a relative path, as the end of a sentence; empty for a plain one. Folders end with a slash."""
    parts = path.removesuffix("/").split("/")
    if "\\" in path:
        return "has a backslash in its name; folders are separated by /"
    if path.startswith("/") or (path[1:2] == ":" and path[0].isalpha()):
        return "is an absolute path"
    if any(part in ("", ".", "..") for part in parts):
        return "has a path that leads out of the archive or nowhere"
    if any(unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") for character in path):
        return "has a control character in its name"
    if len(path) > LONGEST_PATH or len(parts) > DEEPEST or any(len(part.encode()) > 255 for part in parts):
        return "has too long a name"
    return ""


def _shown(name: str) -> str:
    """The name as a message can show it."""
    readable = "".join(character if character.isprintable() else "�" for character in name)
    return readable if len(readable) <= 100 else f"{readable[:100]}…"
