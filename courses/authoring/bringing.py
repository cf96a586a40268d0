"""What somebody brings as an archive: the folder of a course, or a package of another system."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import BinaryIO, NamedTuple, cast

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from courses.authoring.models import Draft
from courses.authoring.operations import import_files
from courses.catalogue.archives import Archive, ArchiveRefusedError, read_archive
from courses.catalogue.folders import CourseFiles
from courses.catalogue.folders.files import CODE, LONGEST_TEXT, MOST_FILES
from courses.catalogue.folders.reading import CODE_SAYS
from courses.catalogue.sections import Fault, read_section
from courses.packages.importing import About, import_package, package_limits
from courses.packages.manifests import PackageRefusedError
from courses.packages.slugs import slug_of
from programs.models import Program


class Said(NamedTuple):
    """What somebody says of a package that they bring; empty for what they leave open."""

    code: str = ""
    language: str = ""
    minutes: int | None = None
    tags: Sequence[str] = ()


class BroughtError(Exception):
    """Nothing can be made of the archive; the message says why."""


class ArchivedFolder:
    """The folder of a course inside an archive: `courses.catalogue.folders.CourseFiles` while the archive is open."""

    def __init__(self, archive: Archive, name: str) -> None:
        self.archive, self.name = archive, name

    def paths(self) -> list[str]:
        return sorted(name for name in self.archive.names if not any(part.startswith(".") for part in name.split("/")))

    def size(self, path: str) -> int:
        return self.archive.size_of(path)

    def read(self, path: str) -> bytes:
        return self.archive.read(path)


class Brought(NamedTuple):
    """`left_out` names what of a package was not taken over."""

    draft: Draft
    left_out: list[Fault]


@transaction.atomic
def brought(program: Program, user: User, upload: UploadedFile[bytes], said: Said, *, at: datetime) -> Brought:
    """A draft of what the archive holds. Raises `BroughtError` for what is neither, and `DraftRefusedError`.

    `said` is about a package, which does not say it itself; a course folder does.
    """
    try:
        with read_archive(cast(BinaryIO, upload.file), replace(package_limits(), files=MOST_FILES)) as archive:
            inside = archive.without_single_folder()
            if "course.yaml" in inside:
                return Brought(folder_brought(program, user, ArchivedFolder(inside, upload.name or ""), at), [])
            made = import_package(archive, about_package(said, str(upload.name)))
            return Brought(folder_brought(program, user, made, at), made.left_out)
    except (ArchiveRefusedError, PackageRefusedError) as refusal:
        raise BroughtError(str(refusal)) from refusal


def about_package(said: Said, name: str) -> About:
    """The code is made of the archive's name where none is said. Raises `BroughtError` for what nobody can guess."""
    if not (said.language and said.minutes and said.tags):
        raise BroughtError(_("This is a package: say its language, its minutes and its tags, and choose it again."))
    code = said.code or slug_of(name.rsplit(".", 1)[0], ())
    return About(code=code, language=said.language, minutes=said.minutes, tags=list(said.tags))


def folder_brought(program: Program, user: User, files: CourseFiles, at: datetime) -> Draft:
    """The code and title that course.yaml says, as far as it can be read; the rest is judged as a draft."""
    if files.size("course.yaml") > LONGEST_TEXT:
        raise BroughtError(_("course.yaml is longer than %(longest)d bytes.") % {"longest": LONGEST_TEXT})
    faults: list[Fault] = []
    section = read_section(files.read("course.yaml").decode("utf-8-sig", errors="replace"), "course.yaml", faults)
    code = section.text("code", longest=80, pattern=CODE, says=CODE_SAYS)
    title = section.text("title", longest=200)
    if faults:
        raise BroughtError("\n".join(str(fault) for fault in faults))
    return import_files(program, user, files, code=code, title=title, at=at)
