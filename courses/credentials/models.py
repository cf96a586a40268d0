"""A credential states an achievement of a course taken here, signed, with a public page that verifies it."""

import re
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models

from courses.achievements.models import Achievement
from people.models import Person
from programs.models import Program
from programs.tenancy import ParentKey, ProgramRow

if TYPE_CHECKING:
    from accounts.models import User

LONGEST_CODE = 40


class CredentialQuerySet(models.QuerySet["Credential"]):
    def of_person(self, person: Person) -> Self:
        return self.filter(person=person).select_related("achievement__course").order_by("-issued_at")

    def of_user(self, program: Program, user: "User") -> Self:
        """The user's credentials of the program with all that their status depends on, the newest first."""
        return self.with_record().filter(program=program, person__user=user).order_by("-issued_at", "-pk")

    def with_record(self) -> Self:
        """With everything that a credential is compared with when it is verified."""
        return self.select_related("program", "person", "achievement__course").prefetch_related(
            "achievement__later_facts"
        )

    def find(self, code: str) -> "Credential | None":
        """The credential with this code, if there is one; any text may be asked for."""
        if len(code) > LONGEST_CODE or not re.fullmatch(r"[a-zA-Z0-9_-]+", code):
            return None
        return self.with_record().filter(code=code).first()


class Credential(ProgramRow):
    """An Open Badges 3.0 credential as VC-JWT. The signature lies in `jwt`; the signing key never in the database.

    What was signed is never rewritten or deleted: a trigger refuses. Whether it stands is said by the facts about its
    achievement alone, so that both are revoked and restored together.
    """

    person = ParentKey(Person, on_delete=models.PROTECT, related_name="credentials")
    achievement = ParentKey(Achievement, on_delete=models.PROTECT, related_name="credentials")
    code = models.CharField(max_length=LONGEST_CODE, unique=True, help_text="random part of the public address")
    jwt = models.TextField()
    shows_name = models.BooleanField(default=False, help_text="the learner agreed that the public page shows the name")
    issued_at = models.DateTimeField()

    objects: ClassVar[CredentialQuerySet] = CredentialQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint("achievement", name="credential_is_one_an_achievement"),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def revocation(self) -> tuple[datetime, str] | None:
        """When and why it stopped standing; none while its achievement stands, be it for the second time."""
        last = max(self.achievement.later_facts.all(), key=lambda fact: fact.turn or 0, default=None)
        if last is None or last.kind != Achievement.Kind.REVOKED:
            return None
        return last.recorded_at, last.reason
