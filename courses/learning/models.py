"""A person's way through a course that is taken here."""

from typing import ClassVar, Self

from django.db import models
from people.models import Person
from programs.tenancy import ParentKey, ProgramRow

from courses.achievements.models import Achievement
from courses.catalogue.models import Course, CourseVersion, Lesson


class EnrolmentQuerySet(models.QuerySet["Enrolment"]):
    def of_person(self, person: Person) -> Self:
        return self.filter(person=person).select_related("course", "version").order_by("-started_at")


class Enrolment(ProgramRow):
    """A person takes a course, on the version that was the newest when they began."""

    person = ParentKey(Person, on_delete=models.PROTECT, related_name="enrolments")
    course = ParentKey(Course, on_delete=models.PROTECT, related_name="enrolments")
    version = ParentKey(CourseVersion, on_delete=models.PROTECT, related_name="enrolments")
    started_at = models.DateTimeField()

    objects: ClassVar[EnrolmentQuerySet] = EnrolmentQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [models.UniqueConstraint("person", "course", name="enrolment_is_one_a_course")]

    def __str__(self) -> str:
        return f"{self.person} in {self.course}"


class LessonDone(ProgramRow):
    enrolment = ParentKey(Enrolment, on_delete=models.PROTECT, related_name="lessons_done")
    lesson = ParentKey(Lesson, on_delete=models.PROTECT, related_name="+")
    done_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint("enrolment", "lesson", name="lesson_is_done_once")]

    def __str__(self) -> str:
        return f"{self.lesson} done at {self.done_at}"


class Attempt(ProgramRow):
    """One submission of the assessment, judged on the server. `form_key` makes a resent form the same attempt."""

    enrolment = ParentKey(Enrolment, on_delete=models.PROTECT, related_name="attempts")
    form_key = models.UUIDField()
    submitted_at = models.DateTimeField()
    answers = models.JSONField(help_text="chosen positions by question number")
    right = models.PositiveSmallIntegerField()
    asked = models.PositiveSmallIntegerField()
    is_passed = models.BooleanField()
    achievement = ParentKey(Achievement, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint("enrolment", "form_key", name="attempt_is_submitted_once"),
            models.CheckConstraint(condition=models.Q(right__lte=models.F("asked")), name="attempt_right_is_at_most_asked"),
        ]

    def __str__(self) -> str:
        return f"{self.right} of {self.asked}"

    @property
    def per_cent(self) -> int:
        """Whole per cent, rounded down: 79.9 is not 80."""
        return 100 * self.right // self.asked
