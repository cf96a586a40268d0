"""A person is one human being within a program, however many partners, addresses or courses know them."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models.functions import Coalesce, Now
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from people.situations import Experience, Occupation
from programs.models import Membership, Partner, Program, Role
from programs.tenancy import ParentKey, ProgramRow


class PersonQuerySet(models.QuerySet["Person"]):
    def of(self, program: Program) -> Self:
        return self.filter(program=program)

    def of_learner(self, program: Program, user: User) -> Self:
        """The person that the user is in the program, if they have joined it as a learner."""
        joined = Membership.objects.filter(program=program, user=user, role=Role.LEARNER)
        return self.filter(models.Exists(joined), program=program, user=user)

    def counted_as(self, person: "Person") -> Self:
        """Everybody who is the same human being as this person by the merges that stand, whichever of them is given."""
        of_person = Alias.objects.filter(person=person)
        root = Coalesce(models.Subquery(of_person.values("stands_for")[:1]), models.Value(person.pk))
        aliases = Alias.objects.filter(stands_for=root).values("person")
        return self.filter(models.Q(pk=root) | models.Q(pk__in=aliases), program=person.program_id)


class Person(ProgramRow):
    """One human being. Persons known from returns alone carry no personal field at all.

    The codes say how a learner who signs in describes themself today; an achievement copies them on its day.
    """

    # A nation's returns bring millions: programs are checked once a statement, and few persons have a user.
    program = models.ForeignKey(
        Program, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="persons",
        db_index=False,
    )
    name = models.CharField(max_length=200, blank=True, help_text="as it stands on credentials")
    region = models.CharField(max_length=20, blank=True)
    sector = models.CharField(max_length=20, blank=True)
    employer_size = models.CharField(max_length=20, blank=True)
    age_band = models.CharField(max_length=20, blank=True)
    occupation = models.CharField(max_length=1, blank=True, db_default="", choices=Occupation)
    experience = models.CharField(max_length=12, blank=True, db_default="", choices=Experience)
    created_at = models.DateTimeField()

    objects: ClassVar[PersonQuerySet] = PersonQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "program", "user", condition=models.Q(user__isnull=False), name="person_of_a_user_is_one_a_program"
            ),
        ]
        indexes = [models.Index(fields=["user"], condition=models.Q(user__isnull=False), name="person_by_user")]

    def __str__(self) -> str:
        return f"person {self.pk}"


class Identity(ProgramRow):
    """A sign by which a person is known again: a keyed hash of an identifier, never the identifier."""

    # A nation's returns bring millions: parents are checked once a statement.
    program = models.ForeignKey(
        Program, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    person = ParentKey(Person, on_delete=models.PROTECT, related_name="identities")
    scheme = models.CharField(max_length=60, help_text="code of the program's scheme, or email, or partner:<code>")
    digest = models.BinaryField(max_length=16, help_text="HMAC-SHA-256 under the program's key, cut to 128 bits")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint("program", "scheme", "digest", name="identity_names_one_person"),
        ]
        verbose_name_plural = "identities"

    def __str__(self) -> str:
        return f"{self.scheme} of person {self.person_id}"


class IdentityKeyQuerySet(models.QuerySet["IdentityKey"]):
    def of(self, program: Program) -> Self:
        """The oldest first."""
        return self.filter(program=program).order_by("generation")


class IdentityKey(ProgramRow):
    """That the program's identities are hashed under a key, and how that key is known again; never the key itself.

    Generations count from 0; every hash has gone through all of them. Only the newest has a salt.
    """

    generation = models.PositiveSmallIntegerField()
    proof = models.BinaryField(max_length=16, help_text="HMAC-SHA-256 of a fixed text, cut to 128 bits")
    salt = models.BinaryField(max_length=16, null=True, help_text="of marks that stand for shared values")
    began_at = models.DateTimeField(db_default=Now())

    objects: ClassVar[IdentityKeyQuerySet] = IdentityKeyQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint("program", "generation", name="identity_key_is_one_a_generation"),
            models.UniqueConstraint(
                "program", condition=models.Q(salt__isnull=False), name="identity_key_has_a_salt_while_newest"
            ),
        ]

    def __str__(self) -> str:
        return f"identity key {self.generation} of program {self.program_id}"


class Particulars(ProgramRow):
    """What a partner last said of a person: what matching compares, and what somebody who decides sees side by side.

    Telephone, account and e-mail are keyed hashes: all that is ever asked of them is whether they are equal.
    """

    person = ParentKey(Person, on_delete=models.PROTECT, related_name="particulars")
    partner = ParentKey(Partner, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200, blank=True)
    born_on = models.DateField(null=True, blank=True)
    employer = models.CharField(max_length=80, blank=True)
    email = models.BinaryField(max_length=16, null=True, help_text="as `Identity.digest`")
    phone = models.BinaryField(max_length=16, null=True, help_text="as `Identity.digest`")
    account = models.BinaryField(max_length=16, null=True, help_text="as `Identity.digest`")
    said_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "particulars"
        constraints = [
            models.UniqueConstraint("person", "partner", name="particulars_are_one_a_person_and_partner"),
        ]
        # Who else has the same is asked of every return, small ones too.
        indexes = [
            models.Index(
                fields=["program", name], condition=models.Q((f"{name}__isnull", False)), name=f"particulars_by_{name}"
            )
            for name in ("email", "phone", "account")
        ]

    def __str__(self) -> str:
        return f"what {self.partner_id} says of person {self.person_id}"


class MergeQuerySet(models.QuerySet["Merge"]):
    def of(self, program: Program) -> Self:
        return self.filter(program=program)

    def standing(self) -> Self:
        return self.filter(undone_at__isnull=True)


class Merge(ProgramRow):
    """The decision that two persons are one human being: `person` is counted as `into`. It can be undone.

    Facts and identities stay with the person that they were recorded for, so that undoing puts everything back.
    """

    class Reason(models.TextChoices):
        NATIONAL = "national", _("equal national identifier")
        REVIEW = "review", _("somebody looked at both")

    person = ParentKey(Person, on_delete=models.PROTECT, related_name="merges")
    into = ParentKey(Person, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=10, choices=Reason)
    evidence = models.JSONField(default=dict, help_text="what spoke for it; no identifier in the clear")
    merged_at = models.DateTimeField()
    merged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    undone_because = models.TextField(blank=True)

    objects: ClassVar[MergeQuerySet] = MergeQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "person", condition=models.Q(undone_at__isnull=True), name="merge_of_a_person_stands_once"
            ),
            models.CheckConstraint(condition=~models.Q(person=models.F("into")), name="merge_is_of_two_persons"),
            models.CheckConstraint(
                condition=models.Q(undone_at__isnull=True, undone_because="")
                | (models.Q(undone_at__isnull=False) & ~models.Q(undone_because="")),
                name="merge_undone_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"person {self.person_id} is person {self.into_id}"


class Alias(ProgramRow):
    """Whom a merged person is counted as: where the standing merges lead in the end. A person without a row is itself.

    Derived from the merges, in the same transaction.
    """

    person = ParentKey(Person, on_delete=models.PROTECT, related_name="+")
    stands_for = ParentKey(Person, on_delete=models.PROTECT, related_name="aliases")
    since = models.DateTimeField(help_text="when it began to stand for this person")

    class Meta:
        verbose_name_plural = "aliases"
        constraints = [
            models.UniqueConstraint("person", name="alias_of_a_person_is_one"),
            models.CheckConstraint(condition=~models.Q(person=models.F("stands_for")), name="alias_is_of_two_persons"),
        ]

    def __str__(self) -> str:
        return f"person {self.person_id} stands for {self.stands_for_id}"
