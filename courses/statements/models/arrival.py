from datetime import datetime, timedelta
from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models

from courses.returns.models import Return
from programs.models import Partner, Program
from programs.tenancy import ParentKey, ProgramRow

PAUSE = timedelta(minutes=1)
ENOUGH = 5_000  # statements
# A partner whom no profile reads is not looked at: what it sends waits until there is one. OFFSET 0 keeps each look-up
# one of the partner's own, however much waits elsewhere.
DUE = """
    SELECT partner.id FROM programs_partner AS partner
    WHERE EXISTS (
        SELECT FROM returns_returnprofile AS profile
        WHERE profile.program_id = partner.program_id AND profile.definition ? 'statements'
            AND coalesce(profile.definition -> 'statements' ->> 'partner', partner.code) = partner.code
    ) AND EXISTS (
        SELECT FROM statements_arrival AS arrival
        WHERE arrival.partner_id = partner.id AND arrival.taken_at IS NULL OFFSET 0
    ) AND (
        coalesce((
            SELECT max(arrival.taken_at) FROM statements_arrival AS arrival WHERE arrival.partner_id = partner.id
        ), '-infinity') <= %(quiet_since)s
        OR (
            SELECT sum(statements) FROM (
                SELECT cardinality(arrival.statements) AS statements FROM statements_arrival AS arrival
                WHERE arrival.partner_id = partner.id AND arrival.taken_at IS NULL LIMIT %(enough)s
            ) AS waiting
        ) >= %(enough)s
    )
    ORDER BY partner.id
"""


class ArrivalQuerySet(models.QuerySet["Arrival"]):
    def waiting(self) -> Self:
        """Arrivals whose statements nobody has looked at yet, the oldest first."""
        return self.filter(taken_at__isnull=True).order_by("pk")

    def of_partner(self, partner: Partner) -> Self:
        return self.filter(program=partner.program_id, partner=partner)

    def first_with(self, most: int) -> list["Arrival"]:
        """The first of these arrivals that have so many statements together at most, but one at least.

        They are held until the transaction ends; those that somebody else holds are passed over.
        """
        sizes = self.values_list("pk", "statements__len")[:most]
        numbers, together = list[int](), 0
        for number, size in sizes:
            together += size
            if numbers and together > most:
                break
            numbers.append(number)
        return list(self.filter(pk__in=numbers).select_for_update(skip_locked=True, of=("self",)))


class Arrival(ProgramRow):
    """Statements that came in one request, so that a worker finds new ones without a mark on each.

    When statements of it became rows of a return, `rows` says for each which row: 0 for one that is none.
    """

    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="+", db_index=False)
    partner = ParentKey(Partner, on_delete=models.PROTECT, related_name="arrivals", db_index=False)
    stored_at = models.DateTimeField()
    statements = ArrayField(models.BigIntegerField(), help_text="their primary keys, in the order of the request")
    taken_at = models.DateTimeField(null=True, help_text="when a worker had looked at them")
    of_return = ParentKey(Return, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    rows = ArrayField(models.IntegerField(), null=True)

    objects: ClassVar[ArrivalQuerySet] = ArrivalQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(statements__len__gt=0), name="arrival_has_statements"),
            models.CheckConstraint(
                condition=models.Q(of_return__isnull=True, rows__isnull=True)
                | models.Q(of_return__isnull=False, taken_at__isnull=False, rows__len=models.F("statements__len")),
                name="arrival_has_rows_when_it_is_in_a_return",
            ),
        ]
        indexes = [
            models.Index(fields=["partner", "taken_at", "id"], name="arrival_by_taking"),
            models.Index(fields=["partner", "stored_at"], name="arrival_by_moment"),  # how a statement finds its own
        ]

    def __str__(self) -> str:
        return f"{len(self.statements)} statements of {self.stored_at}"


def partners_due(*, at: datetime) -> list[Partner]:
    """Partners whose statements wait, and are to become a return now.

    A partner's first statements do at once; those that follow are gathered for `PAUSE`, or until there are `ENOUGH`.
    """
    with connection.cursor() as cursor:
        cursor.execute(DUE, {"quiet_since": at - PAUSE, "enough": ENOUGH})
        numbers = [number for (number,) in cursor.fetchall()]
    found = Partner.objects.select_related("program").in_bulk(numbers)
    return [found[number] for number in numbers]
