"""Questions of a version: practice in its lessons, and the pool of its assessment."""

from django.db import models

from courses.catalogue.models.course import CourseVersion
from courses.catalogue.models.lesson import Lesson
from courses.catalogue.questions.texts import Kind
from programs.tenancy import ParentKey, ProgramRow


class Question(ProgramRow):
    """A practice question of its lesson; one of the assessment where it has none."""

    version = ParentKey(CourseVersion, on_delete=models.PROTECT, related_name="questions")
    lesson = ParentKey(Lesson, on_delete=models.PROTECT, null=True, related_name="questions")
    number = models.PositiveSmallIntegerField(help_text="its place in the version")
    key = models.CharField(max_length=60)
    pool = models.CharField(max_length=60, blank=True)
    kind = models.CharField(max_length=20, choices=[(kind.value, kind.value) for kind in Kind])
    right = models.JSONField(null=True, help_text="see courses.catalogue.questions.texts.QuestionText")
    texts = models.JSONField(help_text="by language: rendered prompt, choices, feedback and so on")

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint("version", "number", name="question_number_is_once_in_a_version"),
            models.UniqueConstraint("version", "key", name="question_key_is_once_in_a_version"),
        ]

    def __str__(self) -> str:
        return self.key
