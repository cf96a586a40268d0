from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from courses.catalogue.archives import ArchiveRefusedError, read_archive
from courses.catalogue.folders import CourseFaultsError, read_course
from courses.catalogue.operations import CourseRefusedError, publish_course
from courses.packages.importing import About, import_package, package_limits
from courses.packages.manifests import PackageRefusedError
from programs.models import Program


class Command(BaseCommand):
    help = (
        "Publishes a package (SCORM 1.2 or 2004, cmi5, Common Cartridge) as a course of a program. What it cannot take"
        " over is named on the error output. With any fault nothing is changed."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--program", metavar="CODE", required=True)
        parser.add_argument("--code", required=True, help="of the course, for ever")
        parser.add_argument("--minutes", type=int, required=True, help="of learning, in all")
        parser.add_argument("--tags", nargs="+", required=True, help="which measures count it, for ever")
        parser.add_argument("--level", default="beginner", choices=["beginner", "intermediate", "advanced"])
        parser.add_argument("--language", default="en", help="that the course is written in, such as en or zh-hans")
        parser.add_argument("--title", default="", help="else the one in the package")
        parser.add_argument("--position", type=int, default=100, help="1 is recommended first")
        parser.add_argument("--pass-mark", type=int, default=80, help="per cent, where the package brings questions")

    def handle(self, *args: Any, file: Path, program: str, **options: Any) -> None:  # noqa: ANN401 - as Django says
        chosen = Program.objects.filter(code=program).first()
        if chosen is None:
            raise CommandError(f"There is no program {program}.")
        if not file.is_file():
            raise CommandError(f"{file} is no file.")
        names = About.__dataclass_fields__
        about = About(**{name: value for name, value in options.items() if name in names})
        try:
            self.publish(chosen, file, about)
        except (ArchiveRefusedError, PackageRefusedError, CourseRefusedError) as refusal:
            raise CommandError(f"{refusal} Nothing was changed.") from refusal
        except CourseFaultsError as faults:
            raise CommandError(f"{faults}\nNothing was changed. Faults to mend: {len(faults.faults)}.") from faults

    def publish(self, program: Program, file: Path, about: About) -> None:
        with read_archive(file, package_limits()) as archive:
            made = import_package(archive, about)
            course = read_course(made)
            outcome = publish_course(program, course, made, at=timezone.now())
        for fault in made.left_out:
            self.stderr.write(f"Left out: {fault}")
        self.stdout.write(f"{program.code} {about.code}: {outcome}; lessons: {len(course.lessons)}")
