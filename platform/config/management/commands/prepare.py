"""Brings the database and the files of this installation up to date with the code. Run twice, it does nothing twice."""

from django.conf import settings
from django.core.checks import Tags
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from config import catalogues, static
from config.queue import install_queue
from people.keys import identity_keys
from programs.models import Program


class Command(BaseCommand):
    help = "Prepares database and files: translations, queue, migrations, static files, programs, demonstration data."

    def handle(self, *args: object, **options: object) -> None:
        catalogues.compile_outdated()
        if settings.BROKER_URL.startswith("pgmq:"):
            install_queue(connection)
        self.migrate()
        self.check(tags=[Tags.database], databases=["default"])  # such as the keys that belong to this database
        call_command("createcachetable", verbosity=0)
        if not static.is_up_to_date():
            self.stdout.write("Collecting the static files …")
            static.collect()
        profiles = sorted((settings.BASE_DIR / "courses/returns/profiles").glob("*.toml"))
        call_command("load_country", verbosity=0)  # says what changed, and nothing where nothing did
        call_command("load_courses", verbosity=0)
        call_command("load_profile", *map(str, profiles), verbosity=0)
        call_command("load_demo")
        for program in Program.objects.all():
            identity_keys(program)  # from the first day the database knows which keys belong to it

    def migrate(self) -> None:
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if plan:
            self.stdout.write(f"Bringing the database up to date: {len(plan)} migrations.")
        call_command("migrate", interactive=False, verbosity=0)  # also without a plan: it completes the permissions
