"""The order of two people that all achievements of one partner in a period be revoked, or that this be undone."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from programs.models import Partner, Program
from programs.tenancy import ParentKey, ProgramRow

from .achievement import Achievement, AchievementQuerySet


class MassRevocationQuerySet(models.QuerySet["MassRevocation"]):
    def of(self, program: Program) -> Self:
        """With all that is said of them, the newest first."""
        named = self.filter(program=program).select_related("partner", "proposed_by", "decided_by")
        undone = MassRevocation.objects.filter(undoes=models.OuterRef("pk"), carried_out_at__isnull=False)
        return named.annotate(is_undone=models.Exists(undone)).order_by("-pk")

    def waiting(self) -> Self:
        """Approved and not carried out yet, the oldest approval first."""
        return self.filter(decision=MassRevocation.Decision.APPROVED, carried_out_at__isnull=True).order_by(
            "decided_at", "pk"
        )

    def in_force(self) -> Self:
        """Neither refused nor withdrawn."""
        return self.filter(decision__in=["", MassRevocation.Decision.APPROVED])


class MassRevocation(ProgramRow):
    """An order: one person proposes it, another approves it, and a worker carries it out.

    It takes the achievements of the partner from the first day to the last, both included, that stand at the moment
    in which it is carried out. An order that `undoes` another one restores what that one revoked and nothing has
    changed since. What was proposed, decided and carried out is never rewritten: a trigger refuses.
    """

    class Decision(models.TextChoices):
        APPROVED = "approved", _("approved")
        REFUSED = "refused", _("refused")
        WITHDRAWN = "withdrawn", _("withdrawn")

    partner = ParentKey(Partner, on_delete=models.PROTECT, related_name="+")
    first_on = models.DateField()
    last_on = models.DateField()
    reason = models.TextField(help_text="stands in every fact, and on the public page of a credential that falls")
    undoes = ParentKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="undos")
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decision = models.CharField(max_length=10, choices=Decision, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    approved = models.PositiveIntegerField(
        null=True, blank=True, help_text="achievements that it would take when it was approved"
    )
    carried_out_at = models.DateTimeField(null=True, blank=True)
    achievements = models.PositiveIntegerField(null=True, blank=True, help_text="how many it took")
    people = models.PositiveIntegerField(null=True, blank=True, help_text="of how many people")

    objects: ClassVar[MassRevocationQuerySet] = MassRevocationQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(first_on__lte=models.F("last_on")), name="mass_revocation_period_is_not_reversed"
            ),
            models.CheckConstraint(condition=~models.Q(reason=""), name="mass_revocation_says_why"),
            models.CheckConstraint(
                condition=~models.Q(decision="approved") | ~models.Q(decided_by=models.F("proposed_by")),
                name="mass_revocation_is_approved_by_another_person",
            ),
            models.CheckConstraint(
                condition=~models.Q(decision="withdrawn") | models.Q(decided_by=models.F("proposed_by")),
                name="mass_revocation_is_withdrawn_by_who_proposed_it",
            ),
            models.CheckConstraint(
                condition=models.Q(decision="", decided_by__isnull=True, decided_at__isnull=True)
                | models.Q(
                    decision__in=["approved", "refused", "withdrawn"],
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                ),
                name="mass_revocation_decision_has_a_person_and_a_moment",
            ),
            models.CheckConstraint(
                condition=models.Q(decision="approved", approved__isnull=False)
                | (~models.Q(decision="approved") & models.Q(approved__isnull=True)),
                name="mass_revocation_is_approved_with_a_number",
            ),
            models.CheckConstraint(
                condition=models.Q(carried_out_at__isnull=True, achievements__isnull=True, people__isnull=True)
                | models.Q(
                    decision="approved",
                    carried_out_at__isnull=False,
                    achievements__isnull=False,
                    people__isnull=False,
                ),
                name="mass_revocation_is_carried_out_once_approved",
            ),
            models.UniqueConstraint(
                "partner",
                "first_on",
                "last_on",
                condition=models.Q(decision="", undoes__isnull=True),
                name="mass_revocation_of_a_period_is_proposed_once",
            ),
            models.UniqueConstraint(
                "undoes",
                condition=models.Q(decision__in=["", "approved"]),
                name="mass_revocation_is_undone_once",
            ),
        ]

    def __str__(self) -> str:
        return f"mass revocation {self.pk}"

    @property
    def is_undo(self) -> bool:
        return self.undoes_id is not None

    @property
    def is_open(self) -> bool:
        """Nobody has decided yet."""
        return not self.decision

    @property
    def is_waiting(self) -> bool:
        """Approved, and a worker has still to carry it out."""
        return self.decision == self.Decision.APPROVED and self.carried_out_at is None

    def takes(self) -> AchievementQuerySet:
        """The last facts of the achievements that it would take if it were carried out now."""
        if self.undoes_id is not None:
            return self._revoked_by(self.undoes_id)
        return self._last_facts().filter(~models.Q(last_kind=Achievement.Kind.REVOKED))

    def leaves_to_undo(self) -> AchievementQuerySet:
        """The last facts of the achievements that it revoked and that nothing has changed since."""
        return self._revoked_by(self.pk)

    def _revoked_by(self, order_id: int) -> AchievementQuerySet:
        source = models.Q(last_source=Achievement.Source.MASS_REVOCATION, last_source_id=order_id)
        return self._last_facts().filter(source, models.Q(last_kind=Achievement.Kind.REVOKED))

    def _last_facts(self) -> AchievementQuerySet:
        facts = Achievement.objects.of_partner(self.partner, first_on=self.first_on, last_on=self.last_on)
        return facts.last_facts()
