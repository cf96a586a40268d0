"""manage.py load_employers FILE.csv --program CODE"""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from programs.models import Program
from programs.operations import RegisterRefusedError, load_employers


class Command(BaseCommand):
    help = (
        "Loads a register of employers from a CSV file (UTF-8) with the columns code, name, employees, dormant_since"
        " and source. Employers that are not in the file are kept."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--program", required=True, help="code of the program, such as gb")

    def handle(self, *, file: Path, program: str, **options: Any) -> None:  # noqa: ANN401
        tenant = Program.objects.filter(code=program).first()
        if tenant is None:
            known = ", ".join(Program.objects.values_list("code", flat=True)) or "none yet: run load_country first"
            raise CommandError(f"There is no program “{program}”. Programs here: {known}.")
        try:
            with file.open(encoding="utf-8-sig", newline="") as lines:
                register = load_employers(tenant, lines)
        except RegisterRefusedError as refusal:
            raise CommandError("\n".join([*refusal.faults, "Nothing was loaded."])) from refusal
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{file}: {error}") from error
        self.stdout.write(f"{tenant.code}: {register.loaded:,} employers loaded, {register.others:,} others kept")
