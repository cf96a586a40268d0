"""How a worker finds the statements that nobody has looked at yet."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from courses.returns.models import Return
from courses.statements.models import Arrival
from programs.models import Partner

TAKING = 1_481_458_001  # the first half of the lock of whoever takes a partner's arrivals
NOTE = """
    UPDATE statements_arrival AS arrival
    SET taken_at = %(at)s, rows = noted.rows::integer[],
        of_return_id = CASE WHEN noted.rows IS NOT NULL THEN %(return)s::bigint END
    FROM unnest(%(numbers)s::bigint[], %(rows)s::text[]) AS noted (id, rows)
    WHERE arrival.id = noted.id AND arrival.taken_at IS NULL
"""


def claim_arrivals(partner: Partner, *, most: int) -> list[Arrival]:
    """The oldest arrivals of the partner that wait: so many statements at most, but one request at least.

    One worker takes a partner's arrivals at a time, and the others get none. They are held until the transaction ends;
    call it within one, and `note_taken` before its end.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [TAKING, partner.pk])
        if not cursor.fetchone()[0]:
            return []
    return Arrival.objects.of_partner(partner).waiting().first_with(most)


def note_taken(
    arrivals: Sequence[Arrival], *, at: datetime, of_return: Return | None = None, rows: Mapping[int, int] | None = None
) -> int:
    """From now on the arrivals wait no longer. Says how many of them waited: taking twice is taking once.

    `rows` has the row of the return that a statement became, by its primary key.
    """
    became = rows or {}
    lines = [written([became.get(number, 0) for number in arrival.statements]) for arrival in arrivals]
    given: dict[str, Any] = {"at": at, "return": of_return.pk if of_return else None, "rows": lines}
    given["numbers"] = [arrival.pk for arrival in arrivals]
    with connection.cursor() as cursor:
        cursor.execute(NOTE, given)
        return int(cursor.rowcount)


def written(rows: list[int]) -> str | None:
    """An array as PostgreSQL reads it; nothing where no statement became a row."""
    return "{" + ",".join(map(str, rows)) + "}" if any(rows) else None


@transaction.atomic
def report_again(refused: Return) -> int:
    """Lets the statements of a refused return wait again; answers how many requests they came in.

    What the return had brought before it was refused is known again by its record, and then a duplicate: a voiding of
    such a statement no longer finds it. Does nothing for a return that was not refused, or is of files.
    """
    locked = Return.objects.select_for_update(of=("self",)).get(pk=refused.pk)
    if locked.status != Return.Status.REFUSED:
        return 0
    taken = Arrival.objects.of_partner(locked.partner).filter(taken_at=locked.received_at, of_return=locked)
    return taken.update(taken_at=None, of_return=None, rows=None)
