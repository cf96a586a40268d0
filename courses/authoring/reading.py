"""What the page of a draft says of it: its files in order, its faults, and what differs from the published version."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from courses.authoring.comparing import Line, comparison
from courses.authoring.judging import Judged, judged
from courses.authoring.models import Draft, DraftFiles, Revision
from courses.authoring.texts import is_editable, text_of
from courses.catalogue.folders import CourseText
from courses.catalogue.folders.other_courses import Known, dead_course_links, lessons_of, links_to_unknown
from courses.catalogue.models import Course, CourseFile
from courses.catalogue.models.file import stretch
from courses.catalogue.sections import Fault


@dataclass(frozen=True)
class Reading:
    """A draft as it reads now: the course if it is one, and everything that is wrong with it."""

    files: DraftFiles
    judged: Judged
    faults: list[Fault]

    @classmethod
    def of(cls, draft: Draft) -> "Reading":
        files = DraftFiles(draft)
        found = judged(files)
        more = faults_of_identity(draft, found.course) + faults_of_links(draft, found) if found.course else []
        return cls(files, found, found.faults + more)

    @property
    def course(self) -> CourseText | None:
        return self.judged.course

    @property
    def language(self) -> str:
        """The one that the course is written in, as far as course.yaml can be read."""
        return self.judged.readable.language or "en"

    def faults_of(self, path: str) -> list[Fault]:
        return [fault for fault in self.faults if fault.file == f"{self.files.name}/{path}"]

    def text_of(self, fault: Fault) -> str:
        """The path of the text that the fault is in, so that it can be opened; empty for what is no text."""
        path = fault.file.removeprefix(f"{self.files.name}/")
        return path if path in self.files.current and self.files.current[path].is_text else ""

    def texts(self) -> list[Revision]:
        return [one for one in self.files.current.values() if one.is_text]

    def others(self) -> list[Revision]:
        """Pictures, videos, downloads; the files of packages are counted, not listed."""
        return [one for one in self.files.current.values() if not one.is_text and not one.path.startswith("package/")]

    def packaged(self) -> int:
        return sum(path.startswith("package/") for path in self.files.current)


def faults_of_identity(draft: Draft, text: CourseText) -> list[Fault]:
    """What a course never changes: its code, and the tags by which figures count it."""
    file, found = f"{draft.code}/course.yaml", []
    if text.code != draft.code:
        found.append(Fault(file, f"must be {draft.code}, because this draft is of that course", key="code"))
    known = Course.objects.filter(program=draft.program_id, code=draft.code).first()
    if known and sorted(known.tags) != sorted(text.tags):
        tags = ", ".join(sorted(known.tags)) or "none"
        found.append(Fault(file, f"must stay {tags}, because figures are defined by them", key="tags"))
    return found


def faults_of_links(draft: Draft, found: Judged) -> list[Fault]:
    """Links to courses that the program does not have and nobody writes, and to lessons that there are not."""
    if not found.course_links:
        return []
    written = Draft.objects.unfinished().filter(program=draft.program_id).values_list("code", flat=True)
    published = Course.objects.filter(program=draft.program_id).taken_here().lessons()
    known: Known = {**dict.fromkeys(written), **published, **lessons_of([found.readable])}
    says = "and the program has no such course"
    dead = dead_course_links(found.course_links, found.name, known)
    return dead + links_to_unknown(found.course_links, found.name, known, says)


def language_of(path: str, written_in: str) -> str:
    """The language of a text of the folder by its place."""
    first = path.split("/")[0]
    return first if "/" in path and re.fullmatch(r"[a-z]{2,3}(-[a-z0-9]{2,8})*", first) else written_in


class Changed(NamedTuple):
    """`kind` is "new", "removed" or "changed"; files that are no texts have no lines."""

    path: str
    kind: str
    lines: list[Line]


def changes(draft: Draft) -> list[Changed]:
    """What differs from the version that the draft was begun from, file by file; a package counts as one file."""
    now, base = DraftFiles(draft).current, kept_files(draft.base_id)
    found = [one for path in sorted({*now, *base}) if (one := change(path, now.get(path), base.get(path)))]
    packaged = [one for one in found if one.path.startswith("package/")]
    others = [one for one in found if not one.path.startswith("package/")]
    return others + ([Changed("package/", "changed", [])] if packaged else [])


def kept_files(version: int | None) -> dict[str, CourseFile]:
    files = CourseFile.objects.filter(version=version).select_related("blob").defer("blob__data")
    return {file.path: file for file in files}


def change(path: str, now: Revision | None, before: CourseFile | None) -> Changed | None:
    if now and before and now.sha256 == before.blob.sha256:
        return None
    text = text_of(path, stretch(before.blob_id, 0, before.blob.size)) if before and is_editable(path) else ""
    kind = "removed" if now is None else "changed" if before else "new"
    return Changed(path, kind, comparison(text or "", now.text or "" if now else ""))


def missed(draft: Draft) -> list[str]:
    """The files that differ between the version that the draft was begun from and the course's newest one."""
    newest = draft.course.versions.order_by("-number").first() if draft.course else None
    if newest is None or newest.pk == draft.base_id:
        return []
    base, now = kept_files(draft.base_id), kept_files(newest.pk)
    sums = [{path: file.blob.sha256 for path, file in files.items()} for files in (base, now)]
    return sorted(path for path in {*base, *now} if sums[0].get(path) != sums[1].get(path))


def named_first(paths: Iterable[str]) -> list[str]:
    """The description first, then lessons and assessment, then other languages."""
    return sorted(paths, key=lambda path: (path.count("/"), path != "course.yaml", path == "assessment.yaml", path))
