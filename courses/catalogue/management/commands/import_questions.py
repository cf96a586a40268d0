import re
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from courses.catalogue.banks.bank import Bank
from courses.catalogue.banks.errors import BankRefusedError
from courses.catalogue.banks.reading import KNOWN, read_bank
from courses.catalogue.banks.written import assessment_text
from courses.catalogue.folders.questions import KEY, KEY_SAYS

POOL = re.compile(rf"(?=.{{1,40}}$){KEY}")


class Command(BaseCommand):
    help = (
        f"Prints the questions of a bank ({KNOWN}) as assessment.yaml, and on the error output everything that was left"
        " out and why. Which format it is shows from what the file holds."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("bank", type=Path)
        parser.add_argument("--language", default="en", help="the language that the questions are written in")
        parser.add_argument("--pool", metavar="NAME", help="puts all questions into this pool, whatever the bank says")
        parser.add_argument(
            "--folder", type=Path, metavar="COURSE", help="where the pictures are written: a course folder"
        )

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ANN401 - as Django says
        bank, language, pool, folder = (options[name] for name in ("bank", "language", "pool", "folder"))
        if pool is not None and not POOL.fullmatch(pool):
            raise CommandError(f"The name of a pool {KEY_SAYS.replace('60', '40')}.")
        try:
            found = read_bank(bank.read_bytes(), name=bank.name, language=language)
        except (BankRefusedError, OSError) as error:
            raise CommandError(str(error)) from error
        write_pictures(found, folder)
        for fault in found.left_out:
            self.stderr.write(str(fault))
        self.stderr.write(summary(found, folder))
        self.stdout.write(assessment_text(found, language, pool=pool), ending="")


def write_pictures(bank: Bank, folder: Path | None) -> None:
    """Writes all or none. Raises `CommandError` where another file has the name of one."""
    if folder is None:
        return
    if not folder.is_dir():
        raise CommandError(f"{folder} is not a folder.")
    for path, data in bank.pictures.items():
        if (folder / path).exists() and (folder / path).read_bytes() != data:
            raise CommandError(f"{folder / path} is there already and is another picture. Rename it.")
    for path, data in bank.pictures.items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_bytes(data)


def summary(bank: Bank, folder: Path | None) -> str:
    said = f"{len(bank.questions)} of {bank.found} questions taken over, {bank.found - len(bank.questions)} left out."
    if bank.pictures and folder is None:
        said += f" Pictures not written: {len(bank.pictures)}. Name the course's folder with --folder."
    return said
