"""The tests' database: migrated once for all processes, emptied fast, filled with copies of what takes long to make."""

import fcntl
import os
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

import psycopg
from django.db import connection, transaction
from django.test import TransactionTestCase

from config import embedded

# Filled by migrating, and by nothing else.
KEPT = {"django_content_type", "auth_permission"}
Rows = list[tuple[str, bytes]]
_made: dict[Callable[[], object], Rows] = {}


def begin_migrating(root: Path, data_dir: Path) -> "subprocess.Popen[bytes]":
    """Migrates the database of which every process takes a copy, while these still look for their tests.

    Its process holds a lock until it ends. Where it fails, the process that copies what there is goes on migrating, and
    fails in the same way.
    """
    lock = os.open(_lock(data_dir), os.O_RDONLY | os.O_CREAT)
    fcntl.flock(lock, fcntl.LOCK_EX)
    command = [sys.executable, "manage.py", "migrate", "--verbosity=0"]
    nothing = subprocess.DEVNULL
    migrating = subprocess.Popen(command, cwd=root, pass_fds=[lock], stdin=nothing, stdout=nothing, stderr=nothing)
    os.close(lock)
    return migrating


def await_migrated(data_dir: Path) -> None:
    lock = os.open(_lock(data_dir), os.O_RDONLY)
    fcntl.flock(lock, fcntl.LOCK_SH)
    os.close(lock)


def _lock(data_dir: Path) -> Path:
    return data_dir / "migrating"


def permit_copying(data_dir: Path) -> None:
    """Rows that are copied have been checked when they were made: no trigger does it again."""
    with psycopg.connect(embedded.superuser_conninfo(data_dir), autocommit=True) as server:
        server.execute(f"GRANT SET ON PARAMETER session_replication_role TO {embedded.ROLE}")


def empty_fast() -> None:
    """Has tests with transactions of their own leave empty tables behind, and nothing made anew that is there already.

    Django would also look for permissions that are missing, each time for a fifth of a second.
    """

    def empty(test: TransactionTestCase) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {', '.join(_tables())}")

    TransactionTestCase._fixture_teardown = empty  # type: ignore[attr-defined]


@cache
def _tables() -> list[str]:
    names = connection.introspection.django_table_names(only_existing=True, include_views=False)
    return [connection.ops.quote_name(name) for name in names if name not in KEPT]


def copied(make: Callable[[], object]) -> None:
    """Everything that ``make`` writes into an empty database: made once in a process, and copied from then on.

    Each copy has the same numbers; what is made after it gets numbers that there never were.
    """
    if make not in _made:
        make()
        _made[make] = _rows()
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for table, rows in _made[make]:
            with cursor.copy(f"COPY {table} FROM STDIN (FORMAT binary)") as copy:
                copy.write(rows)
        cursor.execute("SET LOCAL session_replication_role = origin")


def _rows() -> Rows:
    found = []
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT FROM {name})" for name in _tables()))
        for (table,) in cursor.fetchall():
            with cursor.copy(f"COPY {table} TO STDOUT (FORMAT binary)") as copy:
                found.append((table, b"".join(copy)))
    return found
