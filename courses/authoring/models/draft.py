"""A draft: a course's folder while it is changed, until a second person publishes it."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from courses.catalogue.models import Course, CourseVersion
from programs.models import Program
from programs.tenancy import ParentKey, ProgramRow


class DraftQuerySet(models.QuerySet["Draft"]):
    def of(self, program: Program) -> Self:
        return self.filter(program=program)

    def unfinished(self) -> Self:
        """Drafts that are written or reviewed, the one begun last first."""
        return self.filter(state__in=Draft.UNFINISHED).order_by("-opened_at", "-pk")

    def finished(self) -> Self:
        """Drafts that were published or withdrawn, the last decision first."""
        return self.exclude(state__in=Draft.UNFINISHED).order_by("-decided_at", "-pk")

    def waiting_for(self, user: User | int) -> Self:
        """Drafts in review that the user may publish, having neither written in them nor submitted them."""
        return self.filter(state=Draft.State.IN_REVIEW).exclude(submitted_by=user).exclude(revisions__by=user)


class Draft(ProgramRow):
    """What several authors change together. A course has one at a time; `base` is the version that it began from."""

    class State(models.TextChoices):
        OPEN = "open", _("being written")
        IN_REVIEW = "in_review", _("waits for a second person")
        PUBLISHED = "published", _("published")
        WITHDRAWN = "withdrawn", _("withdrawn")

    UNFINISHED = (State.OPEN, State.IN_REVIEW)

    course = ParentKey(Course, on_delete=models.PROTECT, null=True, blank=True, related_name="drafts")
    base = ParentKey(CourseVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    code = models.SlugField(max_length=80)
    title = models.CharField(max_length=200)
    state = models.CharField(max_length=12, choices=State, default=State.OPEN)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    submitted_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    note = models.TextField(blank=True, help_text="what the reviewer said last")
    published = ParentKey(CourseVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects: ClassVar[DraftQuerySet] = DraftQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "program",
                "code",
                condition=models.Q(state__in=["open", "in_review"]),
                name="draft_of_a_course_is_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="published") | ~models.Q(decided_by=models.F("submitted_by")),
                name="draft_is_published_by_a_second_person",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["open", "withdrawn"])
                | models.Q(submitted_by__isnull=False, submitted_at__isnull=False),
                name="draft_in_review_was_submitted",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=["published", "withdrawn"])
                | models.Q(decided_by__isnull=False, decided_at__isnull=False),
                name="draft_decision_has_a_person_and_a_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"draft {self.pk} of {self.code}"

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

    @property
    def is_in_review(self) -> bool:
        return self.state == self.State.IN_REVIEW

    @property
    def is_outdated(self) -> bool:
        """Whether the course has got a newer version since the draft was begun."""
        newest = self.course.versions.order_by("-number").values_list("pk", flat=True).first() if self.course else None
        return newest is not None and newest != self.base_id
