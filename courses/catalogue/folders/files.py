"""The files of a course, wherever they lie: in a folder, in an archive, in a draft."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, runtime_checkable

from courses.catalogue.archives import fault_of_path
from courses.catalogue.folders.texts import SourceFile
from courses.catalogue.sections import Fault

CODE = r"[a-z0-9]+(-[a-z0-9]+)*"
LANGUAGE = r"[a-z]{2,3}(-[a-z0-9]{2,8})*"
YAML_FILES = ("course.yaml", "assessment.yaml")
LESSON_FILE = re.compile(rf"(\d\d)-({CODE})\.md")
LONGEST_TEXT = 500_000  # bytes
MOST_FILES = 20_000
# Folders of what is not text: the endings of the files in them (any for None), and the bytes that one may have.
PICTURES = (".png", ".jpg", ".jpeg", ".webp", ".gif", ".svg")
VIDEOS = (".mp4", ".webm", ".vtt")
DOWNLOADS = (".pdf", ".txt", ".csv", ".docx", ".xlsx", ".pptx", ".odt", ".ods", ".odp", ".zip")
FOLDERS: dict[str, tuple[tuple[str, ...] | None, int]] = {
    "pictures": (PICTURES, 5_000_000),
    "videos": (VIDEOS, 200_000_000),
    "files": (DOWNLOADS, 50_000_000),
    "package": (None, 200_000_000),
}


class CourseFiles(Protocol):
    """Files by path, with `/` between folders. `name` is what faults call the whole."""

    @property
    def name(self) -> str: ...

    def paths(self) -> Iterable[str]: ...

    def size(self, path: str) -> int: ...

    def read(self, path: str) -> bytes: ...


@runtime_checkable
class KnownSums(Protocol):
    """Files whose SHA-256 (hexadecimal) is known without reading them; `None` for one that must be read."""

    def sha256(self, path: str) -> str | None: ...


@dataclass(frozen=True)
class FolderFiles:
    """The files of a folder on disk; hidden ones are none of the course's, and links do not lead out of it."""

    folder: Path

    @property
    def name(self) -> str:
        return self.folder.resolve().name

    def paths(self) -> list[str]:
        found = (path.relative_to(self.folder) for path in self.folder.rglob("*") if self.is_own(path))
        return sorted(path.as_posix() for path in found if not any(part.startswith(".") for part in path.parts))

    def is_own(self, path: Path) -> bool:
        return path.is_file() and path.resolve().is_relative_to(self.folder.resolve())

    def size(self, path: str) -> int:
        return (self.folder / path).stat().st_size

    def read(self, path: str) -> bytes:
        return (self.folder / path).read_bytes()


@dataclass(frozen=True)
class FilesInMemory:
    """Files that are at hand as bytes."""

    name: str
    content: Mapping[str, bytes]

    def paths(self) -> list[str]:
        return sorted(path for path in self.content if not any(part.startswith(".") for part in path.split("/")))

    def size(self, path: str) -> int:
        return len(self.content[path])

    def read(self, path: str) -> bytes:
        return self.content[path]


@dataclass
class Sorted:
    """The course's files by what they are. `texts` holds `None` for a text that cannot be read."""

    name: str
    texts: dict[str, str | None] = field(default_factory=dict)
    sources: list[SourceFile] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def fault(self, path: str, message: str, line: int | None = None) -> None:
        self.faults.append(Fault(self.named(path), message, line))

    def named(self, path: str) -> str:
        return f"{self.name}/{path}"

    @property
    def paths(self) -> set[str]:
        return {source.path for source in self.sources}

    def languages(self) -> list[str]:
        """The languages that have a folder."""
        folders = {path.split("/")[0] for path in self.texts if "/" in path}
        return sorted(folders)


def sorted_files(files: CourseFiles) -> Sorted:
    """Reads every text and takes the sum of every file; what is no part of a course is a fault."""
    done = Sorted(files.name)
    paths = list(files.paths())
    if len(paths) > MOST_FILES:
        done.fault("", f"holds {len(paths):,} files; {MOST_FILES:,} are allowed")
        paths = paths[:MOST_FILES]
    for path in paths:
        take(files, path, done)
    return done


def take(files: CourseFiles, path: str, done: Sorted) -> None:
    is_text, longest = place_of(path)
    if fault := fault_of_path(path):
        done.fault(path.encode(errors="replace").decode(), fault)
        return
    if longest is None:
        done.fault(
            path, "is not part of a course; see what a course folder holds in courses/catalogue/starter/README.md"
        )
        return
    if files.size(path) > longest:
        done.fault(path, f"is longer than {longest:,} bytes")
        if is_text:
            done.texts[path] = None
        return
    known = files.sha256(path) if isinstance(files, KnownSums) and not is_text else None
    if known:
        done.sources.append(SourceFile(path=path, size=files.size(path), sha256=known))
        return
    data = files.read(path)
    done.sources.append(SourceFile(path=path, size=len(data), sha256=hashlib.sha256(data).hexdigest()))
    if is_text:
        done.texts[path] = text_of(data, path, done)


def place_of(path: str) -> tuple[bool, int | None]:
    """Whether the file is one of the texts, and how long it may be; `None` if it belongs nowhere."""
    *folders, name = path.split("/")
    if path == "README.md":
        return False, LONGEST_TEXT
    if folders and folders[0] not in FOLDERS and re.fullmatch(LANGUAGE, folders[0]):
        folders = folders[1:]
    if not folders:
        is_text = name in YAML_FILES or bool(LESSON_FILE.fullmatch(name))
        return is_text, LONGEST_TEXT if is_text else None
    endings, longest = FOLDERS.get(folders[0], ((), 0))
    fits = endings is None or name.lower().endswith(endings)
    return False, longest if fits else None


def text_of(data: bytes, path: str, done: Sorted) -> str | None:
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        done.fault(path, "is not UTF-8; save it as UTF-8", data[: error.start].count(b"\n") + 1)
        return None
    if "\0" in text:
        done.fault(path, "holds a NUL character", text[: text.index("\0")].count("\n") + 1)
        return None
    return text
