"""manage.py report_again RETURN..."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from courses.returns.models import Return
from courses.statements.operations import report_again


class Command(BaseCommand):
    help = (
        "Makes a new return of the xAPI statements of a return that was refused, for nobody can send a statement twice."
        " Do it when the cause is gone; the page of the refused return says what it was."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("returns", nargs="+", type=int, metavar="RETURN", help="number of a refused return")

    def handle(self, *, returns: list[int], **options: Any) -> None:  # noqa: ANN401
        known = Return.objects.select_related("partner").in_bulk(returns)
        for number in returns:
            requests = report_again(known[number]) if number in known else 0
            if not requests:
                raise CommandError(f"{number} is no refused return of xAPI statements.")
            self.stdout.write(f"return {number}: the statements of {requests:,} requests wait again")
