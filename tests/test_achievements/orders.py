"""Two managers of one program, a partner with achievements, and how they order."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from accounts.models import User
from courses.achievements.models import Achievement, MassRevocation
from courses.achievements.operations import (
    approve_mass_revocation,
    carry_out_mass_revocation,
    propose_mass_revocation,
    propose_undo,
)
from programs.models import Partner, Program, Role
from tests.factories import (
    NOW,
    AchievementFactory,
    CourseFactory,
    MembershipFactory,
    PartnerFactory,
    PersonFactory,
    UserFactory,
)

FIRST, LAST = date(2026, 3, 1), date(2026, 3, 31)


@dataclass(frozen=True)
class Office:
    """Anna and Bela manage the program of the partner."""

    program: Program
    partner: Partner
    anna: User
    bela: User

    def achieve(self, *, on: date = FIRST, **more: Any) -> Achievement:
        given = {"program": self.program, "partner": self.partner, "achieved_on": on, "course": self.course(), **more}
        person = given.pop("person", None) or PersonFactory(program=self.program)
        return AchievementFactory(person=person, **given)

    def course(self) -> Any:
        return CourseFactory(program=self.program)

    def propose(self, **changes: Any) -> MassRevocation:
        asked = {"first_on": FIRST, "last_on": LAST, "reason": "Wrong results", "proposed_by": self.anna, "at": NOW}
        partner = changes.pop("partner", self.partner)
        return propose_mass_revocation(self.program, partner, **{**asked, **changes})

    def approve(self, order: MassRevocation, *, by: User | None = None, at: datetime = NOW) -> MassRevocation:
        seen = order.takes().reach().achievements
        return approve_mass_revocation(order, approved_by=by or self.bela, seen=seen, at=at)

    def carry_out(self, order: MassRevocation) -> MassRevocation:
        """Approves it and carries it out."""
        self.approve(order)
        carry_out_mass_revocation(order.pk, at=NOW)
        return MassRevocation.objects.of(self.program).get(pk=order.pk)

    def undo(self, order: MassRevocation, *, reason: str = "They were right") -> MassRevocation:
        return propose_undo(order, reason=reason, proposed_by=self.bela, at=NOW)

    def carry_out_undo(self, order: MassRevocation) -> MassRevocation:
        undo = self.undo(order)
        self.approve(undo, by=self.anna)
        carry_out_mass_revocation(undo.pk, at=NOW)
        return MassRevocation.objects.of(self.program).get(pk=undo.pk)

    def standing(self) -> int:
        return Achievement.objects.of(self.program).standing().count()


def manager_of(program: Program) -> User:
    user: User = MembershipFactory(program=program, user=UserFactory(), role=Role.PROGRAM_MANAGER).user
    return user


def office_of(partner: Partner) -> Office:
    return Office(partner.program, partner, manager_of(partner.program), manager_of(partner.program))


def new_office() -> Office:
    return office_of(PartnerFactory())
