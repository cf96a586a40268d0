"""Rows that were not taken: the quarantine."""

from typing import Any, ClassVar, NamedTuple, Self

from django.contrib.postgres.aggregates import ArrayAgg
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from programs.models import Partner, Program
from programs.tenancy import ParentKey, ProgramRow

from .decision import QuarantineDecision
from .sent import Return


class Group(NamedTuple):
    """Flagged rows of one partner whose evidence is the same: they are decided together."""

    partner_id: int
    rule: str
    group: str
    also: str


class HeldRowQuerySet(models.QuerySet["HeldRow"]):
    def flagged(self, program: Program) -> Self:
        """Rows that a rule holds, of returns that were loaded."""
        loaded = self.filter(program=program, of_return__status=Return.Status.LOADED)
        return loaded.exclude(state=HeldRow.State.FAULTY)

    def waiting(self, program: Program) -> Self:
        return self.flagged(program).filter(state=HeldRow.State.WAITING)

    def in_group(self, group: Group) -> Self:
        """All rows of a group, however they stand, in the order of returns and rows."""
        of_partner = self.filter(of_return__partner=group.partner_id, of_return__status=Return.Status.LOADED)
        return of_partner.filter(rule=group.rule, group=group.group, also=group.also).order_by("of_return", "number")

    def groups(self) -> "models.QuerySet[HeldRow, Any]":
        """By partner, rule, group and what else holds them: how many rows, in how many returns, and the `first` row.

        The largest come first.
        """
        rows = self.order_by().values("of_return__partner", "rule", "group", "also")
        counted = rows.annotate(
            rows=models.Count("pk"), returns=models.Count("of_return", distinct=True), first=models.Min("pk")
        )
        return counted.order_by("-rows", "rule", "group")

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
    person = models.BinaryField(max_length=16, null=True, help_text="as `Identity.digest`, where the record names it")
    of_return = ParentKey(Return, on_delete=models.PROTECT, related_name="+", db_index=False)
    row = models.PositiveIntegerField(help_text="row of the return")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "key", "person"],
                name="empty_record_is_once_a_partner",
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return f"row {self.row} of return {self.of_return_id}"


class HeldRow(ProgramRow):
    """A row of a return in quarantine: what is wrong with it, and the row itself, sealed.

    `column` and `value` are what is at fault; `value` never shows what could name a person. A faulty row is for the
    partner to mend. A row that a rule flagged waits for a decision; released, it keeps its place here, so that the
    decision can be undone.
    """

    class State(models.TextChoices):
        FAULTY = "faulty", _("has a fault")
        WAITING = "waiting", _("waits for a decision")
        RELEASING = "releasing", _("is being taken in")
        RELEASED = "released", _("was taken in")
        KNOWN = "known", _("was released, and a duplicate")
        DISMISSED = "dismissed", _("stays out")

    of_return = ParentKey(Return, on_delete=models.PROTECT, related_name="held_rows", db_index=False)
    number = models.PositiveIntegerField(help_text="row of the file, the header being row 1")
    column = models.CharField(max_length=200, blank=True)
    value = models.CharField(max_length=200, blank=True)
    reason = models.TextField()
    sealed = models.BinaryField(null=True, help_text="the row's cells, encrypted under the program's key")
    state = models.CharField(max_length=10, choices=State, default=State.FAULTY)
    rule = models.CharField(max_length=20, blank=True, help_text="the gravest of the rules that hold it")
    group = models.CharField(
        max_length=80, blank=True, help_text="what it has in common with others under this rule: an opaque mark"
    )
    also = models.CharField(max_length=200, blank=True, help_text="the other rules that hold it, with spaces between")
    evidence = models.JSONField(default=dict, help_text="by rule, what it found; no identifier in the clear")
    decision = ParentKey(
        QuarantineDecision, on_delete=models.PROTECT, null=True, blank=True, related_name="held_rows", db_index=False
    )

    objects: ClassVar[HeldRowQuerySet] = HeldRowQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint("of_return", "number", name="held_row_is_once_in_a_return"),
            models.CheckConstraint(condition=~models.Q(reason=""), name="held_row_says_why"),
            models.CheckConstraint(
                condition=models.Q(state="faulty", rule="", decision__isnull=True)
                | (models.Q(state="waiting", decision__isnull=True) & ~models.Q(rule=""))
                | (
                    models.Q(state__in=["releasing", "released", "known", "dismissed"], decision__isnull=False)
                    & ~models.Q(rule="")
                ),
                name="held_row_is_decided_if_a_rule_holds_it",
            ),
        ]
        indexes = [
            models.Index(fields=["program", "rule", "group"], condition=~models.Q(rule=""), name="held_row_flagged"),
            models.Index(fields=["of_return"], condition=models.Q(state="releasing"), name="held_row_releasing"),
            models.Index(
                fields=["of_return"],
                condition=models.Q(state="faulty", sealed__isnull=False),
                name="held_row_faulty_with_cells",
            ),
            models.Index(fields=["decision"], condition=models.Q(decision__isnull=False), name="held_row_by_decision"),
        ]

    def __str__(self) -> str:
        return f"row {self.number}: {self.reason}"
