"""How far a figure is behind the newest fact."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from courses.achievements.models import LANES
from programs.models import Program

MOST_COUNTED = 100_000  # a longer queue is not counted for a page
BEFORE = timedelta(seconds=5)  # a fact takes its moment a little before its transaction begins

FRESHNESS = """
SELECT (
    SELECT count(DISTINCT person_id) FROM (
        SELECT unnest(people) AS person_id FROM achievements_dirtypeople WHERE program_id = %(program)s LIMIT %(most)s
    ) waiting
), (
    SELECT min(marked_at) FROM generate_series(0, %(lanes)s - 1) lane CROSS JOIN LATERAL (
        SELECT marked_at FROM achievements_dirtypeople dirty
        WHERE dirty.program_id = %(program)s AND dirty.lane = lane.lane ORDER BY marked_at LIMIT 1
    ) oldest
), (
    SELECT greatest(
        (SELECT max(recorded_at) FROM achievements_achievement WHERE program_id = %(program)s AND source <> 'return'),
        (SELECT max(recorded_at) FROM returns_return WHERE program_id = %(program)s)
    )
), (
    SELECT min(xact_start) - %(before)s FROM pg_stat_activity
    WHERE datname = current_database() AND backend_xid IS NOT NULL AND pid <> pg_backend_pid()
)"""


@dataclass(frozen=True)
class Freshness:
    """`waiting` people have facts that are not settled yet, the oldest since `oldest_at`.

    Where more than `MOST_COUNTED` facts wait, `waiting` is how many people the first of them are of. Facts that carry a
    moment from `writing_since` on may still be on their way, in a transaction that is not committed.
    """

    waiting: int
    oldest_at: datetime | None
    newest_fact_at: datetime | None
    at: datetime
    writing_since: datetime | None = None

    @property
    def behind(self) -> timedelta:
        """How long the oldest unsettled fact has been waiting; zero when every fact is in the figures."""
        return max(self.at - self.oldest_at, timedelta()) if self.oldest_at else timedelta()

    @property
    def counted_until(self) -> datetime:
        """Every fact recorded before this moment is in the figures."""
        return min(moment for moment in (self.at, self.oldest_at, self.writing_since) if moment)


def freshness(program: Program, *, at: datetime) -> Freshness:
    with connection.cursor() as cursor:
        given: dict[str, Any] = {"program": program.pk, "most": MOST_COUNTED, "lanes": LANES, "before": BEFORE}
        cursor.execute(FRESHNESS, given)
        waiting, oldest, newest, writing = cursor.fetchone()
    return Freshness(waiting=waiting, oldest_at=oldest, newest_fact_at=newest, at=at, writing_since=writing)
