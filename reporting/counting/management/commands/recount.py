from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from programs.models import Program
from reporting.counting.clock import database_now
from reporting.counting.models import Recount
from reporting.counting.operations import RepairRefusedError, recount, repair


class Command(BaseCommand):
    help = (
        "Counts from scratch and compares with ledger and counts; exit code 1 when anything differs. Changes nothing,"
        " unless --repair gives the reason why the difference is to be booked."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("programs", nargs="*", help="codes of programs; all of them if none is given")
        parser.add_argument("--repair", metavar="REASON", help="book the differences as a posting with this reason")

    def handle(self, *, programs: list[str], **options: Any) -> None:  # noqa: ANN401
        chosen = list(Program.objects.filter(code__in=programs) if programs else Program.objects.all())
        unknown = set(programs) - {program.code for program in chosen}
        if unknown:
            raise CommandError(f"No such program: {', '.join(sorted(unknown))}")
        if options["repair"] is not None:
            for program in chosen:
                self.repaired(program, reason=options["repair"])
        found = [self.recounted(program) for program in chosen]
        if any(one.differences for one in found):
            raise CommandError("The count is not what the facts give.")

    def repaired(self, program: Program, *, reason: str) -> None:
        try:
            found = repair(program, reason=reason, at=database_now())
        except RepairRefusedError as refusal:
            raise CommandError(f"{program.code}: {refusal}") from refusal
        posting = found.repaired_by
        self.stdout.write(
            f"{program.code}: {found.differences:,} differences booked as posting {posting.number}"
            if posting
            else f"{program.code}: nothing to repair"
        )

    def recounted(self, program: Program) -> Recount:
        found = recount(program, at=database_now())
        self.stdout.write(f"{program.code}: {found.people:,} people in the ledger, over all measures")
        for compared, number in (
            ("facts and ledger", found.facts_unlike_ledger),
            ("ledger, entry by entry", found.broken_entries),
            ("ledger and counts", found.ledger_unlike_counts),
        ):
            self.stdout.write(f"  {compared}: {number:,} differences" if number else f"  {compared}: equal")
        for example in found.examples:
            self.stdout.write(f"    {example}")
        return found
