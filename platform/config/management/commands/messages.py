"""Texts and their translations: `manage.py messages` after a change of what pages say. docs/translating.md"""

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from config import catalogues


class Command(BaseCommand):
    help = "Collects what is marked for translation and merges it into every catalogue in locale/."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        choice = parser.add_mutually_exclusive_group()
        choice.add_argument("--check", action="store_true", help="change nothing; fail if one is not up to date")
        choice.add_argument("--compile", action="store_true", help="only compile what changed, as `prepare` does")
        choice.add_argument("--take", nargs=2, metavar=("LOCALE", "FILE"), help="take over the translations of a file")

    def handle(self, *, check: bool, compile: bool, take: list[str] | None, **options: Any) -> None:  # noqa: ANN401
        try:
            if check:
                self.check_catalogues()
            elif take:
                self.take(*take)
            elif compile:
                catalogues.compile_outdated()
            else:
                catalogues.update()
                self.say_what_is_left()
        except (catalogues.MessageFaultError, SyntaxError) as fault:
            raise CommandError(str(fault)) from fault

    def check_catalogues(self) -> None:
        if outdated := catalogues.outdated():
            sys.exit(f"Not up to date with the code: {', '.join(outdated)}. Run: manage.py messages")

    def take(self, locale: str, file: str) -> None:
        if locale not in catalogues.locales():
            raise CommandError(f"There is no catalogue {locale}, but: {', '.join(catalogues.locales())}.")
        self.stdout.write(f"{locale}: {catalogues.take(locale, Path(file))} translations new or changed")
        self.say_what_is_left()

    def say_what_is_left(self) -> None:
        for locale, name in catalogues.locales().items():
            catalogue = catalogues.read(locale)
            left = len(catalogues.untranslated(catalogue))
            self.stdout.write(f"{locale} ({name}): {len(catalogue)} texts, {left} without a translation")
