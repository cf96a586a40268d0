"""How good a partner's returns are: a number from 0 to 100, with what took points from it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from programs.models import Partner

PERIOD = timedelta(days=365)
LATE = 90  # days between an achievement and the return that reports it


@dataclass(frozen=True)
class Deduction:
    """What takes points: so many for each per cent, and never more than `most`."""

    code: str
    words: str
    points_a_percent: float
    most: int


DEDUCTIONS = (
    Deduction("refused", "rows with a fault", 2, 30),
    Deduction("flagged", "rows that a rule holds and nobody has released", 4, 30),
    Deduction("contradicted", "rows that contradict another row of the same record", 2, 15),
    Deduction("late", f"achievements reported more than {LATE} days afterwards", 0.25, 15),
    Deduction("vague", "achievements without region or sector", 0.2, 15),
    Deduction("files", "files that were refused as a whole", 0.3, 15),
)


@dataclass(frozen=True)
class Reason:
    """One share: `found` of `of` rows, achievements or files, in per cent, and the points that it took."""

    deduction: Deduction
    found: int
    of: int

    @property
    def percent(self) -> float:
        return 100 * self.found / self.of if self.of else 0.0

    @property
    def points(self) -> float:
        return min(self.deduction.points_a_percent * self.percent, self.deduction.most)


@dataclass(frozen=True)
class Quality:
    """`score` is nothing where no file was dealt with in the period; `reasons` has what took most points first."""

    score: int | None
    reasons: list[Reason]


def quality_of(partner: Partner, *, at: datetime) -> Quality:
    """The quality of what the partner sent in the 365 days before `at`.

    score = max(0, 100 − the points of all reasons), rounded; points = min(points a percent × percent, most), with the
    figures of `DEDUCTIONS`. Rows are those of files that were loaded; a row counts as refused or as contradicted, never
    as both. Dry runs do not count, and neither do duplicates: who sends again does no harm.
    """
    rows = _counted(ROWS, partner, at)
    facts = _counted(FACTS, partner, at)
    of = {"files": rows["files"], "late": facts["facts"], "vague": facts["facts"]}
    found = rows | facts | {"files": rows["files_refused"]}
    reasons = [Reason(each, found[each.code], of.get(each.code, rows["sent"])) for each in DEDUCTIONS]
    counting = sorted((reason for reason in reasons if reason.found), key=lambda reason: -reason.points)
    score = max(0, round(100 - sum(reason.points for reason in counting)))
    return Quality(score if rows["files"] else None, counting)


def _counted(statement: str, partner: Partner, at: datetime) -> dict[str, int]:
    given: dict[str, Any] = {"partner": partner.pk, "since": at - PERIOD, "at": at, "late": LATE}
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        names = [column.name for column in cursor.description]
        return dict(zip(names, map(int, cursor.fetchone()), strict=True))


ROWS = """
WITH files AS MATERIALIZED (
    SELECT id, status, sent FROM returns_return
    WHERE partner_id = %(partner)s AND NOT is_trial AND status IN ('loaded', 'refused')
      AND received_at > %(since)s AND received_at <= %(at)s
), held AS (
    SELECT state, reason ~ '^(differs from row|the partner''s number) ' AS contradicts FROM returns_heldrow
    WHERE of_return_id IN (SELECT id FROM files)
)
SELECT files, files_refused, sent, refused, contradicted, flagged
FROM (
    SELECT count(*) AS files, count(*) FILTER (WHERE status = 'refused') AS files_refused,
           coalesce(sum(sent), 0) AS sent FROM files
) sums CROSS JOIN (
    SELECT count(*) FILTER (WHERE state = 'faulty' AND NOT contradicts) AS refused,
           count(*) FILTER (WHERE state = 'faulty' AND contradicts) AS contradicted,
           count(*) FILTER (WHERE state IN ('waiting', 'dismissed')) AS flagged FROM held
) ends
"""
FACTS = """
SELECT count(*) AS facts, count(*) FILTER (WHERE recorded_at::date - achieved_on > %(late)s) AS late,
       count(*) FILTER (WHERE region = '' OR sector = '') AS vague
FROM achievements_achievement
WHERE partner_id = %(partner)s AND recorded_at > %(since)s AND recorded_at <= %(at)s
  AND kind = 'achieved' AND source = 'return'
"""
