from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from courses.catalogue.folders import STARTER, CourseFaultsError, CourseText, FolderFiles, read_courses
from courses.catalogue.folders.other_courses import course_links, dead_course_links, lessons_of, links_to_unknown
from courses.catalogue.models import Course
from courses.catalogue.operations import CourseRefusedError, Outcome, publish_course
from courses.catalogue.sections import Fault
from programs.models import Program


class Command(BaseCommand):
    help = (
        "Publishes courses from a folder (one course, or a folder of courses) in every program. Without a folder: the"
        " courses that ship with Uplift. The whole folder is checked first; with any fault nothing is changed."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", nargs="?", type=Path, default=STARTER)
        parser.add_argument("--program", metavar="CODE", help="only in this program")

    def handle(self, *args: Any, folder: Path, program: str | None, verbosity: int, **options: Any) -> None:  # noqa: ANN401 - as Django says
        courses, programs = checked_courses(folder), chosen_programs(program)
        refuse_dead_links(courses, programs)
        try:
            with transaction.atomic():
                done = [
                    (one, course, publish_course(one, course, files, at=timezone.now()))
                    for one in programs
                    for course, files in courses
                ]
        except CourseRefusedError as error:
            raise CommandError(f"{error} Nothing was changed.") from error
        for one, course, outcome in done:
            if verbosity or outcome is not Outcome.UNCHANGED:
                self.stdout.write(f"{one.code} {course.code}: {outcome}")


def checked_courses(folder: Path) -> list[tuple[CourseText, FolderFiles]]:
    if not folder.is_dir():
        raise CommandError(f"{folder} is not a folder.")
    try:
        return read_courses(folder)
    except CourseFaultsError as error:
        raise CommandError(f"{error}\nNothing was changed. Faults to mend: {len(error.faults)}.") from error


def refuse_dead_links(courses: list[tuple[CourseText, FolderFiles]], programs: list[Program]) -> None:
    """Links to other courses lead somewhere in every one of the programs."""
    links = [(files.name, list(course_links(course))) for course, files in courses]
    if not any(found for _name, found in links):
        return
    faults: list[Fault] = []
    for program in programs:
        known = {**Course.objects.of(program).taken_here().lessons(), **lessons_of(course for course, _ in courses)}
        for name, found in links:
            faults += dead_course_links(found, name, known)
            faults += links_to_unknown(found, name, known, f"and {program.code} has no such course")
    if faults:
        raise CommandError("\n".join(map(str, faults)) + f"\nNothing was changed. Faults to mend: {len(faults)}.")


def chosen_programs(code: str | None) -> list[Program]:
    programs = list(Program.objects.all())
    chosen = [program for program in programs if code in (None, program.code)]
    if chosen:
        return chosen
    if programs:
        raise CommandError(f"There is no program {code}. Programs: {', '.join(one.code for one in programs)}.")
    raise CommandError("There is no program yet. Load one first: manage.py load_country FILE")
