"""Rules that keep rows out of the count until somebody has looked at them: thresholds and switches of a program."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from programs.models import Program
from programs.tenancy import ParentKey, ProgramRow


class AnomalyRuleQuerySet(models.QuerySet["AnomalyRule"]):
    def of(self, program: Program) -> Self:
        return self.filter(program=program).order_by("pk")


class AnomalyRule(ProgramRow):
    """One rule of a program. What its parameters may be is in `courses.returns.anomalies.parameters`."""

    class Kind(models.TextChoices):
        """In the order in which they are named where several hold a row: the gravest first."""

        DORMANT = "dormant", _("a dormant employer wakes")
        CROWDED = "crowded", _("more learners than employees")
        SHARED = "shared", _("shared by several people")
        PLACEHOLDER = "placeholder", _("placeholder values")
        FAST = "fast", _("faster than plausible")
        FULL_DAY = "full-day", _("more courses than a day has hours")
        NIGHT = "night", _("a burst at night")

    kind = models.CharField(max_length=20, choices=Kind)
    is_on = models.BooleanField(default=True)
    parameters = models.JSONField(help_text="as checked by courses.returns.anomalies")

    objects: ClassVar[AnomalyRuleQuerySet] = AnomalyRuleQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint("program", "kind", name="anomaly_rule_is_once_in_a_program"),
            models.CheckConstraint(
                condition=models.Q(
                    kind__in=["dormant", "crowded", "shared", "placeholder", "fast", "full-day", "night"]
                ),
                name="anomaly_rule_kind_is_known",
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class RuleChange(ProgramRow):
    """What somebody made of a rule, and when. Rows are only ever added."""

    rule = ParentKey(AnomalyRule, on_delete=models.PROTECT, related_name="changes")
    is_on = models.BooleanField()
    parameters = models.JSONField()
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.rule} since {self.changed_at}"
