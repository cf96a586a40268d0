from typing import ClassVar, Self

from django.db import models

from programs.models import Partner, Program
from programs.tenancy import ParentKey, ProgramRow


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def of_partner(self, partner: Partner) -> Self:
        return self.filter(program=partner.program_id, partner=partner)


class Attachment(ProgramRow):
    """The bytes of an attachment, once a partner: statements name them by their hash."""

    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="+", db_index=False)
    partner = ParentKey(Partner, on_delete=models.PROTECT, related_name="+", db_index=False)
    sha2 = models.CharField(max_length=128, help_text="in lower case hexadecimal digits")
    content = models.BinaryField()

    objects: ClassVar[AttachmentQuerySet] = AttachmentQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [models.UniqueConstraint("program", "partner", "sha2", name="attachment_is_kept_once")]

    def __str__(self) -> str:
        return self.sha2
