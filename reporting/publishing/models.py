"""Figures that may leave the program: every one has passed the program's disclosure rule."""

from typing import ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from programs.models import MeasureVersion, Program
from programs.tenancy import ParentKey, ProgramRow
from reporting.counting.models import counted_versions


class PublishedFigureQuerySet(models.QuerySet["PublishedFigure"]):
    def of(self, program: Program) -> Self:
        return self.filter(program=program)

    def of_current_measures(self, program: Program) -> Self:
        """Figures of the version of each measure that is published; those of older versions stay as they were."""
        return self.of(program).filter(measure_version__in=counted_versions(program).values("pk"))


class PublishedFigure(ProgramRow):
    """One cell of one of the fixed tables, as the outside sees it.

    `people` is null where the rule hides the figure, and `shown` is what is printed in either case. `exact_at_change`
    is the count when the figure last moved: a rule may hold the figure until enough people have come or gone.
    """

    class Table(models.TextChoices):
        TOTAL = "total", _("total")
        BY_MONTH = "by-month", _("by month")
        BY_REGION = "by-region", _("by region")
        BY_SECTOR = "by-sector", _("by sector")
        BY_PARTNER = "by-partner", _("by partner")

    measure_version = ParentKey(MeasureVersion, on_delete=models.PROTECT, related_name="+")
    table = models.CharField(max_length=20, choices=Table)
    label = models.CharField(max_length=40, blank=True, help_text="code of the row; empty: the total, or not stated")
    people = models.PositiveIntegerField(null=True)
    shown = models.CharField(max_length=40)
    exact_at_change = models.PositiveIntegerField()
    rule = models.CharField(max_length=40)
    changed_at = models.DateTimeField()

    objects: ClassVar[PublishedFigureQuerySet] = PublishedFigureQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("measure_version", "table", "label"), name="published_figure_is_one_a_cell"
            ),
            models.CheckConstraint(
                condition=models.Q(table__in=["total", "by-month", "by-region", "by-sector", "by-partner"]),
                name="published_figure_is_in_a_fixed_table",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.table} {self.label}: {self.shown}"


class PublicationQuerySet(models.QuerySet["Publication"]):
    def of(self, program: Program) -> "Publication | None":
        """The program's publication; None as long as nothing has been published."""
        return self.filter(program=program).first()


class Publication(ProgramRow):
    """When a program's figures were last published: from the counts as they were at `as_of`.

    Every fact recorded before `counted_until` was in those counts. `changed_at` is when a figure last moved.
    """

    rule = models.CharField(max_length=40)
    as_of = models.DateTimeField()
    counted_until = models.DateTimeField()
    changed_at = models.DateTimeField()

    objects: ClassVar[PublicationQuerySet] = PublicationQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [models.UniqueConstraint(fields=("program",), name="publication_is_one_a_program")]

    def __str__(self) -> str:
        return f"figures of {self.program_id} as of {self.as_of}"
