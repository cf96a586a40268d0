"""Rows that were not taken: the quarantine."""

from typing import Any, ClassVar, Self

from django.contrib.postgres.aggregates import ArrayAgg
from django.contrib.postgres.fields import ArrayField
from django.db import models

from programs.models import Partner
from programs.tenancy import ParentKey, ProgramRow

from .sent import Return


class HeldRowQuerySet(models.QuerySet["HeldRow"]):
    def in_file_order(self) -> Self:
        return self.order_by("number")

    def reasons(self) -> "models.QuerySet[HeldRow, Any]":
        """Why rows are in quarantine: column, reason and how many rows, the most frequent first.

        Reasons that name another row are one: "row 7" becomes "row …".
        """
        alike = models.Func(
            "reason", models.Value(r"(row|return) \d+"), models.Value(r"\1 …"), models.Value("g"),
            function="regexp_replace", output_field=models.TextField(),
        )  # fmt: skip
        rows = self.order_by().values("column", why=alike)
        return rows.annotate(rows=models.Count("pk")).order_by("-rows", "column", "why")

    def reasons_with_rows(self, at_most: int) -> "models.QuerySet[HeldRow, Any]":
        """The reasons with `first`: the numbers of the first rows that each one holds, at most so many."""
        first = models.Func(
            ArrayAgg("number", order_by="number"),
            template=f"(%(expressions)s)[1:{at_most:d}]", output_field=ArrayField(models.IntegerField()),
        )  # fmt: skip
        return self.reasons().annotate(first=first)


class EmptyRecord(ProgramRow):
    """A record that a partner has reported and that is no achievement: sent again, it is a duplicate."""

    partner = ParentKey(Partner, on_delete=models.PROTECT, related_name="+", db_index=False)
    key = models.BinaryField(max_length=16, help_text="as the fact key of a record that is an achievement")
    of_return = ParentKey(Return, on_delete=models.PROTECT, related_name="+", db_index=False)
    row = models.PositiveIntegerField(help_text="row of the return")

    class Meta:
        constraints = [models.UniqueConstraint("partner", "key", name="empty_record_is_once_a_partner")]

    def __str__(self) -> str:
        return f"row {self.row} of return {self.of_return_id}"


class HeldRow(ProgramRow):
    """A row of a return in quarantine: what is wrong with it, and the row itself, sealed.

    `column` and `value` are what is at fault; `value` never shows what could name a person.
    """

    of_return = ParentKey(Return, on_delete=models.PROTECT, related_name="held_rows", db_index=False)
    number = models.PositiveIntegerField(help_text="row of the file, the header being row 1")
    column = models.CharField(max_length=200, blank=True)
    value = models.CharField(max_length=200, blank=True)
    reason = models.TextField()
    sealed = models.BinaryField(null=True, help_text="the row's cells, encrypted under the program's key")

    objects: ClassVar[HeldRowQuerySet] = HeldRowQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint("of_return", "number", name="held_row_is_once_in_a_return"),
            models.CheckConstraint(condition=~models.Q(reason=""), name="held_row_says_why"),
        ]

    def __str__(self) -> str:
        return f"row {self.number}: {self.reason}"
