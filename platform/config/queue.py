"""The queue of tasks inside PostgreSQL: pgmq, for an Uplift without Redis or RabbitMQ."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from pgmq.install import get_embedded_install_sql, get_embedded_sql_version
from psycopg.conninfo import make_conninfo

LIBPQ_NAMES = {"HOST": "host", "PORT": "port", "NAME": "dbname", "USER": "user", "PASSWORD": "password"}


def install_queue(connection: BaseDatabaseWrapper) -> None:
    """Makes the ``pgmq`` schema of the version in use. Another version's is replaced: its messages are only nudges."""
    version = get_embedded_sql_version()
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('pgmq'))")
        cursor.execute("SELECT obj_description(oid) FROM pg_namespace WHERE nspname = 'pgmq'")
        if cursor.fetchone() == (version,):
            return
        cursor.execute("DROP SCHEMA IF EXISTS pgmq CASCADE")
        cursor.execute(get_embedded_install_sql())
        cursor.execute(f"COMMENT ON SCHEMA pgmq IS '{version}'")


def queue_address(database: Mapping[str, Any]) -> str:
    """How the broker connects to Django's database, in libpq's keyword form.

    pgmq reads each value out of this string and puts them together again without quoting them, so they are quoted
    once more here; for the same reason further options (``sslmode``) travel behind the user's name.
    """
    values = {libpq: str(database[name]) for name, libpq in LIBPQ_NAMES.items() if database.get(name)}
    quoted = {name: _quoted(value) for name, value in values.items()}
    known = {name: str(value) for name, value in (database.get("OPTIONS") or {}).items() if isinstance(value, str)}
    quoted["user"] = " ".join([quoted["user"], make_conninfo(**known)]).strip()
    return make_conninfo(**quoted)


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
