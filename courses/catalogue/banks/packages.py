"""Packages of questions: a zip archive with imsmanifest.xml, items and assessments of QTI, and pictures."""

import io
import posixpath
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import unquote

from courses.catalogue.archives import Archive, ArchiveRefusedError, Limits, read_archive
from courses.catalogue.banks.bank import Collection
from courses.catalogue.banks.documents import document
from courses.catalogue.banks.errors import BankRefusedError
from courses.catalogue.banks.pictures import LARGEST
from courses.catalogue.banks.qti import read_item
from courses.catalogue.banks.qti12 import read_interop
from courses.catalogue.plain_xml import Node

LIMITS = Limits(packed=50_000_000, unpacked=400_000_000, file=50_000_000, files=20_000)
LARGEST_DOCUMENT = 20_000_000  # bytes of one XML file
MANIFEST = "imsmanifest.xml"
CC_FILES = ("$IMS-CC-FILEBASE$/", "%24IMS-CC-FILEBASE%24/")
TEST = re.compile(rb"<(\w+:)?(assessmentTest|qti-assessment-test)\s")
INTEROP = ("questestinterop", "assessment", "objectbank")


@dataclass
class Package:
    """The archive while it is read. `sections` are the titles of the test's sections by the items that they name."""

    archive: Archive
    collection: Collection
    sections: dict[str, tuple[str, ...]] = field(default_factory=dict)
    pictures: dict[str, str | None] = field(default_factory=dict)  # their paths in the course by those in the archive

    def document(self, path: str) -> Node:
        self.collection.go_on()
        data = self.archive.read(path, most=LARGEST_DOCUMENT)
        return document(data, f"{self.collection.file}/{path}")

    def picture(self, address: str, near: str) -> str | None:
        """The path in the course of a picture, whose address is relative to the file that shows it."""
        bare = unquote(address.partition("?")[0].partition("#")[0])
        for prefix in (*CC_FILES, *map(unquote, CC_FILES)):
            if bare.startswith(prefix):
                near, bare = "web_resources/", bare.removeprefix(prefix)
        for folder in (posixpath.dirname(near), "web_resources", ""):
            path = posixpath.normpath(posixpath.join(folder, bare))
            if path in self.archive:
                return self.taken(path)
        return None

    def taken(self, path: str) -> str | None:
        """Where the picture lies in the course: read once, however often it is shown."""
        if path not in self.pictures:
            is_small = self.archive.size_of(path) <= LARGEST
            data = self.archive.read(path) if is_small else b""
            self.pictures[path] = self.collection.pictures.add(posixpath.basename(path), data)
        return self.pictures[path]


def read_package(data: bytes, collection: Collection) -> None:
    """Takes the questions of every item and assessment in the archive."""
    try:
        with read_archive(io.BytesIO(data), LIMITS) as archive:
            read_all(Package(archive.without_single_folder(), collection))
    except ArchiveRefusedError as error:
        raise BankRefusedError(f"{collection.file}: {error}") from error


def read_all(package: Package) -> None:
    documents = list(dict.fromkeys(named_by_manifest(package)))
    for path in documents:
        with suppress(BankRefusedError):  # said once it is read itself
            note_sections(package, path)
    for path in documents:
        read_document(package, path)


def named_by_manifest(package: Package) -> Iterator[str]:
    """The XML files that the manifest names, in its order; without a manifest all there are."""
    if MANIFEST not in package.archive:
        yield from (name for name in package.archive.names if name.lower().endswith(".xml"))
        return
    for resource in package.document(MANIFEST).every("resource"):
        named = (resource.get("href"), resource.get("file"), *(part.get("href") for part in resource.all("file")))
        for path in dict.fromkeys(posixpath.normpath(unquote(address)) for address in named if address):
            is_document = path.lower().endswith((".xml", ".dat", ".qti"))
            if path in package.archive and path != MANIFEST and is_document:
                yield path
            elif path not in package.archive and resource.get("type").startswith("imsqti"):
                package.collection.note(f"names {path[:120]}, which it does not hold", resource.line, file=MANIFEST)


def note_sections(package: Package, path: str) -> None:
    """Remembers which section of a test names which item: sections become pools."""
    if not TEST.search(package.archive.read(path, most=LARGEST_DOCUMENT)[:4000]):
        return
    root = package.document(path)
    for section in root.every("assessmentSection"):
        for reference in section.all("assessmentItemRef"):
            item = posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(reference.get("href"))))
            title = section.get("title", section.get("identifier"))
            package.sections.setdefault(item, (title,) if title else ())


def read_document(package: Package, path: str) -> None:
    def held(address: str) -> str | None:
        return package.picture(address, path)

    try:
        root = package.document(path)
    except BankRefusedError as error:
        package.collection.leave_out("", None, str(error), path)
        return
    if root.name == "assessmentItem":
        read_item(root, package.collection, held=held, category=package.sections.get(path, ()), file=path)
    elif root.name in INTEROP:
        read_interop(root, package.collection, held=held, file=path)
