"""What somebody decided of rows in quarantine. Rows are only ever added."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from programs.models import Partner, Program
from programs.tenancy import ParentKey, ProgramRow


class QuarantineDecisionQuerySet(models.QuerySet["QuarantineDecision"]):
    def of(self, program: Program) -> Self:
        """The newest first."""
        return self.filter(program=program).select_related("partner", "decided_by").order_by("-pk")

    def standing(self) -> Self:
        """Releases and dismissals that nobody has undone."""
        undone = QuarantineDecision.objects.filter(undoes=models.OuterRef("pk"))
        return self.exclude(verdict=QuarantineDecision.Verdict.UNDO).exclude(models.Exists(undone))


class QuarantineDecision(ProgramRow):
    """That flagged rows of a partner go in, stay out, or that an earlier decision is taken back: who, when and why."""

    class Verdict(models.TextChoices):
        RELEASE = "release", _("they go in")
        DISMISS = "dismiss", _("they stay out")
        UNDO = "undo", _("taken back")

    UNDONE = "A release from quarantine was undone"

    partner = ParentKey(Partner, on_delete=models.PROTECT, related_name="+")
    verdict = models.CharField(max_length=10, choices=Verdict)
    rule = models.CharField(max_length=20, help_text="the rule that held the rows")
    group = models.CharField(max_length=80, help_text="what the rows have in common, as `HeldRow.group`")
    rows = models.PositiveIntegerField(help_text="how many rows were decided")
    because = models.TextField()
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    undoes = ParentKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="undone_by")

    objects: ClassVar[QuarantineDecisionQuerySet] = QuarantineDecisionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "undoes", condition=models.Q(undoes__isnull=False), name="quarantine_decision_is_undone_once"
            ),
            models.CheckConstraint(
                condition=models.Q(verdict__in=["release", "dismiss"], undoes__isnull=True)
                | models.Q(verdict="undo", undoes__isnull=False),
                name="quarantine_decision_undoes_another",
            ),
            models.CheckConstraint(condition=~models.Q(because=""), name="quarantine_decision_says_why"),
            models.CheckConstraint(condition=models.Q(rows__gte=1), name="quarantine_decision_is_of_rows"),
        ]

    def __str__(self) -> str:
        return f"{self.get_verdict_display()}: {self.rows} rows of {self.partner}"

    @property
    def reason_of_revocation(self) -> str:
        """What the later facts say that revoke what a release brought, when it is undone."""
        return f"{self.UNDONE} (decision {self.pk}): {self.because}"
