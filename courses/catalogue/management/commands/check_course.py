from argparse import ArgumentParser
from pathlib import Path
from typing import Any, NamedTuple

from django.core.management.base import BaseCommand, CommandError

from courses.catalogue.checking import Remark, remarks
from courses.catalogue.checking.elsewhere import elsewhere_remarks
from courses.catalogue.folders import CourseFaultsError, CourseText, FolderFiles, course_folders, read_course
from courses.catalogue.folders.other_courses import (
    CourseLink,
    course_links,
    dead_course_links,
    lessons_of,
    links_to_unknown,
)
from courses.catalogue.sections import Fault


class Command(BaseCommand):
    help = (
        "Says everything that is wrong with courses (a folder each, or a folder of folders), and what is worth a second"
        " look. Faults prevent publishing and end the command with 1; remarks do not."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER")
        parser.add_argument(
            "--online", action="store_true", help="asks whether links to elsewhere still lead somewhere"
        )
        parser.add_argument("--quiet", action="store_true", help="says faults only")

    def handle(self, *args: Any, folders: list[Path], online: bool, quiet: bool, **options: Any) -> None:  # noqa: ANN401 - as Django says
        checked = [checked_course(course, online) for folder in folders for course in courses_in(folder)]
        faults = [fault for one in checked for fault in one.faults] + dead_links(checked)
        said = [remark for one in checked for remark in one.remarks] + links_not_followed(checked)
        for fault in faults:
            self.stderr.write(f"fault: {fault}")
        for remark in [] if quiet else said:
            self.stdout.write(f"remark: {remark}")
        summary = f"Courses: {len(checked)}. Faults: {len(faults)}. Remarks: {len(said)}."
        if faults:
            raise CommandError(summary)
        self.stdout.write(summary)


def courses_in(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise CommandError(f"{folder} is not a folder.")
    try:
        return course_folders(folder)
    except CourseFaultsError as error:
        raise CommandError(str(error)) from error


class Checked(NamedTuple):
    """`course` is `None` for one with faults."""

    name: str
    course: CourseText | None
    faults: list[Fault]
    remarks: list[Remark]

    @property
    def links(self) -> list[CourseLink]:
        return list(course_links(self.course)) if self.course else []


def dead_links(checked: list[Checked]) -> list[Fault]:
    """Links to lessons that there are not, and to courses that there are not among those that are checked together."""
    known = lessons_of(one.course for one in checked if one.course)
    found = [fault for one in checked for fault in dead_course_links(one.links, one.name, known)]
    says = "and there is no such course among those that are checked"
    return found + (links_to_others(checked, says) if is_together(checked) else [])


def links_not_followed(checked: list[Checked]) -> list[Remark]:
    """Links to courses that nothing is known of here."""
    says = "which is not looked at here: check the folders of both together"
    return [] if is_together(checked) else links_to_others(checked, says)


def is_together(checked: list[Checked]) -> bool:
    return len(checked) > 1 and all(one.course for one in checked)


def links_to_others(checked: list[Checked], says: str) -> list[Fault]:
    known = lessons_of(one.course for one in checked if one.course)
    return [fault for one in checked for fault in links_to_unknown(one.links, one.name, known, says)]


def checked_course(folder: Path, online: bool) -> Checked:
    files = FolderFiles(folder)
    try:
        course = read_course(files)
    except CourseFaultsError as error:
        return Checked(files.name, None, error.faults, [])
    except OSError as error:
        raise CommandError(f"{files.name} cannot be read: {error}") from error
    found = remarks(course, files.name)
    if online:
        found += [Remark(f"{files.name}/{one.file}", one.message, one.line) for one in elsewhere_remarks(course)]
    return Checked(files.name, course, [], found)
