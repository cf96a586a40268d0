"""The learner's pages: joining a program, lessons, the assessment and its result."""

from courses.learning.views.assessment import assessment, attempt
from courses.learning.views.lessons import course, lesson, practice
from courses.learning.views.offline import worker
from courses.learning.views.pages import describe, find, learn, start

__all__ = ["assessment", "attempt", "course", "describe", "find", "learn", "lesson", "practice", "start", "worker"]
