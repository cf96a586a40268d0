"""When a partner's returns are due, and a partner's word that there is nothing to report."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from programs.models import Partner
from programs.tenancy import ParentKey, ProgramRow


class ReportingScheduleQuerySet(models.QuerySet["ReportingSchedule"]):
    def of_partner(self, partner: Partner) -> Self:
        """All that were ever set, the one that holds first."""
        return self.filter(partner=partner).select_related("set_by").order_by("-pk")


class ReportingSchedule(ProgramRow):
    """How often a partner reports, from which day on, and how many days it has after the end of a period.

    Rows are only ever added: the newest of a partner holds, and one without `months` says that nothing is due.
    """

    class Every(models.IntegerChoices):
        """Months of a period."""

        MONTH = 1, _("every month")
        QUARTER = 3, _("every quarter")
        HALF_YEAR = 6, _("every half-year")
        YEAR = 12, _("every year")

    partner = ParentKey(Partner, on_delete=models.PROTECT, related_name="reporting_schedules")
    months = models.PositiveSmallIntegerField(null=True, choices=Every, help_text="of a period; none: nothing is due")
    begins_on = models.DateField(null=True, help_text="the first day of the first period, and the first of its month")
    due_after_days = models.PositiveSmallIntegerField(null=True, help_text="days after the last day of a period")
    set_at = models.DateTimeField()
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects: ClassVar[ReportingScheduleQuerySet] = ReportingScheduleQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(months__isnull=True, begins_on__isnull=True, due_after_days__isnull=True)
                | models.Q(months__isnull=False, begins_on__isnull=False, due_after_days__isnull=False),
                name="reporting_schedule_is_whole_or_none",
            ),
            models.CheckConstraint(
                condition=models.Q(months__isnull=True) | models.Q(months__in=[1, 3, 6, 12]),
                name="reporting_schedule_rhythm_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(begins_on__isnull=True) | models.Q(begins_on__day=1),
                name="reporting_schedule_begins_with_a_month",
            ),
            models.CheckConstraint(
                condition=models.Q(due_after_days__isnull=True) | models.Q(due_after_days__lte=366),
                name="reporting_schedule_gives_a_year_at_most",
            ),
        ]
        indexes = [models.Index(fields=["partner", "-id"], name="reporting_schedule_newest")]

    def __str__(self) -> str:
        if self.months is None or self.due_after_days is None:
            return gettext("nothing is due")
        # Translators: "rhythm" is such as "every quarter"
        said = ngettext(
            "%(rhythm)s, due %(days)s day after its end",
            "%(rhythm)s, due %(days)s days after its end",
            self.due_after_days,
        )
        return said % {"rhythm": self.get_months_display(), "days": self.due_after_days}


class NothingToReportQuerySet(models.QuerySet["NothingToReport"]):
    def standing(self) -> Self:
        """What was not taken back."""
        return self.filter(withdrawn_at__isnull=True)


class NothingToReport(ProgramRow):
    """A partner's word that it has nothing to report of a period. Taken back it stays, with who did that and when."""

    partner = ParentKey(Partner, on_delete=models.PROTECT, related_name="+")
    first_on = models.DateField(help_text="the first day of the period")
    last_on = models.DateField(help_text="the last day of the period")
    said_at = models.DateTimeField()
    said_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects: ClassVar[NothingToReportQuerySet] = NothingToReportQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "partner", "first_on", "last_on", condition=models.Q(withdrawn_at__isnull=True),
                name="nothing_to_report_is_said_once_of_a_period",
            ),
            models.CheckConstraint(
                condition=models.Q(first_on__lt=models.F("last_on")), name="nothing_to_report_is_of_a_period"
            ),
            models.CheckConstraint(
                condition=models.Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | models.Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="nothing_to_report_is_taken_back_by_somebody",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.partner}: nothing from {self.first_on} to {self.last_on}"
