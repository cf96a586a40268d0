from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from config.demo.accounts import CAST, ensure_cast
from config.demo.population import PARTNERS, ensure_partners, ensure_population
from config.demo.queues import ensure_queues
from config.demo.schedules import ensure_schedules
from config.secrets import stored_secret
from programs.models import Program
from reporting.counting.operations import open_measures, settle
from reporting.publishing.operations import publish_figures


class Command(BaseCommand):
    help = "Loads the demonstration: one account a role and an invented population. Twice changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--accounts", action="store_true", help="only says whom to sign in as")

    def handle(self, *, accounts: bool, **options: Any) -> None:  # noqa: ANN401
        if not settings.DEMO:
            self.stdout.write("No demonstration here (UPLIFT_DEMO is off).")
        elif accounts:
            self.say_accounts()
        else:
            self.load()

    def load(self) -> None:
        programs = list(Program.objects.all())
        open_measures(at=timezone.now())
        for program in programs:
            ensure_partners(program)
            ensure_schedules(program, at=timezone.now())
        ensure_cast(programs, password=demo_password(), at=timezone.now())
        for program in programs:
            self.load_population(program)
        for program in programs:
            self.fill_queues(program)
        settle(clock=timezone.now)
        for program in programs:
            publish_figures(program, at=timezone.now())

    def load_population(self, program: Program) -> None:
        """Sending by sending, each settled at its moment, so that the ledger has a history."""
        sent = accepted = 0
        for moment, returns in ensure_population(program, at=timezone.now()):
            sent += sum(loaded.sent for loaded in returns)
            accepted += sum(loaded.accepted for loaded in returns)
            settle_at(moment)
        if sent:
            self.stdout.write(
                f"{program.code}: {sent:,} invented rows of {len(PARTNERS)} partners received, {accepted:,} accepted"
            )
            self.stdout.flush()

    def fill_queues(self, program: Program) -> None:
        filled = ensure_queues(program, at=timezone.now())
        if filled:
            self.stdout.write(
                f"{program.code}: to look at: {filled.held} rows that a rule holds, {filled.faulty} with a fault,"
                f" {filled.candidates} candidates"
            )
            self.stdout.flush()

    def say_accounts(self) -> None:
        self.stdout.write(f"Sign in as (password of all: {demo_password()})")
        for account in CAST:
            self.stdout.write(f"  {account.email:<24} {account.who:<22} {account.sees}")


def settle_at(moment: datetime) -> None:
    settle(clock=lambda: moment)


def demo_password() -> str:
    """UPLIFT_DEMO_PASSWORD, or one that this installation made for itself."""
    return settings.DEMO_PASSWORD or stored_secret(settings.DATA_DIR, "demo-password", length=9)
