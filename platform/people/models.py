"""A person is one human being within a program, however many partners, addresses or courses know them."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models

from accounts.models import User
from programs.models import Membership, Program, Role
from programs.tenancy import ParentKey, ProgramRow


class PersonQuerySet(models.QuerySet["Person"]):
    def of(self, program: Program) -> Self:
        return self.filter(program=program)

    def of_learner(self, program: Program, user: User) -> Self:
        """The person that the user is in the program, if they have joined it as a learner."""
        joined = Membership.objects.filter(program=program, user=user, role=Role.LEARNER)
        return self.filter(models.Exists(joined), program=program, user=user)


class Person(ProgramRow):
    """One human being. Persons known from returns alone carry no personal field at all.

    The codes say how a learner who signs in describes themself today; an achievement copies them on its day.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="persons"
    )
    name = models.CharField(max_length=200, blank=True, help_text="as it stands on credentials")
    region = models.CharField(max_length=20, blank=True)
    sector = models.CharField(max_length=20, blank=True)
    employer_size = models.CharField(max_length=20, blank=True)
    age_band = models.CharField(max_length=20, blank=True)
    created_at = models.DateTimeField()

    objects: ClassVar[PersonQuerySet] = PersonQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "program", "user", condition=models.Q(user__isnull=False), name="person_of_a_user_is_one_a_program"
            ),
        ]

    def __str__(self) -> str:
        return f"person {self.pk}"


class Identity(ProgramRow):
    """A sign by which a person is known again: a keyed hash of an identifier, never the identifier."""

    person = ParentKey(Person, on_delete=models.PROTECT, related_name="identities")
    scheme = models.CharField(max_length=60, help_text="code of the program's scheme, or email, or partner:<code>")
    digest = models.BinaryField(max_length=32, help_text="HMAC-SHA256 under the program's key")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint("program", "scheme", "digest", name="identity_names_one_person"),
        ]
        verbose_name_plural = "identities"

    def __str__(self) -> str:
        return f"{self.scheme} of person {self.person_id}"
