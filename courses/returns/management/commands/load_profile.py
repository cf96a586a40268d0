"""manage.py load_profile FILE... [--program CODE]"""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from courses.returns.operations import Change, load_profile
from courses.returns.profiles import ProfileRefusedError, parsed
from programs.models import Program


class Command(BaseCommand):
    help = (
        "Loads return profiles (TOML): all of them, or none if a single one is faulty. A profile that names no program "
        "is loaded into every program, or into --program."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--program", help="code of one program")

    def handle(self, *, files: list[Path], program: str | None, verbosity: int, **options: Any) -> None:  # noqa: ANN401
        faults: list[str] = []
        done: list[tuple[Change, str]] = []
        with transaction.atomic():
            for file in files:
                try:
                    done += loaded(file, program)
                except ProfileRefusedError as refusal:
                    faults += [f"{file}: {fault}" for fault in refusal.faults]
            if faults:
                raise CommandError("\n".join([*faults, "Nothing was loaded."]))
        for change, what in done:
            if verbosity or change is not Change.UNCHANGED:
                self.stdout.write(f"{what}: {change}")


def loaded(file: Path, asked: str | None) -> list[tuple[Change, str]]:
    """Loads one file; answers what it did for each program. Raises `ProfileRefusedError` with every fault."""
    source = source_of(file)
    content = parsed(source)
    code = asked or content.get("program")
    programs = Program.objects.filter(code=code) if code else Program.objects.all()
    if not programs:
        raise ProfileRefusedError([f"there is no program {code or 'yet'}; load its country file first"])
    return [(load_profile(content, program), f"{program.code} {content['code']} ({file.name})") for program in programs]


def source_of(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ProfileRefusedError([f"cannot be read: {error}"]) from error
