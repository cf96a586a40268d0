from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models

from programs.tenancy import ParentKey, ProgramRow

from .partner import Partner
from .program import Program

if TYPE_CHECKING:
    from accounts.models import User


class Role(models.TextChoices):
    LEARNER = "learner", "learner"
    PARTNER_MANAGER = "partner_manager", "partner manager"
    PROGRAM_MANAGER = "program_manager", "program manager"
    MINISTRY = "ministry", "ministry"


class MembershipQuerySet(models.QuerySet["Membership"]):
    def of_user(self, user: "User") -> Self:
        return self.filter(user=user).select_related("program", "partner").order_by("program__code", "role", "pk")

    def roles_in(self, program: Program, user: "User") -> dict[str, "Membership"]:
        """The user's memberships of this program, by role."""
        rows = self.filter(program=program, user=user).select_related("partner").order_by("-pk")
        return {row.role: row for row in rows}


class Membership(ProgramRow):
    """A user's role in a program. The operator of the instance is no member: accounts.User.is_operator."""

    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role)
    partner = ParentKey(Partner, on_delete=models.PROTECT, null=True, blank=True, related_name="memberships")

    objects: ClassVar[MembershipQuerySet] = MembershipQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "program", "user", "role", name="membership_role_is_once",
                violation_error_message="This user has the role already.",
            ),
            models.CheckConstraint(
                condition=models.Q(role=Role.PARTNER_MANAGER, partner__isnull=False)
                | (~models.Q(role=Role.PARTNER_MANAGER) & models.Q(partner__isnull=True)),
                name="membership_of_partner_manager_names_the_partner",
                violation_error_message="A partner manager needs a partner; the other roles have none.",
            ),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="membership_role_is_known"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()} · {self.program}"
