from hashlib import sha1, sha256
from typing import ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from programs.models import Partner, Program
from programs.tenancy import ParentKey, ProgramRow


class Kind(models.TextChoices):
    STATE = "state", _("state of an agent in an activity")
    ACTIVITY = "activity", _("profile of an activity")
    AGENT = "agent", _("profile of an agent")


class DocumentQuerySet(models.QuerySet["Document"]):
    def of_partner(self, partner: Partner) -> Self:
        return self.filter(program=partner.program_id, partner=partner)


class Document(ProgramRow):
    """What a partner's system keeps beside its statements: a state or a profile, which means nothing to us.

    `place` stands for the activity and the agent that it belongs to. It and `name_hash` are hashes because identifiers
    may be longer than an index takes.
    """

    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="+", db_index=False)
    partner = ParentKey(Partner, on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=10, choices=Kind)
    place = models.BinaryField(max_length=32)
    registration = models.UUIDField(null=True)
    name = models.TextField(help_text="stateId or profileId")
    name_hash = models.BinaryField(max_length=32)
    content_type = models.TextField()
    content = models.BinaryField()
    updated_at = models.DateTimeField()

    objects: ClassVar[DocumentQuerySet] = DocumentQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("program", "partner", "kind", "place", "registration", "name_hash"),
                nulls_distinct=False,
                name="document_is_one_in_its_place",
            ),
            models.CheckConstraint(condition=models.Q(kind__in=Kind.values), name="document_kind_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"

    @property
    def etag(self) -> str:
        """By its content alone: SHA-1 in hexadecimal digits, as xAPI 1.0.3 wants it."""
        return f'"{sha1(bytes(self.content), usedforsecurity=False).hexdigest()}"'


def place_of(activity: str, agent: str) -> bytes:
    return sha256(f"{activity}\n{agent}".encode()).digest()


def hash_of(name: str) -> bytes:
    return sha256(name.encode()).digest()
