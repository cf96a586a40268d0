"""Courses that can be achieved: our own, with lessons and questions, and those that partners run."""

from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models

from programs.models import Partner, Program
from programs.tenancy import ParentKey, ProgramRow


class CourseQuerySet(models.QuerySet["Course"]):
    def of(self, program: Program) -> Self:
        return self.filter(program=program)

    def taken_here(self) -> Self:
        """Courses with lessons on this platform, the recommended first one first."""
        return (
            self.filter(partner__kind=Partner.Kind.OWN, versions__isnull=False).distinct().order_by("position", "code")
        )


class Course(ProgramRow):
    """What a person can achieve. Its tags decide which measures count it, so they never change (a trigger says so)."""

    partner = ParentKey(Partner, on_delete=models.PROTECT, null=True, blank=True, related_name="courses")
    code = models.SlugField(max_length=80)
    title = models.CharField(max_length=200)
    summary = models.TextField(blank=True)
    level = models.CharField(max_length=40, blank=True)
    minutes = models.PositiveIntegerField(null=True, blank=True, help_text="learning time")
    shortest_minutes = models.PositiveIntegerField(
        null=True, blank=True, help_text="in less than this nobody can have completed it; else a share of the minutes"
    )
    tags = ArrayField(models.SlugField(max_length=40), default=list, blank=True)
    position = models.PositiveSmallIntegerField(default=100)

    objects: ClassVar[CourseQuerySet] = CourseQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [models.UniqueConstraint("program", "code", name="course_code_is_once_in_a_program")]

    def __str__(self) -> str:
        return self.title

    def newest_version(self) -> "CourseVersion":
        return self.versions.order_by("-number")[0]


class CourseVersion(ProgramRow):
    """The lessons and questions of a course as they were published; a learner stays on the version begun."""

    course = ParentKey(Course, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    language = models.CharField(max_length=20)
    checksum = models.CharField(max_length=64, help_text="SHA-256 of what learners read and answer, hexadecimal")
    pass_mark = models.PositiveSmallIntegerField(help_text="per cent of the assessment's questions")
    published_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint("course", "number", name="course_version_number_is_once"),
            models.CheckConstraint(
                condition=models.Q(pass_mark__range=(1, 100)), name="course_version_pass_mark_is_per_cent"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.course} (version {self.number})"


class Lesson(ProgramRow):
    version = ParentKey(CourseVersion, on_delete=models.PROTECT, related_name="lessons")
    number = models.PositiveSmallIntegerField()
    slug = models.SlugField(max_length=80)
    title = models.CharField(max_length=200)
    minutes = models.PositiveSmallIntegerField()
    html = models.TextField(help_text="rendered from Markdown and cleaned when the course was imported")

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint("version", "number", name="lesson_number_is_once_in_a_version"),
            models.UniqueConstraint("version", "slug", name="lesson_slug_is_once_in_a_version"),
        ]

    def __str__(self) -> str:
        return self.title


class Question(ProgramRow):
    """A question of the assessment: one right choice, or several."""

    class Kind(models.TextChoices):
        ONE = "one", "one choice"
        SEVERAL = "several", "several choices"

    version = ParentKey(CourseVersion, on_delete=models.PROTECT, related_name="questions")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=20, choices=Kind)
    prompt = models.TextField()
    choices = models.JSONField(help_text="list of texts")
    right = models.JSONField(help_text="positions of the right choices, from 0")
    feedback = models.TextField(blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint("version", "number", name="question_number_is_once_in_a_version")]

    def __str__(self) -> str:
        return self.prompt
