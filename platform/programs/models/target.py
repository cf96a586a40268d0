from typing import ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from programs.tenancy import ParentKey, ProgramRow

from .measure import MeasureVersion
from .program import Program


class TargetQuerySet(models.QuerySet["Target"]):
    def of(self, program: Program) -> Self:
        return self.filter(program=program).select_related("measure_version__measure").order_by("position", "pk")


class Target(ProgramRow):
    """A number of people that the program is to reach, with who said so. Without a due date it has no pace."""

    class Kind(models.TextChoices):
        DEAL = "deal", _("agreed in a deal")
        NATIONAL = "national", _("national target")
        ILLUSTRATIVE = "illustrative", _("illustrative")

    class Grade(models.TextChoices):
        OWN_PAGE = "P", _("the owner's own page")
        PRESS = "S", _("press that names its source")
        PRESS_OR_WEAK = "S/W", _("press, partly weak")
        WEAK = "W", _("weak")

    measure_version = ParentKey(MeasureVersion, on_delete=models.PROTECT, related_name="targets")
    code = models.SlugField(max_length=40)
    name = models.CharField(max_length=200)
    value = models.PositiveIntegerField()
    kind = models.CharField(max_length=20, choices=Kind)
    starts_on = models.DateField(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)
    source = models.TextField()
    grade = models.CharField(max_length=5, choices=Grade)
    seen_on = models.DateField()
    position = models.PositiveSmallIntegerField(default=0)

    objects: ClassVar[TargetQuerySet] = TargetQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint("program", "code", name="target_code_is_once_in_a_program"),
            models.CheckConstraint(condition=models.Q(value__gt=0), name="target_value_is_positive"),
            models.CheckConstraint(
                condition=models.Q(due_on__isnull=True)
                | models.Q(starts_on__isnull=False, starts_on__lt=models.F("due_on")),
                name="target_with_due_date_starts_before_it",
            ),
        ]

    def __str__(self) -> str:
        return self.name
