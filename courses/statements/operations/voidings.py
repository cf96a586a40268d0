"""Taking back what statements brought that were voided afterwards."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction

from courses.returns.operations import take_back_rows
from courses.statements.models import Arrival, Voiding
from programs.models import Partner

REASON = "Its statement was voided by the partner"
NOTE = """
    INSERT INTO statements_voiding (program_id, partner_id, statement_id, of_return_id, row, noted_at)
    SELECT voided.program_id, voided.partner_id, voided.statement_id, arrival.of_return_id, became.row, %(at)s
    FROM statements_statement AS voiding
    JOIN statements_statement AS voided ON voided.program_id = voiding.program_id
        AND voided.partner_id = voiding.partner_id AND voided.statement_id = voiding.refers_to
    JOIN statements_arrival AS arrival ON arrival.partner_id = voided.partner_id
        AND arrival.stored_at = voided.stored_at AND arrival.of_return_id IS NOT NULL
    CROSS JOIN LATERAL (
        SELECT arrival.rows[array_position(arrival.statements, voided.id)] AS row
    ) AS became
    WHERE voiding.id = ANY (%(statements)s) AND voiding.is_voiding AND became.row > 0
    ON CONFLICT (of_return_id, row) DO NOTHING
"""


def note_voidings(arrivals: Sequence[Arrival], *, at: datetime) -> int:
    """Notes which rows of returns the voiding statements of these arrivals take back; answers how many are new.

    What they void that is no row of a return never becomes one. Call it in the transaction that takes the arrivals.
    """
    statements = [number for arrival in arrivals for number in arrival.statements]
    with connection.cursor() as cursor:
        cursor.execute(NOTE, {"statements": statements, "at": at})
        return int(cursor.rowcount)


def carry_out_voidings(*, at: datetime) -> None:
    """Takes back the rows of every voiding that waits, partner by partner.

    A partner one of whose returns is being loaded just now is left for the next time.
    """
    partners = Voiding.objects.waiting().order_by("partner").values_list("partner", flat=True).distinct()
    for partner in Partner.objects.filter(pk__in=list(partners)).select_related("program"):
        _carry_out(partner, at)


@transaction.atomic
def _carry_out(partner: Partner, at: datetime) -> None:
    waiting = Voiding.objects.waiting().filter(partner=partner)
    chosen = list(waiting.select_for_update(of=("self",), skip_locked=True).order_by("pk"))
    rows = [(voiding.of_return_id, voiding.row) for voiding in chosen]
    if rows and take_back_rows(partner, rows, reason=REASON, at=at):
        Voiding.objects.filter(pk__in=[voiding.pk for voiding in chosen]).update(carried_out_at=at)
