from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from programs.models import Program
from reporting.publishing.disclosure import UnknownRuleError
from reporting.publishing.operations import publish_figures


class Command(BaseCommand):
    help = "Brings published figures up to the counts now, by each program's disclosure rule."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("program", nargs="?", help="code of one program, such as gb; without it, all of them")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ANN401
        programs = Program.objects.all()
        if code := options["program"]:
            programs = programs.filter(code=code)
            if not programs:
                known = ", ".join(Program.objects.values_list("code", flat=True)) or "none yet: run load_country first"
                raise CommandError(f"There is no program “{code}”. Programs here: {known}.")
        for program in programs:
            try:
                moved = publish_figures(program, at=timezone.now())
            except UnknownRuleError as error:
                raise CommandError(str(error)) from error
            self.stdout.write(f"{program.code}: {moved} figures moved.")
