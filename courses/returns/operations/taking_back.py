"""Taking rows of returns back, because whoever sent them says that they are not so."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Max, Min

from courses.achievements.models import Achievement
from courses.achievements.operations import change_chosen
from courses.returns.models import Return
from programs.models import Partner

from .loading import LOCK

CLOCKS_DIFFER = timedelta(hours=1)  # between the hosts of workers, at the very most
# Facts of a partner lie together, in the order in which they were recorded, which is how they are found.
BROUGHT = """
SELECT fact.id FROM unnest(%(returns)s::bigint[], %(rows)s::integer[]) AS taken (of_return, number)
JOIN achievements_achievement fact ON fact.source_id = taken.of_return AND fact.source_row = taken.number
WHERE fact.partner_id = %(partner)s AND fact.recorded_at BETWEEN %(first)s AND %(last)s
  AND fact.kind = 'achieved' AND fact.source = 'return'
"""
# The order by which they were revoked may be undone, and must not bring them back.
REVOKED_BY_ORDER = f"""
SELECT brought.id FROM ({BROUGHT}) brought CROSS JOIN LATERAL (
    SELECT source, kind FROM achievements_achievement WHERE refers_to_id = brought.id ORDER BY turn DESC LIMIT 1
) later
WHERE later.source = 'mass' AND later.kind = 'revoked'
"""  # noqa: S608 - our own SQL
AGAIN = "Revoked by an order, and then taken back by the partner: an undo of the order must not restore it"
# A row that was released is counted as accepted or duplicate by now.
LEAVE = """
WITH gone AS (
    DELETE FROM returns_heldrow held
    USING unnest(%(returns)s::bigint[], %(rows)s::integer[]) AS taken (of_return, number)
    WHERE held.of_return_id = taken.of_return AND held.number = taken.number
    RETURNING held.of_return_id, held.state
), lost AS (
    SELECT of_return_id, count(*) AS rows FROM gone WHERE state NOT IN ('released', 'known') GROUP BY of_return_id
)
UPDATE returns_return sent SET sent = sent.sent - lost.rows, quarantined = quarantined - lost.rows
FROM lost WHERE sent.id = lost.of_return_id
"""


@transaction.atomic
def take_back_rows(partner: Partner, rows: Sequence[tuple[int, int]], *, reason: str, at: datetime) -> bool:
    """Revokes what these rows brought, and lets those leave that are in quarantine; each is a return and a row of it.

    The returns are the partner's and have been dealt with. What is revoked already is not revoked twice, but for a mass
    revocation: that can be undone, so its word is not the last one. Answers whether it was done; it is not while
    somebody is loading a return of the partner.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [LOCK, partner.pk])
        if not cursor.fetchone()[0]:
            return False
    Partner.objects.select_for_update(of=("self",), no_key=True).get(pk=partner.pk)
    returns, numbers = [sent for sent, _ in rows], [number for _, number in rows]
    given: dict[str, Any] = {"partner": partner.pk, "returns": returns, "rows": numbers}
    _revoke(partner, given, reason=reason, at=at)
    with connection.cursor() as cursor:
        cursor.execute(LEAVE, given)
    return True


def _revoke(partner: Partner, given: dict[str, Any], *, reason: str, at: datetime) -> None:
    taken = Return.objects.filter(pk__in=given["returns"], recorded_at__isnull=False)
    given = given | taken.aggregate(first=Min("received_at") - CLOCKS_DIFFER, last=Max("recorded_at") + CLOCKS_DIFFER)
    restored, revoked = Achievement.Kind.RESTORED, Achievement.Kind.REVOKED
    change_chosen(partner.program, chosen=REVOKED_BY_ORDER, given=given, kind=restored, reason=AGAIN, recorded_at=at)
    if change_chosen(partner.program, chosen=BROUGHT, given=given, kind=revoked, reason=reason, recorded_at=at):
        taken.update(recorded_at=at)
