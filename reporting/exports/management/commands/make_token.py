from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from programs.models import Program
from reporting.exports.operations import TokenRefusedError, create_token


class Command(BaseCommand):
    help = "Makes a token that reads one program's figures and prints it, once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--program", required=True, help="code of the program, such as gb")
        parser.add_argument("--name", required=True, help="who uses it, such as “Ministry of Labour, statistics”")
        parser.add_argument("--exact", action="store_true", help="also exact figures, which are not for publication")
        parser.add_argument("--expires", type=datetime.fromisoformat, help="last day on which it works, as 2027-03-31")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ANN401
        program = Program.objects.filter(code=options["program"]).first()
        if program is None:
            known = ", ".join(Program.objects.values_list("code", flat=True)) or "none yet: run load_country first"
            raise CommandError(f"There is no program “{options['program']}”. Programs here: {known}.")
        expires = options["expires"]
        if expires:
            expires = expires.replace(hour=23, minute=59, second=59, tzinfo=ZoneInfo(program.time_zone))
        try:
            _, secret = create_token(
                program, name=options["name"], at=timezone.now(), sees_exact=options["exact"], expires_at=expires
            )
        except TokenRefusedError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(secret)
