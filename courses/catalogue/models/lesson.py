"""Lessons and what they say in each language."""

from typing import Any

from django.db import models

from courses.catalogue.models.course import CourseVersion
from programs.tenancy import ParentKey, ProgramRow


class Lesson(ProgramRow):
    """A lesson of a version. It is the same lesson in every language, and done once."""

    version = ParentKey(CourseVersion, on_delete=models.PROTECT, related_name="lessons")
    number = models.PositiveSmallIntegerField()
    slug = models.SlugField(max_length=80)
    minutes = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint("version", "number", name="lesson_number_is_once_in_a_version"),
            models.UniqueConstraint("version", "slug", name="lesson_slug_is_once_in_a_version"),
        ]

    def __str__(self) -> str:
        return self.slug


class LessonTranslation(ProgramRow):
    """The lesson in one language: blocks of `html`, between them a `question` by its key, a `video` or a `package`."""

    lesson = ParentKey(Lesson, on_delete=models.PROTECT, related_name="translations")
    language = models.CharField(max_length=20)
    title = models.CharField(max_length=200)
    blocks = models.JSONField(help_text="rendered from Markdown and cleaned when the course was published")

    class Meta:
        constraints = [models.UniqueConstraint("lesson", "language", name="lesson_is_translated_once_a_language")]

    def __str__(self) -> str:
        return self.title


Block = dict[str, Any]
