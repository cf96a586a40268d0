"""A course and the versions in which it was published."""

from dataclasses import dataclass
from typing import Any, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.catalogue.languages import direction
from programs.models import Partner, Program
from programs.tenancy import ParentKey, ProgramRow


@dataclass(frozen=True)
class Described:
    """Title and summary, and the language that they are in."""

    title: str
    summary: str
    language: str

    @property
    def direction(self) -> str:
        return direction(self.language)


class CourseQuerySet(models.QuerySet["Course"]):
    def of(self, program: Program) -> Self:
        return self.filter(program=program)

    def taken_here(self) -> Self:
        """Courses with lessons on this platform, the recommended first one first; retired ones too."""
        published = CourseVersion.objects.filter(course=models.OuterRef("pk"))
        own = self.filter(models.Exists(published), partner__kind=Partner.Kind.OWN)
        return own.order_by("position", "code")

    def lessons(self) -> dict[str, set[str]]:
        """The addresses of the lessons in the newest versions, by the codes of the courses."""
        newest = CourseVersion.objects.filter(course__in=self.order_by()).order_by("course", "-number")
        outlines = newest.distinct("course").values_list("course__code", "outline")
        return {code: {str(lesson["slug"]) for lesson in outline} for code, outline in outlines}

    def offered(self) -> Self:
        """Courses that can be begun."""
        return self.taken_here().filter(retired_at__isnull=True)


class Course(ProgramRow):
    """What a person can achieve. Its tags decide which measures count it, so they never change (a trigger says so).

    Title and summary are in the language that it is written in; `translations` has both by other languages. Whom it is
    recommended to: sections of ISIC Rev. 4, major groups of ISCO-08 and the size of the employer; empty is everybody.
    """

    class Level(models.TextChoices):
        BEGINNER = "beginner", _("beginner")
        INTERMEDIATE = "intermediate", _("intermediate")
        ADVANCED = "advanced", _("advanced")

    partner = ParentKey(Partner, on_delete=models.PROTECT, null=True, blank=True, related_name="courses")
    code = models.SlugField(max_length=80)
    title = models.CharField(max_length=200)
    summary = models.TextField(blank=True)
    translations = models.JSONField(default=dict, blank=True, help_text="title and summary by language")
    level = models.CharField(max_length=40, blank=True, choices=Level)
    minutes = models.PositiveIntegerField(null=True, blank=True, help_text="learning time")
    shortest_minutes = models.PositiveIntegerField(
        null=True, blank=True, help_text="in less than this nobody can have completed it; else a share of the minutes"
    )
    tags = ArrayField(models.SlugField(max_length=40), default=list, blank=True)
    position = models.PositiveSmallIntegerField(default=100)
    sectors = ArrayField(models.CharField(max_length=1), default=list, blank=True, help_text="sections of ISIC Rev. 4")
    occupations = ArrayField(
        models.CharField(max_length=1), default=list, blank=True, help_text="major groups of ISCO-08"
    )
    largest_employer = models.PositiveIntegerField(null=True, blank=True, help_text="people")
    retired_at = models.DateTimeField(null=True, blank=True, help_text="since then nobody begins it")

    objects: ClassVar[CourseQuerySet] = CourseQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [models.UniqueConstraint("program", "code", name="course_code_is_once_in_a_program")]

    def __str__(self) -> str:
        return self.title

    def newest_version(self) -> "CourseVersion":
        return self.versions.order_by("-number")[0]

    def described(self, language: str, written_in: str) -> Described:
        """Title and summary in the language, or in the one that the course is written in."""
        words = self.translations.get(language)
        if words:
            return Described(words["title"], words["summary"], language)
        return Described(self.title, self.summary, written_in)


class CourseVersion(ProgramRow):
    """A course as it was published, never edited (a trigger says so); a learner stays on the version begun."""

    course = ParentKey(Course, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    language = models.CharField(max_length=20, help_text="that it is written in; others fall back to it")
    languages = ArrayField(models.CharField(max_length=20), help_text="all that it has something in")
    checksum = models.CharField(max_length=64, help_text="SHA-256 of what learners read and answer, hexadecimal")
    pass_mark = models.PositiveSmallIntegerField(
        null=True, help_text="per cent of the questions asked; none without an assessment"
    )
    asks = models.PositiveSmallIntegerField(null=True, help_text="how many questions one attempt asks")
    draw = models.JSONField(null=True, help_text="how many are drawn, in all or by pool; without, all are asked")
    attempts = models.PositiveSmallIntegerField(null=True, help_text="allowed in `wait_hours`, or ever")
    wait_hours = models.PositiveSmallIntegerField(null=True)
    time_limit = models.PositiveSmallIntegerField(null=True, help_text="minutes")
    outline = models.JSONField(help_text="the lessons in order: id, slug, minutes, and titles by language")
    published_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint("course", "number", name="course_version_number_is_once"),
            models.CheckConstraint(
                condition=models.Q(pass_mark__isnull=True) | models.Q(pass_mark__range=(1, 100)),
                name="course_version_pass_mark_is_per_cent",
            ),
            models.CheckConstraint(
                condition=models.Q(pass_mark__isnull=True, asks__isnull=True)
                | models.Q(pass_mark__isnull=False, asks__gte=1),
                name="course_version_with_an_assessment_asks_something",
            ),
            models.CheckConstraint(
                condition=models.Q(pass_mark__isnull=False)
                | models.Q(draw__isnull=True, attempts__isnull=True, wait_hours__isnull=True, time_limit__isnull=True),
                name="course_version_has_limits_of_an_assessment_only",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.course} (version {self.number})"

    @property
    def has_assessment(self) -> bool:
        return self.pass_mark is not None

    def titles(self, language: str) -> list[dict[str, Any]]:
        """The outline with the title of each lesson in the language, or in the one it falls back to."""
        return [titled(entry, language, self.language) for entry in self.outline]


def titled(entry: dict[str, Any], language: str, written_in: str) -> dict[str, Any]:
    shown = language if language in entry["titles"] else written_in
    return {**entry, "title": entry["titles"][shown], "language": shown, "direction": direction(shown)}
