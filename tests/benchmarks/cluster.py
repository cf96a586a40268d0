"""A PostgreSQL server of its own, set up as a nation would, and databases that are copied from one another."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from config import embedded
from config.postgres import PostgresServer

GIB = 1024**3


def national_settings() -> dict[str, str]:
    """A quarter of the memory is the database's own, up to 6 GB; what is committed is on disk, as anywhere."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "shared_buffers": f"{min(memory // 4, 6 * GIB) // 1024**2}MB",
        "max_wal_size": "16GB",
        "checkpoint_timeout": "30min",
        "maintenance_work_mem": "1GB",
        "effective_cache_size": f"{memory // 2 // 1024**2}MB",
        "random_page_cost": "1.1",
        "fsync": "on",
        "synchronous_commit": "on",
        "full_page_writes": "on",
    }


class Cluster:
    """Holds databases by name, and lets Django's connection work in one of them at a time."""

    def __init__(self, folder: Path, options: Mapping[str, str]) -> None:
        self.folder = folder
        self.server = PostgresServer(folder, print_line, settings=options)

    @contextmanager
    def running(self) -> Iterator["Cluster"]:
        self.server.start()
        try:
            self.server.ensure_database(may_create_databases=True)
            yield self
        finally:
            connection.close()
            self.server.stop()

    @property
    def postmaster(self) -> int:
        assert self.server.process
        return self.server.process.pid

    def use(self, database: str) -> None:
        connection.close()
        connection.settings_dict["NAME"] = settings.DATABASES["default"]["NAME"] = database

    def make_template(self) -> None:
        """Makes the application's own database one with all tables and no program; others are copied from it."""
        self.use(embedded.DATABASE)
        call_command("migrate", verbosity=0)

    def copy(self, database: str, *, of: str = embedded.DATABASE) -> None:
        """A copy of a database that nobody is connected to, file by file; Django works in it from here on."""
        connection.close()
        self.as_superuser(f"CREATE DATABASE {database} TEMPLATE {of} OWNER {embedded.ROLE} STRATEGY file_copy")
        self.use(database)

    def drop(self, database: str) -> None:
        connection.close()
        self.as_superuser(f"DROP DATABASE {database}")

    def rest(self) -> None:
        """Tidies up after loading and writes it down, so that none of it is left to do while something is measured."""
        self.as_superuser("VACUUM (ANALYZE)", "CHECKPOINT", database=connection.settings_dict["NAME"])

    def as_superuser(self, *commands: str, database: str = embedded.SUPERUSER) -> None:
        conninfo = embedded.superuser_conninfo(self.folder, database)
        with psycopg.connect(conninfo, autocommit=True) as superuser:
            for command in commands:
                superuser.execute(command.encode())

    def setting(self, name: str) -> str:
        with psycopg.connect(embedded.superuser_conninfo(self.folder)) as superuser:
            row = superuser.execute("SELECT current_setting(%s)", [name]).fetchone()
        assert row
        return str(row[0])


def print_line(line: str) -> None:
    print(line, flush=True)
