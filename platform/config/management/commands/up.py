"""`make run`: everything that Uplift needs on one machine, under one supervisor."""

import sys

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from config import embedded
from config.console import Console
from config.diskspace import NEEDED_FIRST, NEEDED_LATER, require_space
from config.postgres import PostgresServer
from config.premises import holding, take_port
from config.services import services
from config.supervisor import Supervisor
from config.trouble import CannotRunError


class Command(BaseCommand):
    help = "Starts Uplift: database, pages, worker and clock. Ctrl-C stops it."
    requires_system_checks = []  # `--only` must work while the code is being worked on; otherwise handle() checks

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--only", choices=["postgres"], help="start nothing but this, for work on the code")

    def handle(self, *args: object, only: str | None, **options: object) -> None:
        if not only:
            self.check()
        console = Console()
        try:
            with holding(settings.DATA_DIR, settings.SITE_URL):
                first = settings.EMBEDDED and not embedded.database_folder(settings.DATA_DIR).exists()
                require_space(settings.DATA_DIR, NEEDED_FIRST if first else NEEDED_LATER)
                server = PostgresServer(settings.DATA_DIR, console.say) if settings.EMBEDDED else None
                supervisor = Supervisor(console, server)
                sys.exit(supervisor.run(lambda: only_postgres(supervisor) if only else everything(supervisor)))
        except CannotRunError as refusal:
            console.say(str(refusal))
            sys.exit(1)


def only_postgres(supervisor: Supervisor) -> None:
    """The embedded server with its empty database."""
    supervisor.start_database()
    address = f"psql -h {settings.DATABASES['default']['HOST']} -U {embedded.ROLE} {embedded.DATABASE}"
    supervisor.console.say(f"PostgreSQL is ready: {address}")
    supervisor.watch()


def everything(supervisor: Supervisor) -> None:
    """All parts. The port comes first: what cannot be had is said before any work is done."""
    console = supervisor.console
    with take_port(settings.HOST, settings.PORT) as door:
        supervisor.start_database()
        supervisor.do("prepare")
        supervisor.start(services(console, door))
        supervisor.wait_for_page(settings.HOST, settings.PORT)
        supervisor.do("load_demo", "--accounts")
        console.say(f"Uplift is ready: {settings.SITE_URL} (Ctrl-C stops it)")
        supervisor.watch()
