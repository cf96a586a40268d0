"""How good a partner's returns are: a number from 0 to 100, with what took points from it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from programs.models import Partner

PERIOD = timedelta(days=365)
LATE = 90  # days between an achievement and the return that reports it
MOST_PLACES = 3


@dataclass(frozen=True, kw_only=True)
class Deduction:
    """What takes points: so many for each per cent, and never more than `most`; and what a partner can do about it."""

    code: str
    words: str | Promise
    of: str | Promise
    points_a_percent: float
    most: int
    advice: str | Promise


DEDUCTIONS = (
    Deduction(
        code="refused",
        words=_("rows with a fault"),
        of=_("rows sent"),
        points_a_percent=2,
        most=30,
        advice=_("Download the rejected rows, mend what each reason says, and send that file."),
    ),
    Deduction(
        code="flagged",
        words=_("rows that a rule holds and nobody has released"),
        of=_("rows sent"),
        points_a_percent=4,
        most=30,
        advice=_("The program decides on them. Tell it if they are true; leave out of the next file what is not."),
    ),
    Deduction(
        code="contradicted",
        words=_("rows that contradict another row of the same record"),
        of=_("rows sent"),
        points_a_percent=2,
        most=15,
        advice=_("Send each record once, with one date and one result."),
    ),
    Deduction(
        code="late",
        words=_("achievements reported more than 90 days afterwards"),  # LATE
        of=_("achievements"),
        points_a_percent=0.25,
        most=15,
        advice=_("Report each period when it is over."),
    ),
    Deduction(
        code="vague",
        words=_("achievements without region or sector"),
        of=_("achievements"),
        points_a_percent=0.2,
        most=15,
        advice=_("Fill both columns, with the codes of the workbook to download."),
    ),
    Deduction(
        code="files",
        words=_("files that were refused as a whole"),
        of=_("files"),
        points_a_percent=0.3,
        most=15,
        advice=_("Try a file first: a dry run says what is wrong with it and changes nothing."),
    ),
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
    def share(self) -> float:
        return self.percent / 100

    @property
    def points(self) -> float:
        return min(self.deduction.points_a_percent * self.percent, self.deduction.most)


@dataclass(frozen=True)
class Quality:
    """`score` is nothing where no file was dealt with in the period; `reasons` has what took most points first."""

    score: int | None
    reasons: list[Reason]

    @property
    def points(self) -> float:
        """What all reasons took together."""
        return sum(reason.points for reason in self.reasons)


class Place(NamedTuple):
    """A return with so many rows that a deduction is about, or a file that was refused."""

    return_id: int
    file_name: str
    found: int


def quality_of(partner: Partner, *, at: datetime) -> Quality:
    """The quality of what the partner sent in the 365 days before `at`.

    score = max(0, 100 − the points of all reasons), rounded; points = min(points a percent × percent, most), with the
    figures of `DEDUCTIONS`. Rows are those of files that were loaded; a row counts as refused or as contradicted, never
    as both. Dry runs do not count, and neither do duplicates: who sends again does no harm.
    """
    return qualities_of([partner], at=at)[partner.pk]


def qualities_of(partners: Iterable[Partner], *, at: datetime) -> dict[int, Quality]:
    """The quality of each partner, by its number: two queries for all of them."""
    ids = [partner.pk for partner in partners]
    rows, facts = _counted(ROWS, ids, at), _counted(FACTS, ids, at)
    return {partner: _quality(rows.get(partner, {}), facts.get(partner, {})) for partner in ids}


def places_of(partner: Partner, *, at: datetime) -> dict[str, list[Place]]:
    """For each deduction the returns of the period with most of its rows; of refused files the newest."""
    found: dict[str, list[Place]] = {}
    with connection.cursor() as cursor:
        cursor.execute(PLACES, _given([partner.pk], at) | {"most": MOST_PLACES})
        for code, *place in cursor.fetchall():
            found.setdefault(code, []).append(Place(*place))
    return found


def _quality(rows: dict[str, int], facts: dict[str, int]) -> Quality:
    files, sent, known = rows.get("files", 0), rows.get("sent", 0), facts.get("facts", 0)
    of = {"files": files, "late": known, "vague": known}
    found = rows | facts | {"files": rows.get("files_refused", 0)}
    reasons = [Reason(each, found.get(each.code, 0), of.get(each.code, sent)) for each in DEDUCTIONS]
    counting = sorted((reason for reason in reasons if reason.found), key=lambda reason: -reason.points)
    quality = Quality(None, counting)
    return Quality(max(0, round(100 - quality.points)), counting) if files else quality


def _given(partners: list[int], at: datetime) -> dict[str, Any]:
    return {"partners": partners, "since": at - PERIOD, "at": at, "late": LATE}


def _counted(statement: str, partners: list[int], at: datetime) -> dict[int, dict[str, int]]:
    """By partner what the statement counts, whose first column is the partner."""
    with connection.cursor() as cursor:
        cursor.execute(statement, _given(partners, at))
        names = [column.name for column in cursor.description][1:]
        return {partner: dict(zip(names, map(int, row), strict=True)) for partner, *row in cursor.fetchall()}


FILES = """
    SELECT id, partner_id, status, sent, file_name FROM returns_return
    WHERE partner_id = ANY(%(partners)s) AND NOT is_trial AND status IN ('loaded', 'refused')
      AND received_at > %(since)s AND received_at <= %(at)s
"""
# Each row in quarantine and what it counts as; one that was released counts as nothing.
HELD = """
    SELECT partner_id, of_return_id, file_name, CASE
        WHEN state IN ('waiting', 'dismissed') THEN 'flagged'
        WHEN state = 'faulty' AND reason ~ '^(differs from row|the partner''s number) ' THEN 'contradicted'
        WHEN state = 'faulty' THEN 'refused' END AS code
    FROM files JOIN returns_heldrow ON of_return_id = files.id
"""
REPORTED = """
    SELECT partner_id, source_id,
           (recorded_at AT TIME ZONE time_zone)::date - achieved_on > %(late)s AS is_late,
           region = '' OR sector = '' AS is_vague
    FROM achievements_achievement
    JOIN (SELECT id AS program_id, time_zone FROM programs_program) program USING (program_id)
    WHERE partner_id = ANY(%(partners)s) AND recorded_at > %(since)s AND recorded_at <= %(at)s
      AND kind = 'achieved' AND source = 'return'
"""
ROWS = f"""
WITH files AS MATERIALIZED ({FILES}), held AS ({HELD}), ends AS (
    SELECT partner_id, count(*) FILTER (WHERE code = 'refused') AS refused,
           count(*) FILTER (WHERE code = 'contradicted') AS contradicted,
           count(*) FILTER (WHERE code = 'flagged') AS flagged
    FROM held GROUP BY partner_id
), sums AS (
    SELECT partner_id, count(*) AS files, count(*) FILTER (WHERE status = 'refused') AS files_refused, sum(sent) AS sent
    FROM files GROUP BY partner_id
)
SELECT partner_id, files, files_refused, sent, coalesce(refused, 0) AS refused,
       coalesce(contradicted, 0) AS contradicted, coalesce(flagged, 0) AS flagged
FROM sums LEFT JOIN ends USING (partner_id)
"""  # noqa: S608 - our own SQL
FACTS = f"""
SELECT partner_id, count(*) AS facts, count(*) FILTER (WHERE is_late) AS late,
       count(*) FILTER (WHERE is_vague) AS vague
FROM ({REPORTED}) reported GROUP BY partner_id
"""  # noqa: S608 - our own SQL
PLACES = f"""
WITH files AS MATERIALIZED ({FILES}), held AS ({HELD}), reported AS ({REPORTED}), brought AS (
    SELECT source_id, count(*) FILTER (WHERE is_late) AS late, count(*) FILTER (WHERE is_vague) AS vague
    FROM reported GROUP BY source_id
), found (code, return_id, file_name, found, weight) AS (
    SELECT code, of_return_id, file_name, count(*), count(*) FROM held WHERE code IS NOT NULL GROUP BY 1, 2, 3
    UNION ALL
    SELECT 'files', id, file_name, 1, id FROM files WHERE status = 'refused'
    UNION ALL
    SELECT kind, id, file_name, times, times FROM brought JOIN returns_return sent ON sent.id = source_id
    CROSS JOIN LATERAL (VALUES ('late', late), ('vague', vague)) kinds (kind, times) WHERE times > 0
)
SELECT code, return_id, file_name, found FROM (
    SELECT *, row_number() OVER (PARTITION BY code ORDER BY weight DESC, return_id DESC) AS place FROM found
) placed WHERE place <= %(most)s ORDER BY code, place
"""  # noqa: S608 - our own SQL
