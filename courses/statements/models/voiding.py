from typing import ClassVar, Self

from django.db import models

from courses.returns.models import Return
from programs.models import Partner, Program
from programs.tenancy import ParentKey, ProgramRow


class VoidingQuerySet(models.QuerySet["Voiding"]):
    def waiting(self) -> Self:
        """Those whose return has been dealt with, and that nobody has carried out."""
        return self.filter(carried_out_at__isnull=True).exclude(of_return__status=Return.Status.RECEIVED)


class Voiding(ProgramRow):
    """That a statement was voided after it had become a row of a return: what the row brought is to be taken back.

    Whoever voids before needs none: such a statement never becomes a row.
    """

    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="+", db_index=False)
    partner = ParentKey(Partner, on_delete=models.PROTECT, related_name="+", db_index=False)
    statement_id = models.UUIDField(help_text="of the statement that was voided")
    of_return = ParentKey(Return, on_delete=models.PROTECT, related_name="+", db_index=False)
    row = models.PositiveIntegerField(help_text="row of the return")
    noted_at = models.DateTimeField()
    carried_out_at = models.DateTimeField(null=True)

    objects: ClassVar[VoidingQuerySet] = VoidingQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [models.UniqueConstraint("of_return", "row", name="voiding_is_once_a_row")]
        indexes = [
            models.Index(fields=["partner"], condition=models.Q(carried_out_at__isnull=True), name="voiding_waiting"),
        ]

    def __str__(self) -> str:
        return f"row {self.row} of return {self.of_return_id}"
