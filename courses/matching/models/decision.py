"""What somebody decided of candidates, and that it was undone."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from people.models import Merge
from programs.models import Program
from programs.tenancy import ParentKey, ProgramRow

from .candidate import Candidate


class DecisionQuerySet(models.QuerySet["Decision"]):
    def of(self, program: Program) -> Self:
        return self.filter(program=program).select_related("decided_by").order_by("-pk")

    def standing(self) -> Self:
        return self.filter(undone_at__isnull=True)

    def with_first(self) -> Self:
        """With `first`: the number of the first candidate that it was about."""
        return self.annotate(first=models.Min("decided__candidate"))


class Decision(ProgramRow):
    """One decision of one person about one candidate or about many with the same evidence. It can be undone, once."""

    first: int  # of rows of `with_first`

    class Verdict(models.TextChoices):
        SAME = "same", _("one person")
        DIFFERENT = "different", _("two people")
        LATER = "later", _("put off")

    verdict = models.CharField(max_length=10, choices=Verdict)
    because = models.TextField(blank=True)
    candidates = models.PositiveIntegerField()
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects: ClassVar[DecisionQuerySet] = DecisionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(candidates__gte=1), name="decision_is_about_something"),
            models.CheckConstraint(
                condition=models.Q(undone_at__isnull=True, undone_by__isnull=True)
                | models.Q(undone_at__isnull=False, undone_by__isnull=False),
                name="decision_undone_has_a_person_and_a_moment",
            ),
        ]
        indexes = [models.Index(fields=["program", "-id"], name="decision_newest_first")]

    def __str__(self) -> str:
        return f"decision {self.pk}: {self.get_verdict_display()}"


class Decided(ProgramRow):
    """That a decision was about a candidate, and the merge that it made. A log: never changed."""

    decision = ParentKey(Decision, on_delete=models.PROTECT, related_name="decided")
    candidate = ParentKey(Candidate, on_delete=models.PROTECT, related_name="decided")
    merge = ParentKey(Merge, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name_plural = "decided"
        constraints = [
            models.UniqueConstraint("decision", "candidate", name="candidate_is_decided_once_in_a_decision"),
        ]

    def __str__(self) -> str:
        return f"{self.decision_id} of {self.candidate_id}"
