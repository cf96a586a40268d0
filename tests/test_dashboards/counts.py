from datetime import date
from typing import Any

from programs.models import MeasureVersion
from reporting.counting.models import Count

DAY = date(2026, 3, 1)


def counted(version: MeasureVersion, people: int, **cell: Any) -> Count:
    """A count of the whole, or of the part of a partner if the cell names one: that stands by the month of the day."""
    grouping = Count.Grouping.PARTNER_MONTH_REGION if cell.get("partner") else Count.Grouping.DAY_REGION
    day = cell.get("day", DAY)
    place = {"region": "N"} | cell | {"day": day.replace(day=1) if cell.get("partner") else day}
    return Count.objects.create(
        program=version.program, measure_version=version, grouping=grouping, people=people, **place
    )
