"""How far a figure is behind the newest fact."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from programs.models import Program


@dataclass(frozen=True)
class Freshness:
    """`waiting` people have facts that are not settled yet, the oldest since `oldest_at`."""

    waiting: int
    oldest_at: datetime | None
    newest_fact_at: datetime | None
    at: datetime

    @property
    def behind(self) -> timedelta:
        """How long the oldest unsettled fact has been waiting; zero when every fact is in the figures."""
        return self.at - self.oldest_at if self.oldest_at else timedelta()

    @property
    def counted_until(self) -> datetime:
        """Every fact recorded before this moment is in the figures."""
        return self.oldest_at or self.at


def freshness(program: Program, *, at: datetime) -> Freshness:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(DISTINCT person_id), min(marked_at),"
            " (SELECT max(recorded_at) FROM achievements_achievement WHERE program_id = %(program)s)"
            " FROM achievements_dirtyperson WHERE program_id = %(program)s",
            {"program": program.pk},
        )
        waiting, oldest, newest = cursor.fetchone()
    return Freshness(waiting=waiting, oldest_at=oldest, newest_fact_at=newest, at=at)
