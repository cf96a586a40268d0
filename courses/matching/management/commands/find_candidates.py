from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from courses.matching.models import Search
from courses.matching.operations import find_candidates
from programs.models import Program


class Command(BaseCommand):
    help = "Searches for persons who may be one human being. Killed or run again, it does no harm."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--program", help="code of the program; all of them without it")
        parser.add_argument("--all", action="store_true", dest="everything", help="compares what has not changed too")

    def handle(self, *, program: str | None, everything: bool, **options: Any) -> None:  # noqa: ANN401
        programs = Program.objects.filter(code=program) if program else Program.objects.all()
        if program and not programs:
            raise CommandError(f"There is no program {program!r}.")
        for each in programs:
            found = find_candidates(each, at=timezone.now(), everything=everything)
            if found is None:
                self.stdout.write(f"{each.code}: somebody else is searching it now.")
            else:
                self.say(each, found)

    def say(self, program: Program, search: Search) -> None:
        self.stdout.write(
            f"{program.code}: {search.changed:,} of {search.sayings:,} sayings were new or had changed;"
            f" {search.pairs:,} pairs compared; {search.found:,} candidates new or changed, {search.gone:,} gone"
        )
        for cut in search.cut:
            self.stdout.write(
                f"  too many to compare by {cut['rule']}: {cut['blocks']:,} groups, the largest of {cut['largest']:,}"
            )
