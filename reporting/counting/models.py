"""Bookkeeping for people: what each person contributes, the entries that led there, and their running totals."""

from typing import ClassVar, Self

from django.db import models

from courses.achievements.models import Achievement
from people.models import Person
from programs.models import MeasureVersion, Partner, Program
from programs.tenancy import ParentKey, ProgramRow


class Cell(ProgramRow):
    """Where a person counts. `partner` empty: the whole, where a person counts once; else the grain of that partner."""

    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="+", db_index=False)
    measure_version = ParentKey(MeasureVersion, on_delete=models.PROTECT, related_name="+", db_index=False)
    partner = ParentKey(Partner, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    day = models.DateField(help_text="day of the first achievement that counts")
    region = models.CharField(max_length=20, blank=True)
    sector = models.CharField(max_length=20, blank=True)
    employer_size = models.CharField(max_length=20, blank=True)
    age_band = models.CharField(max_length=20, blank=True)

    class Meta:
        abstract = True


class Contribution(Cell):
    """What is booked for a person now: one, in this cell."""

    person = ParentKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    achievement = ParentKey(Achievement, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "person", "measure_version", "partner", nulls_distinct=False, name="contribution_is_one_a_grain"
            ),
        ]

    def __str__(self) -> str:
        return f"person {self.person_id} counts on {self.day}"


class LedgerEntry(Cell):
    """One booking, +1 or -1. Entries are only ever added: triggers refuse UPDATE, DELETE and TRUNCATE.

    A count as of a moment is the sum of the entries booked until then.
    """

    class Cause(models.TextChoices):
        NEW = "new", "new"
        LATE = "late", "reported late"
        REVOKED = "revoked", "revoked"
        CORRECTION = "correction", "corrected"
        MERGE = "merge", "merged persons"
        UNMERGE = "unmerge", "separated persons"

    person = ParentKey(Person, on_delete=models.PROTECT, related_name="+")
    achievement = ParentKey(Achievement, on_delete=models.PROTECT, related_name="+", db_index=False)
    quantity = models.SmallIntegerField()
    cause = models.CharField(max_length=12, choices=Cause)
    booked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(quantity__in=(1, -1)), name="ledger_entry_is_one_person")
        ]
        indexes = [models.Index(fields=["measure_version", "booked_at"], name="ledger_by_moment")]
        verbose_name_plural = "ledger entries"

    def __str__(self) -> str:
        return f"{self.quantity:+d} on {self.day}: {self.cause}"


class CountQuerySet(models.QuerySet["Count"]):
    def of(self, program: Program) -> Self:
        return self.filter(program=program)


class Count(ProgramRow):
    """A running total of the ledger, kept in the transaction that adds the entries.

    A few coarse groupings, each its own set of rows; a dimension that a grouping does not have is null there. No count
    is negative: a trigger says so, because a check would already refuse the -1 of an upsert.
    """

    class Grouping(models.TextChoices):
        DAY_REGION = "day-region", "day × region"
        REGION_SECTOR = "region-sector", "region × sector"
        SIZE_AGE = "size-age", "employer size × age band"
        PARTNER_DAY_REGION = "partner-day-region", "partner × day × region"

    measure_version = ParentKey(MeasureVersion, on_delete=models.PROTECT, related_name="+", db_index=False)
    grouping = models.CharField(max_length=20, choices=Grouping)
    partner = ParentKey(Partner, on_delete=models.PROTECT, null=True, related_name="+")
    day = models.DateField(null=True)
    region = models.CharField(max_length=20, null=True)  # noqa: DJ001 - null is "all", empty is "not stated"
    sector = models.CharField(max_length=20, null=True)  # noqa: DJ001
    employer_size = models.CharField(max_length=20, null=True)  # noqa: DJ001
    age_band = models.CharField(max_length=20, null=True)  # noqa: DJ001
    people = models.IntegerField()

    objects: ClassVar[CountQuerySet] = CountQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "measure_version", "grouping", "partner", "day", "region", "sector", "employer_size", "age_band",
                nulls_distinct=False, name="count_is_one_a_cell",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.people} people"


class OpenedMeasure(ProgramRow):
    """A measure version that settling looks at, since `opened_at`.

    Everybody with facts is marked dirty for it in a later transaction, so that nobody who was being settled at the
    moment of opening is missed; `marked_at` says that this was done.
    """

    measure_version = ParentKey(MeasureVersion, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    marked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint("measure_version", name="measure_version_is_opened_once")]

    def __str__(self) -> str:
        return f"{self.measure_version} since {self.opened_at}"
