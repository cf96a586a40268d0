"""Other connections, which do something meanwhile."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection

from courses.returns.operations.loading import LOCK
from programs.models import Partner

WORKER = """
import sys
sys.path[:0] = [{root!r}, {root!r} + "/platform"]
import django
django.setup()
from datetime import datetime
from courses.returns.operations import load_waiting_returns
from courses.statements.operations import carry_out_voidings, report_waiting_statements
at = datetime.fromisoformat(sys.argv[1])
report_waiting_statements(at=at)
load_waiting_returns(at=at)
carry_out_voidings(at=at)
"""


@contextmanager
def another_connection() -> Iterator[psycopg.Connection[Any]]:
    given = connection.settings_dict
    address = {"host": given["HOST"], "port": given["PORT"], "dbname": given["NAME"], "user": given["USER"]}
    with psycopg.connect(**address) as other:
        yield other


@contextmanager
def another_connection_loads(partner: Partner) -> Iterator[None]:
    """Somebody holds the lock of who loads a return of the partner."""
    with another_connection() as other:
        other.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, partner.pk])
        yield


def worker(at: str) -> subprocess.Popen[bytes]:
    """A process of its own that works in the database of the tests as if it were this moment."""
    given = connection.settings_dict
    url = f"postgresql://{given['USER']}@/{given['NAME']}?host={given['HOST']}&port={given['PORT']}"
    environment = os.environ | {"DATABASE_URL": url, "PYTHONDONTWRITEBYTECODE": "1"}
    source = WORKER.format(root=str(settings.BASE_DIR))
    return subprocess.Popen([sys.executable, "-c", source, at], env=environment)
