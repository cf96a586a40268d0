from typing import ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.achievements.models import DirtyPeople
from programs.models import MeasureVersion, Partner, Program
from programs.tenancy import ParentKey, ProgramRow


class CountQuerySet(models.QuerySet["Count"]):
    def of(self, program: Program) -> Self:
        return self.filter(program=program)


class Count(ProgramRow):
    """A running total of the ledger, kept in the transaction that adds the entries.

    A few coarse groupings, each its own set of rows; a dimension that a grouping does not have is null there. Those
    with a partner count the parts, the others the whole; a month stands by its first day. No count is negative: a
    trigger says so, because a check would already refuse the -1 of an upsert.
    """

    class Grouping(models.TextChoices):
        DAY_REGION = "day-region", _("day × region")
        REGION_SECTOR = "region-sector", _("region × sector")
        SIZE_AGE = "size-age", _("employer size × age band")
        PARTNER_MONTH_REGION = "partner-month-region", _("partner × month × region")

    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="+", db_index=False)
    measure_version = ParentKey(MeasureVersion, on_delete=models.PROTECT, related_name="+", db_index=False)
    grouping = models.CharField(max_length=20, choices=Grouping)
    partner = ParentKey(Partner, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
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


class OpenedMeasureQuerySet(models.QuerySet["OpenedMeasure"]):
    def now_settled(self) -> Self:
        """Those for which everybody was marked and nobody of these waits any more."""
        waiting = DirtyPeople.objects.filter(
            program=models.OuterRef("program"), marked_at__lte=models.OuterRef("marked_at")
        )
        return self.filter(~models.Exists(waiting), marked_at__isnull=False, settled_at__isnull=True)


def counted_versions(program: Program, *, only_of_everybody: bool = False) -> models.QuerySet[MeasureVersion]:
    """The version of each measure that is shown to the outside, in the order of the program's list.

    It is the newest one that counts everybody. A measure that has none yet is there with its newest version, which has
    no figures to publish, or not at all with `only_of_everybody`.
    """
    settled = OpenedMeasure.objects.filter(measure_version=models.OuterRef("pk"), settled_at__isnull=False)
    versions = MeasureVersion.objects.annotate(counts_everybody=models.Exists(settled))
    newest = versions.filter(program=program).order_by("measure_id", "-counts_everybody", "-number")
    rows = versions.filter(pk__in=newest.distinct("measure_id").values("pk")).select_related("measure")
    rows = rows.filter(counts_everybody=True) if only_of_everybody else rows
    return rows.order_by("measure__position", "measure_id")


class OpenedMeasure(ProgramRow):
    """A measure version that settling looks at, since `opened_at`.

    Everybody with facts is marked dirty for it in a later transaction, so that nobody who was being settled at the
    moment of opening is missed; `marked_at` says that this was done. Once all these are settled, at `settled_at`, the
    version counts everybody, and its figures may be published.
    """

    measure_version = ParentKey(MeasureVersion, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    marked_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)

    objects: ClassVar[OpenedMeasureQuerySet] = OpenedMeasureQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [models.UniqueConstraint("measure_version", name="measure_version_is_opened_once")]

    def __str__(self) -> str:
        return f"{self.measure_version} since {self.opened_at}"
