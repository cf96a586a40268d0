"""The exact people in every cell of the fixed tables: what the disclosure rule turns into figures."""

from collections.abc import Iterable

from django.db import connection

from programs.models import MeasureVersion

CellKey = tuple[int, str, str]
"""Measure version, table and label of a cell."""

# One statement, so that all tables are of one moment.
EXACT = """
SELECT measure_version_id, 'total', '', sum(people) FROM counting_count
WHERE measure_version_id = ANY(%(versions)s) AND grouping = 'day-region' GROUP BY 1
UNION ALL
SELECT measure_version_id, 'by-month', to_char(day, 'YYYY-MM'), sum(people) FROM counting_count
WHERE measure_version_id = ANY(%(versions)s) AND grouping = 'day-region' GROUP BY 1, 3
UNION ALL
SELECT measure_version_id, 'by-region', region, sum(people) FROM counting_count
WHERE measure_version_id = ANY(%(versions)s) AND grouping = 'region-sector' GROUP BY 1, 3
UNION ALL
SELECT measure_version_id, 'by-sector', sector, sum(people) FROM counting_count
WHERE measure_version_id = ANY(%(versions)s) AND grouping = 'region-sector' GROUP BY 1, 3
UNION ALL
SELECT counts.measure_version_id, 'by-partner', partner.code, counts.people FROM (
    SELECT measure_version_id, partner_id, sum(people) AS people FROM counting_count
    WHERE measure_version_id = ANY(%(versions)s) AND grouping = 'partner-month-region' GROUP BY 1, 2
) counts JOIN programs_partner partner ON partner.id = counts.partner_id
"""


def exact_cells(versions: Iterable[MeasureVersion]) -> dict[CellKey, int]:
    """People by cell, of one moment. Cells that never held anybody are missing."""
    with connection.cursor() as cursor:
        cursor.execute(EXACT, {"versions": [version.pk for version in versions]})
        return {(version, table, label): int(people) for version, table, label, people in cursor.fetchall()}
