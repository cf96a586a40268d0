"""manage.py load_return --program CODE --partner CODE --profile CODE FILE..."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Model, QuerySet
from django.utils import timezone

from courses.returns.formats import FileRefusedError
from courses.returns.models import Return, ReturnProfile
from courses.returns.operations import keep_return, load_return_now, too_large
from programs.models import Partner, Program

PIECE = 1024 * 1024  # bytes
ROWS_NAMED = 5  # of each reason
Coded = TypeVar("Coded", bound=Model)


class Command(BaseCommand):
    help = "Loads files of one partner at once, and says how their rows ended. Exit code 1 when a file is refused."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--program", required=True, help="code of the program")
        parser.add_argument("--partner", required=True, help="code of the partner that sent the files")
        parser.add_argument("--profile", required=True, help="code of the return profile")

    def handle(self, *, files: list[Path], program: str, partner: str, profile: str, **options: Any) -> None:  # noqa: ANN401
        tenant = named(Program.objects.all(), "program", program)
        sender = named(Partner.objects.filter(program=tenant).that_report(), "partner", partner)
        reading = named(ReturnProfile.objects.of_files(tenant), "profile", profile)
        refused = [file for file in files if not self._load(file, tenant, sender, reading)]
        if refused:
            raise CommandError(f"{len(refused)} of {len(files)} files refused; nothing was taken from them.")

    def _load(self, file: Path, program: Program, partner: Partner, profile: ReturnProfile) -> bool:
        """Loads one file and says what came of it; answers whether it was taken."""
        try:
            kept = keep_return(
                program, partner, profile,
                file_name=file.name, content=content_of(file), received_by=None, received_at=timezone.now(),
            )  # fmt: skip
        except (FileRefusedError, OSError) as refusal:
            self.stderr.write(f"{file}: {refusal}")
            return False
        load_return_now(kept.pk, at=timezone.now())
        settled = Return.objects.of(program).get(pk=kept.pk)
        if settled.status != Return.Status.LOADED:
            self.stderr.write(f"{file}: {settled.refusal}")
            return False
        self._say(file, settled)
        return True

    def _say(self, file: Path, settled: Return) -> None:
        self.stdout.write(
            f"{file}: return {settled.pk}: {settled.sent:,} rows = {settled.accepted:,} accepted"
            f" + {settled.duplicate:,} duplicate + {settled.quarantined:,} quarantined"
        )
        facts = [f"{number:,} {evidence}" for evidence, number in settled.facts_by_evidence()]
        self.stdout.write(f"  facts recorded: {', '.join(facts) or 'none'}")
        for why in settled.held_rows.reasons_with_rows(ROWS_NAMED):
            place = f"column {why['column']}: " if why["column"] else ""
            self.stdout.write(f"  {why['rows']:>9,} × {place}{why['why']} {_rows_named(why)}")


def _rows_named(why: dict[str, Any]) -> str:
    numbers = [str(number) for number in why["first"]] + ["…"] * (why["rows"] > ROWS_NAMED)
    return f"({'row' if why['rows'] == 1 else 'rows'} {', '.join(numbers)})"


def content_of(file: Path) -> Iterator[bytes]:
    """The bytes of the file in pieces; one that is too large is not read at all."""
    size = file.stat().st_size
    if size > settings.MAX_RETURN_BYTES:
        raise FileRefusedError(too_large(size))
    with file.open("rb") as source:
        while piece := source.read(PIECE):
            yield piece


def named(rows: QuerySet[Coded], kind: str, code: str) -> Coded:
    found = rows.filter(code=code).first()
    if found is None:
        known = ", ".join(rows.values_list("code", flat=True)) or "none"
        raise CommandError(f"There is no {kind} {code!r}; there are: {known}.")
    return found
