"""The one clock of the ledger: the database's, whatever the clocks of the workers say."""

from datetime import datetime
from typing import NamedTuple

from django.db import connection

from programs.models import Program


class Clocks(NamedTuple):
    """What the database's clock says, and until when a program's ledger is closed; None as long as it has none."""

    database: datetime
    closed_until: datetime | None

    @property
    def ledger(self) -> datetime:
        """Now, by the ledger: later than the clock where that had jumped ahead, because a ledger never goes back."""
        return max(self.database, self.closed_until or self.database)


def database_now() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (now,) = cursor.fetchone()
    assert isinstance(now, datetime)
    return now


def clocks_of(program: Program) -> Clocks:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT clock_timestamp(), (SELECT closed_until FROM counting_ledger WHERE program_id = %s)", [program.pk]
        )
        return Clocks(*cursor.fetchone())
