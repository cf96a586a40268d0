"""What a return has brought into the books, row by row, whether it was dealt with to its end or not."""

from typing import Any

from django.db import connection

from .models import Return

# Facts of a partner lie together, which is how they are found. A row without an achievement has the level 0.
ROWS = """
SELECT source_row AS number, evidence, id AS fact_id FROM achievements_achievement
WHERE partner_id = %(partner)s AND kind = 'achieved' AND source = 'return' AND source_id = %(return)s
UNION ALL
SELECT row, 0, NULL FROM returns_emptyrecord WHERE partner_id = %(partner)s AND of_return_id = %(return)s
"""


def booked_rows(sent: Return) -> dict[int, int]:
    """By level of evidence how many rows the return has brought; 0 is accepted and no achievement."""
    if Return.objects.filter(pk=sent.pk, recorded_at__isnull=True).exists():
        return {}
    given: dict[str, Any] = {"partner": sent.partner_id, "return": sent.pk}
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT evidence, count(*) FROM ({ROWS}) booked GROUP BY evidence ORDER BY evidence", given)  # noqa: S608
        return dict(cursor.fetchall())
