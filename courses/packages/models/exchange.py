"""What units of cmi5 keep by xAPI: each registration for itself, so that no package sees what another one keeps."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.learning.models import Enrolment
from courses.packages.models.state import Launch, PackageState
from programs.tenancy import ParentKey, ProgramRow


class PackageDocument(ProgramRow):
    """A document of the State, Agent Profile or Activity Profile resource, of one learner in one course."""

    class Kind(models.TextChoices):
        STATE = "state", _("state")
        AGENT = "agent", _("agent profile")
        ACTIVITY = "activity", _("activity profile")

    enrolment = ParentKey(Enrolment, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind)
    activity = models.TextField(blank=True)
    name = models.TextField()
    key_hash = models.CharField(max_length=64, help_text="SHA-256 of kind, activity and name")
    content_type = models.CharField(max_length=200)
    content = models.BinaryField()
    etag = models.CharField(max_length=66, help_text="SHA-256 of the content, in quotation marks")
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint("enrolment", "key_hash", name="package_document_is_once_in_a_registration")
        ]

    def __str__(self) -> str:
        return self.name


class PackageStatement(ProgramRow):
    """A statement of a unit, or of the course about it, in a session."""

    state = ParentKey(PackageState, on_delete=models.PROTECT, related_name="statements")
    launch = ParentKey(Launch, on_delete=models.PROTECT, related_name="statements")
    statement_id = models.UUIDField()
    verb = models.CharField(max_length=500)
    is_defined = models.BooleanField(help_text="in the category of cmi5; others a unit may send as it likes")
    statement = models.JSONField(help_text="as it was sent, without stored and authority")
    stored_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint("state", "statement_id", name="package_statement_is_stored_once")]

    def __str__(self) -> str:
        return str(self.statement_id)
