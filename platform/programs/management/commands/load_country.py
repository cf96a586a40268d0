from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from programs.definitions import SHIPPED, CountryFileError, ProgramDefinition, read_country_file
from programs.operations import Loaded, ProgramRefusedError, load_program


class Command(BaseCommand):
    help = (
        "Loads national programs from country files: all of them, or none if a single one is faulty. Without a FILE: "
        "those that ship with Uplift, as far as this instance holds their residency."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="*", type=Path, metavar="FILE")

    def handle(self, *, files: list[Path], verbosity: int, **options: Any) -> None:  # noqa: ANN401
        definitions = read_all(files) if files else shipped_and_held()
        try:
            with transaction.atomic():
                done = [load_program(definition) for definition in definitions]
        except ProgramRefusedError as refusal:
            raise CommandError(f"{refusal}\nNothing was loaded.") from refusal
        for loaded in done:
            self.report(loaded, says_all=verbosity > 0)

    def report(self, loaded: Loaded, *, says_all: bool) -> None:
        for line in loaded.changes or ["nothing changed"] * says_all:
            self.stdout.write(f"{loaded.program.code}: {line}")
        for line in loaded.kept if says_all else []:
            self.stdout.write(self.style.WARNING(f"{loaded.program.code}: {line}"))


def read_all(files: list[Path]) -> list[ProgramDefinition]:
    """The programs of the files. Raises CommandError with every fault of every file."""
    definitions: list[ProgramDefinition] = []
    faults: list[str] = []
    for file in files:
        try:
            definitions.append(read_country_file(file))
        except CountryFileError as error:
            faults += error.faults
    if faults:
        raise CommandError("\n".join([*faults, f"{len(faults)} to put right. Nothing was loaded."]))
    return definitions


def shipped_and_held() -> list[ProgramDefinition]:
    held: list[str] = settings.RESIDENCIES
    shipped = read_all(sorted(SHIPPED.glob("*.toml")))
    return [definition for definition in shipped if not held or definition.residency in held]
