from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from programs.tenancy import ParentKey, ProgramRow

from .program import Program


class Evidence(models.IntegerChoices):
    """How well a completion is evidenced; each level includes those before it."""

    OPENED = 1, _("opened")
    COMPLETED = 2, _("completed")
    ASSESSED = 3, _("assessed")
    SUPERVISED = 4, _("supervised")


class Measure(ProgramRow):
    """What is counted, in name; what exactly counts is said by its versions."""

    code = models.SlugField(max_length=40)
    name = models.CharField(max_length=200)
    position = models.PositiveSmallIntegerField(default=0, help_text="place in the program's list of measures")

    class Meta:
        constraints = [models.UniqueConstraint("program", "code", name="measure_code_is_once_in_a_program")]

    def __str__(self) -> str:
        return self.name


class MeasureVersionQuerySet(models.QuerySet["MeasureVersion"]):
    def of(self, program: Program) -> Self:
        return self.filter(program=program)

    def current(self) -> Self:
        """The newest version of each measure, in the order in which the program lists its measures."""
        newest = self.order_by("measure", "-number").distinct("measure").values("pk")
        return self.filter(pk__in=newest).select_related("measure").order_by("measure__position", "measure")


class MeasureVersion(ProgramRow):
    """What counts. Never edited: another definition is another version, and figures name the version they used.

    A person counts once, on the day and with the codes of the first achievement that qualifies: on a course that
    carries `tag` (any course if empty), with at least `evidence`, achieved within the window, in an employer of one of
    `employer_sizes` (any if empty).
    """

    class Unit(models.TextChoices):
        PERSON = "person", _("people")

    class Geography(models.TextChoices):
        FIRST_ACHIEVEMENT = "first-achievement", _("where the person lived when they first achieved what counts")

    measure = ParentKey(Measure, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    unit = models.CharField(max_length=20, choices=Unit, default=Unit.PERSON)
    tag = models.SlugField(max_length=40, blank=True)
    evidence = models.PositiveSmallIntegerField(choices=Evidence)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    employer_sizes = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    geography = models.CharField(max_length=30, choices=Geography, default=Geography.FIRST_ACHIEVEMENT)

    objects: ClassVar[MeasureVersionQuerySet] = MeasureVersionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint("measure", "number", name="measure_version_number_is_once"),
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True) | models.Q(starts_on__lte=models.F("ends_on")),
                name="measure_version_window_starts_before_it_ends",
            ),
            models.CheckConstraint(
                condition=models.Q(evidence__in=Evidence.values), name="measure_version_evidence_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure} (version {self.number})"
