"""A partner whose learning system sends statements, and what comes of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from courses.achievements.models import Achievement
from courses.returns.models import Return
from courses.returns.operations import load_profile, load_waiting_returns
from courses.returns.profiles import SHIPPED, parsed
from courses.statements.models import PAUSE
from courses.statements.operations import carry_out_voidings, report_waiting_statements
from programs.models import Partner, Program
from tests.factories import CourseFactory, PartnerFactory, ProgramFactory
from tests.test_statements.lms import LearningSystem, small

STANDARD = (SHIPPED / "standard-statements.toml").read_text(encoding="utf-8")
OWN = STANDARD.replace('code = "standard-statements"', 'code = "own-statements"').replace(
    "[statements]", '[statements]\npartner = "academy"'
)


def verb(word: str) -> dict[str, str]:
    return {"id": f"http://adlnet.gov/expapi/verbs/{word}"}


def learner(name: str) -> dict[str, Any]:
    return {"account": {"homePage": "https://academy.example", "name": name}}


def passed(name: str = "anna", **changes: Any) -> dict[str, Any]:
    return said("passed", name, **changes)


def said(word: str, name: str = "anna", **changes: Any) -> dict[str, Any]:
    return small(verb=verb(word), actor=learner(name)) | changes


@dataclass
class Academy:
    program: Program
    partner: Partner
    lms: LearningSystem
    rounds: int = 0

    def store(self, *statements: dict[str, Any]) -> list[str]:
        return self.lms.store(*statements)

    def moment(self) -> datetime:
        """Now, and each time a pause later, so that what waits is always due."""
        self.rounds += 1
        return timezone.now() + self.rounds * PAUSE

    def work(self) -> None:
        """What the workers do one after the other."""
        at = self.moment()
        report_waiting_statements(at=at)
        load_waiting_returns(at=at)
        carry_out_voidings(at=at)

    def send(self, *statements: dict[str, Any]) -> list[str]:
        ids = self.store(*statements)
        self.work()
        return ids

    def last(self) -> Return:
        found = Return.objects.of(self.program).first()
        assert found
        return found

    def standing(self) -> list[tuple[str, int]]:
        """Courses and levels of evidence of what stands."""
        return sorted(Achievement.objects.of(self.program).standing().values_list("course__code", "evidence"))

    def changes(self) -> list[str]:
        later = Achievement.objects.of(self.program).exclude(kind=Achievement.Kind.ACHIEVED)
        return list(later.order_by("pk").values_list("kind", flat=True))


def academy_of(partner: Partner, sources: Iterable[str] = (STANDARD,)) -> Academy:
    CourseFactory(program=partner.program, code="first-steps")
    for source in sources:
        load_profile(parsed(source), partner.program)
    return Academy(partner.program, partner, LearningSystem.of(partner))


def new_academy() -> Academy:
    return academy_of(PartnerFactory.create(program=ProgramFactory.create(code="rur"), code="academy", name="Academy"))


def counts(sent: Return) -> tuple[int, int, int, int]:
    return sent.sent, sent.accepted, sent.duplicate, sent.quarantined
