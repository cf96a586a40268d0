"""What the ledger says: any figure as of any moment, and what changed it between two. Exact, and never a person.

Every read is one statement over entries and nothing else. The same question has the same answer for ever if its moment
is closed first: `moments.closed_moment`.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import connection

from programs.models import MeasureVersion, Partner
from reporting.counting.settlement import MONTH

Key = tuple[Any, ...]
POSTINGS_A_PAGE = 25

# What entries can be grouped by.
DIMENSIONS = {
    "version": "measure_version_id",
    "region": "region",
    "sector": "sector",
    "size": "employer_size",
    "age": "age_band",
    "day": "day",
    "month": MONTH,
    "partner": "partner_id",
    "cause": "cause",
    "booked_on": "(posted_at AT TIME ZONE (SELECT time_zone FROM programs_program WHERE id = %(program)s))::date",
}
AMOUNTS = """count(*) FILTER (WHERE whole = 1), count(*) FILTER (WHERE whole = -1),
       count(*) FILTER (WHERE part = 1), count(*) FILTER (WHERE part = -1)"""
ENTRIES = """counting_ledgerentry entry
JOIN (SELECT id, number, posted_at, people, reason FROM counting_posting) posting ON posting.id = entry.posting_id
WHERE entry.measure_version_id = ANY (%(versions)s::bigint[]) AND posting.posted_at <= %(until)s"""
# The numbers of postings are not quite in the order of their moments, but close to it: an index over the places where
# the entries of a range of postings lie serves the range, and the join leaves out those of other moments.
SINCE = """ AND posting.posted_at > %(since)s
    AND entry.posting_id >= (SELECT min(id) FROM counting_posting
                             WHERE program_id = %(program)s AND posted_at > %(since)s AND posted_at <= %(until)s)
    AND entry.posting_id <= (SELECT max(id) FROM counting_posting
                             WHERE program_id = %(program)s AND posted_at > %(since)s AND posted_at <= %(until)s)"""


class Change(NamedTuple):
    """How many people entries brought in, and how many they took out."""

    gained: int = 0
    lost: int = 0

    @property
    def net(self) -> int:
        return self.gained - self.lost

    def plus(self, other: "Change") -> "Change":
        return Change(self.gained + other.gained, self.lost + other.lost)


class Booked(NamedTuple):
    """What entries changed in the whole, where a person counts once, and in the parts of their partners."""

    whole: Change = Change()
    part: Change = Change()


class PostingLine(NamedTuple):
    """A posting with what it changed in one figure; `people` is how many the batch settled."""

    number: int
    posted_at: datetime
    people: int
    reason: str
    change: Change


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """People of a measure version: of the whole or of a partner's part, everywhere or in one region, sector, or both.

    Region and sector are codes; "" is "not stated", None is all. Moments are inclusive: `until` is as of that moment,
    `since` is what was booked after that one.
    """

    version: MeasureVersion
    region: str | None = None
    sector: str | None = None
    partner: Partner | None = None

    def people(self, until: datetime) -> int:
        return self.net_by((), until=until).get((), 0)

    def by_region(self, until: datetime) -> dict[str, int]:
        return {region: people for (region,), people in self.net_by(("region",), until=until).items()}

    def by_region_and_sector(self, until: datetime) -> dict[tuple[str, str], int]:
        return {(region, sector): n for (region, sector), n in self.net_by(("region", "sector"), until=until).items()}

    def by_size_and_age(self, until: datetime) -> dict[tuple[str, str], int]:
        return {(size, age): people for (size, age), people in self.net_by(("size", "age"), until=until).items()}

    def by_day(self, until: datetime) -> dict[date, int]:
        """By day of the achievement."""
        return {day: people for (day,), people in self.net_by(("day",), until=until).items()}

    def by_month(self, until: datetime) -> dict[date, int]:
        """By month of the achievement; a month stands by its first day."""
        return {month: people for (month,), people in self.net_by(("month",), until=until).items()}

    def by_partner(self, until: datetime) -> dict[int, tuple[int, int]]:
        """By the partner's primary key: the people of its part, and how many of them count in the whole there."""
        (table,) = self.tables(("partner",), until=until)
        parts = {partner: (booked.part.net, booked.whole.net) for (partner,), booked in table.items()}
        return {partner: people for partner, people in parts.items() if people != (0, 0)}

    def by_cause(self, until: datetime, *, since: datetime | None = None) -> dict[str, Change]:
        """What each cause brought and took; added up, the figure, or the difference of two figures."""
        (table,) = self.tables(("cause",), until=until, since=since)
        return {cause: self.change_in(booked) for (cause,), booked in table.items() if any(self.change_in(booked))}

    def by_day_of_booking(self, until: datetime, *, since: datetime | None = None) -> dict[date, Change]:
        """By the day in the program's time zone on which it was booked."""
        (table,) = self.tables(("booked_on",), until=until, since=since)
        return {day: self.change_in(booked) for (day,), booked in table.items() if any(self.change_in(booked))}

    def of_versions(self, versions: list[MeasureVersion], until: datetime) -> dict[int, int]:
        """The same figure under several versions of the measure, by their primary keys."""
        (table,) = read(self, [("version",)], versions=versions, until=until, since=None)
        return {version: self.change_in(booked).net for (version,), booked in table.items()}

    def whole(self) -> "Figure":
        """The figure of all partners together, in the same place."""
        return replace(self, partner=None)

    def change_in(self, booked: Booked) -> Change:
        return booked.part if self.partner else booked.whole

    def net_by(self, grouping: tuple[str, ...], *, until: datetime) -> dict[Key, int]:
        (table,) = self.tables(grouping, until=until)
        return {key: self.change_in(booked).net for key, booked in table.items() if self.change_in(booked).net}

    def tables(
        self, *groupings: tuple[str, ...], until: datetime, since: datetime | None = None
    ) -> list[dict[Key, Booked]]:
        """One table for each grouping (names of `DIMENSIONS`), all read in one pass over the entries."""
        return read(self, list(groupings), versions=[self.version], until=until, since=since)

    def postings(
        self, until: datetime, *, before: int | None = None, limit: int = POSTINGS_A_PAGE
    ) -> list[PostingLine]:
        """The postings that changed the figure, the last first; only those whose number is less than `before`."""
        amount = "part" if self.partner else "whole"
        earlier = " AND posting.number < %(before)s" if before is not None else ""
        query = f"""
            SELECT posting.number, posting.posted_at, posting.people, posting.reason,
                   count(*) FILTER (WHERE {amount} = 1), count(*) FILTER (WHERE {amount} = -1)
            FROM {ENTRIES}{places(self)}{earlier} AND {amount} <> 0
            GROUP BY posting.number, posting.posted_at, posting.people, posting.reason
            ORDER BY posting.number DESC LIMIT %(limit)s"""  # noqa: S608 - names of our own columns
        given = parameters(self, [self.version], until=until) | {"before": before, "limit": limit}
        with connection.cursor() as cursor:
            cursor.execute(query, given)
            rows = cursor.fetchall()
        return [
            PostingLine(number, posted_at, people, reason, Change(gained, lost))
            for number, posted_at, people, reason, gained, lost in rows
        ]


def read(
    figure: Figure, groupings: list[tuple[str, ...]], *,
    versions: list[MeasureVersion], until: datetime, since: datetime | None,
) -> list[dict[Key, Booked]]:  # fmt: skip
    """The tables of `Figure.tables`, over the entries of several versions of its measure."""
    names = sorted({name for grouping in groupings for name in grouping})
    query = tables_sql(names, groupings, places(figure) + (SINCE if since else ""))
    tables: list[dict[Key, Booked]] = [{} for _ in groupings]
    with connection.cursor() as cursor:
        cursor.execute(query, parameters(figure, versions, until=until) | {"since": since})
        for mask, *values in cursor.fetchall():
            place = [left_out(grouping, names) for grouping in groupings].index(mask)
            key = tuple(values[names.index(name)] for name in groupings[place])
            gained, lost, part_gained, part_lost = values[len(names) :]
            tables[place][key] = Booked(Change(gained, lost), Change(part_gained, part_lost))
    return tables


def tables_sql(names: list[str], groupings: list[tuple[str, ...]], conditions: str) -> str:
    """A statement whose rows say in their first column which dimensions they leave out, as `left_out` does."""
    columns = "".join(f"{DIMENSIONS[name]} AS by_{name}, " for name in names)
    shown = "".join(f"by_{name}, " for name in names)
    mask = f"GROUPING({', '.join(f'by_{name}' for name in names)})" if names else "0"
    sets = ", ".join(f"({', '.join(f'by_{name}' for name in grouping)})" for grouping in groupings)
    return f"""
        SELECT {mask}, {shown}{AMOUNTS}
        FROM (SELECT {columns}whole, part FROM {ENTRIES}{conditions}) line
        GROUP BY GROUPING SETS ({sets})"""  # noqa: S608 - names of our own columns


def left_out(grouping: tuple[str, ...], names: list[str]) -> int:
    """PostgreSQL's GROUPING(): a bit for each name, the last one being 1, set where the grouping does not have it."""
    return sum(1 << place for place, name in enumerate(reversed(names)) if name not in grouping)


def places(figure: Figure) -> str:
    conditions = {
        " AND entry.region = %(region)s": figure.region is not None,
        " AND entry.sector = %(sector)s": figure.sector is not None,
        " AND entry.partner_id = %(partner)s": figure.partner is not None,
    }
    return "".join(condition for condition, holds in conditions.items() if holds)


def parameters(figure: Figure, versions: list[MeasureVersion], *, until: datetime) -> dict[str, Any]:
    return {
        "program": figure.version.program_id,
        "versions": [version.pk for version in versions],
        "region": figure.region,
        "sector": figure.sector,
        "partner": figure.partner.pk if figure.partner else None,
        "until": until,
    }
