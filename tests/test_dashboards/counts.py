from datetime import date
from typing import Any

from programs.models import MeasureVersion
from reporting.counting.models import Count

DAY = date(2026, 3, 1)


def counted(version: MeasureVersion, people: int, **cell: Any) -> Count:
    """A count of the whole, or of the partner's grain if the cell names one."""
    grouping = Count.Grouping.PARTNER_DAY_REGION if cell.get("partner") else Count.Grouping.DAY_REGION
    place = {"day": DAY, "region": "N"} | cell
    return Count.objects.create(
        program=version.program, measure_version=version, grouping=grouping, people=people, **place
    )
