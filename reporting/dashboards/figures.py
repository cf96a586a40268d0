"""The figures of one measure: every read sums counts, and none looks at achievements or people.

With no partner chosen a figure is of the whole, where a person counts once. With a partner it is of that partner's
grain, where a person counts once with each partner: the partners' figures may add up to more than the whole.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Sum

from programs.models import MeasureVersion, Partner
from reporting.counting.models import Count

WHOLE = None
NOT_STATED = ""


@dataclass(frozen=True, slots=True)
class Totals:
    """People by (partner, region) of one measure version; partner None is the whole, region "" is not stated."""

    cells: dict[tuple[int | None, str], int]

    def by_region(self, partner: Partner | None) -> dict[str, int]:
        """People of the whole, or of a partner, in each region that has any."""
        grain = partner.pk if partner else WHOLE
        return {region: people for (of, region), people in self.cells.items() if of == grain}

    def by_partner(self, region: str | None) -> dict[int, int]:
        """People of each partner that has any, everywhere or in one region."""
        people: dict[int, int] = defaultdict(int)
        for (partner, lives_in), number in self.cells.items():
            if partner is not WHOLE and region in (None, lives_in):
                people[partner] += number
        return dict(people)

    def of_whole(self, region: str | None) -> int:
        by_region = self.by_region(WHOLE)
        return sum(by_region.values()) if region is None else by_region.get(region, 0)

    def of_parts(self, region: str | None) -> int:
        """The partners' figures added up."""
        return sum(self.by_partner(region).values())

    def excess(self, region: str | None) -> int:
        """By how many the parts exceed the whole: people who were trained by several partners count with each."""
        return self.of_parts(region) - self.of_whole(region)


@dataclass(frozen=True, slots=True)
class Daily:
    """New people by day, in the order of days; days without any are left out."""

    days: list[tuple[date, int]]

    @property
    def people(self) -> int:
        return sum(people for _, people in self.days)

    def since(self, first: date, until: date) -> int:
        """People whose day lies between the two, both included."""
        return sum(people for day, people in self.days if first <= day <= until)

    def running(self) -> list[tuple[date, int]]:
        """For each day, the people counted until then."""
        total, points = 0, []
        for day, people in self.days:
            total += people
            points.append((day, total))
        return points


def totals_of(version: MeasureVersion) -> Totals:
    """One query, over the grouping of the whole and that of the parts that have regions."""
    groupings = [Count.Grouping.DAY_REGION, Count.Grouping.PARTNER_MONTH_REGION]
    rows = (
        Count.objects.filter(measure_version=version, grouping__in=groupings)
        .values_list("partner_id", "region")
        .annotate(total=Sum("people"))
    )
    return Totals({(partner, region or NOT_STATED): people for partner, region, people in rows if people})


def daily_of(version: MeasureVersion, *, region: str | None, partner: Partner | None, today: date) -> Daily:
    """One query: the days of the whole, everywhere or in one region.

    A partner's people are counted by month: they stand on its last day, or on `today` as long as the month lasts.
    """
    grouping = Count.Grouping.PARTNER_MONTH_REGION if partner else Count.Grouping.DAY_REGION
    rows = Count.objects.filter(measure_version=version, grouping=grouping)
    if partner:
        rows = rows.filter(partner=partner)
    if region is not None:
        rows = rows.filter(region=region)
    days = rows.values_list("day").annotate(total=Sum("people")).order_by("day")
    found = [(day, people) for day, people in days if day and people]
    return Daily([(min(end_of(day), max(today, day)), people) for day, people in found] if partner else found)


def end_of(first: date) -> date:
    """The last day of the month that begins on `first`."""
    return (first + timedelta(31)).replace(day=1) - timedelta(1)
