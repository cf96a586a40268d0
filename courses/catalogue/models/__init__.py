"""Courses that can be achieved: our own, with lessons and questions, and those that partners run."""

from courses.catalogue.models.course import Course, CourseVersion
from courses.catalogue.models.file import Blob, CourseFile
from courses.catalogue.models.lesson import Lesson, LessonTranslation
from courses.catalogue.models.question import Question

__all__ = ["Blob", "Course", "CourseFile", "CourseVersion", "Lesson", "LessonTranslation", "Question"]
