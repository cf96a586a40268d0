from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from programs.models import PARTNER_SCOPES, Partner, Program
from programs.operations import TokenRefusedError, create_partner_token, create_token


class Command(BaseCommand):
    help = "Makes a token that reads one program's figures, or by which one partner sends, and prints it, once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--program", required=True, help="code of the program, such as gb")
        parser.add_argument("--name", required=True, help="who uses it, such as “Ministry of Labour, statistics”")
        parser.add_argument("--exact", action="store_true", help="also exact figures, which are not for publication")
        parser.add_argument("--partner", help="code of the partner that sends with it, instead of reading figures")
        parser.add_argument("--scopes", nargs="+", choices=PARTNER_SCOPES, help="with --partner: these only, not all")
        parser.add_argument("--expires", type=datetime.fromisoformat, help="last day on which it works, as 2027-03-31")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ANN401
        program = Program.objects.filter(code=options["program"]).first()
        if program is None:
            known = ", ".join(Program.objects.values_list("code", flat=True)) or "none yet: run load_country first"
            raise CommandError(f"There is no program “{options['program']}”. Programs here: {known}.")
        try:
            self.stdout.write(secret_of_new_token(program, options))
        except TokenRefusedError as error:
            raise CommandError(str(error)) from error


def secret_of_new_token(program: Program, options: dict[str, Any]) -> str:
    """Makes the token that the options describe; raises `TokenRefusedError` or CommandError."""
    name, now, until = options["name"], timezone.now(), end_of_day(options["expires"], program)
    if not options["partner"]:
        if options["scopes"]:
            raise CommandError("Scopes are a partner's. Name the partner too, or leave them out to read figures.")
        return create_token(program, name=name, at=now, sees_exact=options["exact"], expires_at=until)[1]
    if options["exact"]:
        raise CommandError("A partner's token reads no figures. Leave --exact out, or --partner.")
    sender, scopes = partner_of(program, options["partner"]), options["scopes"] or PARTNER_SCOPES
    return create_partner_token(sender, name=name, at=now, scopes=scopes, expires_at=until)[1]


def partner_of(program: Program, code: str) -> Partner:
    partners = Partner.objects.filter(program=program).that_report()
    if partner := partners.filter(code=code).first():
        return partner
    known = ", ".join(partners.values_list("code", flat=True)) or "none yet: name them in the country file"
    raise CommandError(f"There is no partner “{code}” that reports to {program}. Partners here: {known}.")


def end_of_day(day: datetime | None, program: Program) -> datetime | None:
    """The last second of the day where the program is."""
    return day and day.replace(hour=23, minute=59, second=59, tzinfo=ZoneInfo(program.time_zone))
