from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from programs.models import Program
from reporting.counting.operations import recount


class Command(BaseCommand):
    help = (
        "Counts from scratch and compares with ledger and counts; exit code 1 when anything differs. Changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("programs", nargs="*", help="codes of programs; all of them if none is given")

    def handle(self, *, programs: list[str], **options: Any) -> None:  # noqa: ANN401
        chosen = list(Program.objects.filter(code__in=programs) if programs else Program.objects.all())
        unknown = set(programs) - {program.code for program in chosen}
        if unknown:
            raise CommandError(f"No such program: {', '.join(sorted(unknown))}")
        differences = recount(chosen)
        for compared, number in differences.items():
            self.stdout.write(f"{compared}: {number:,} differences" if number else f"{compared}: equal")
        if any(differences.values()):
            raise CommandError("The count is not what the facts give.")
