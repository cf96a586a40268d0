"""Where a learner stands in an item of a package, and the times that they opened it."""

import hashlib
from datetime import datetime
from typing import ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.catalogue.models import Lesson
from courses.learning.models import Enrolment
from programs.tenancy import ParentKey, ProgramRow


def digest(secret: str) -> str:
    """What is kept of a secret that opens something: its SHA-256, hexadecimal."""
    return hashlib.sha256(secret.encode()).hexdigest()


class PackageState(ProgramRow):
    """What the item has reported of one learner. Reports come from their browser: they are claims, within the rules.

    `values` are those of the data model of SCORM. `score` is the best that was reported, `seconds` are those of all
    sessions of the attempt. `done_at` is when the lesson was done; nothing that is reported later takes it back.
    """

    class Entry(models.TextChoices):
        """How the item is entered next: the vocabulary of cmi.entry."""

        FIRST = "ab-initio", _("from the beginning")
        RESUMED = "resume", _("where it was left")
        AGAIN = "", _("once more")

    enrolment = ParentKey(Enrolment, on_delete=models.PROTECT, related_name="package_states")
    lesson = ParentKey(Lesson, on_delete=models.PROTECT, related_name="+")
    launched = models.PositiveIntegerField(default=0, help_text="how often it was opened")
    values = models.JSONField(default=dict, blank=True)
    entry = models.CharField(max_length=20, choices=Entry, default=Entry.FIRST, blank=True)
    is_completed = models.BooleanField(null=True, blank=True)
    is_passed = models.BooleanField(null=True, blank=True)
    score = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True, help_text="per cent")
    seconds = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    changed_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("enrolment", "lesson", name="package_state_is_one_a_lesson"),
            models.CheckConstraint(
                condition=models.Q(score__isnull=True) | models.Q(score__range=(0, 100)),
                name="package_state_score_is_per_cent",
            ),
            models.CheckConstraint(condition=models.Q(seconds__gte=0), name="package_state_time_is_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.lesson} of enrolment {self.enrolment_id}"


class LaunchQuerySet(models.QuerySet["Launch"]):
    def by_token(self, token: str) -> Self:
        enrolment = ("version", "course", "program")
        related = ("state__lesson__version", *(f"state__enrolment__{name}" for name in enrolment))
        return self.filter(token_hash=digest(token)).select_related(*related)

    def open(self, at: datetime) -> Self:
        return self.filter(expires_at__gt=at)


class Launch(ProgramRow):
    """One opening of an item in a browser. Its token is in the addresses of everything that belongs to it.

    Only the newest launch of a state may change it, and of a launch only what has a higher `sequence` than the last.
    For cmi5 it is a session: `secret_hash` is what the unit authenticates with once it has fetched it.
    """

    state = ParentKey(PackageState, on_delete=models.PROTECT, related_name="launches")
    number = models.PositiveIntegerField()
    token_hash = models.CharField(max_length=64, unique=True)
    session = models.UUIDField(unique=True)
    language = models.CharField(max_length=20)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    sequence = models.PositiveIntegerField(default=0, help_text="of the last commit that was recorded")
    seconds = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    secret_hash = models.CharField(max_length=64, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[LaunchQuerySet] = LaunchQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint("state", "number", name="launch_number_is_once"),
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("made_at")), name="launch_ends_after_it_was_made"
            ),
        ]

    def __str__(self) -> str:
        return f"launch {self.number} of {self.state}"
