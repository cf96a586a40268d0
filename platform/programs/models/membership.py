from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from programs.tenancy import ParentKey, ProgramRow

from .partner import Partner
from .program import Program

if TYPE_CHECKING:
    from accounts.models import User


class Role(models.TextChoices):
    LEARNER = "learner", _("learner")
    PARTNER_MANAGER = "partner_manager", _("partner manager")
    PROGRAM_MANAGER = "program_manager", _("program manager")
    MINISTRY = "ministry", _("ministry")
    AUTHOR = "author", _("author")


class MembershipQuerySet(models.QuerySet["Membership"]):
    def of_user(self, user: "User") -> Self:
        """By the codes of their programs, in a program those of partners in the order of their names."""
        related = self.filter(user=user).select_related("program", "partner")
        return related.order_by("program__code", "role", "partner__name", "pk")


class Membership(ProgramRow):
    """A user's role in a program; who manages several partners has that role once for each.

    The operator of the instance is no member: accounts.User.is_operator.
    """

    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role)
    partner = ParentKey(Partner, on_delete=models.PROTECT, null=True, blank=True, related_name="memberships")

    objects: ClassVar[MembershipQuerySet] = MembershipQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "program", "user", "role", condition=models.Q(partner__isnull=True), name="membership_role_is_once",
                violation_error_message="This user has the role already.",
            ),
            models.UniqueConstraint(
                "user", "partner", name="membership_of_partner_manager_is_once_a_partner",
                violation_error_message="This user manages the partner already.",
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
