from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from courses.catalogue.checking import Remark, remarks
from courses.catalogue.checking.elsewhere import elsewhere_remarks
from courses.catalogue.folders import CourseFaultsError, FolderFiles, course_folders, read_course
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
        faults = [fault for found, _remarks in checked for fault in found]
        said = [remark for _faults, found in checked for remark in found]
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


def checked_course(folder: Path, online: bool) -> tuple[list[Fault], list[Remark]]:
    files = FolderFiles(folder)
    try:
        course = read_course(files)
    except CourseFaultsError as error:
        return error.faults, []
    except OSError as error:
        raise CommandError(f"{files.name} cannot be read: {error}") from error
    found = remarks(course, files.name)
    if online:
        found += [Remark(f"{files.name}/{one.file}", one.message, one.line) for one in elsewhere_remarks(course)]
    return [], found
