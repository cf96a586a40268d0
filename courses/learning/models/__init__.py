"""A person's way through a course that is taken here."""

from courses.learning.models.attempt import Attempt
from courses.learning.models.enrolment import Enrolment, LessonDone, PracticeAnswer, results_of

__all__ = ["Attempt", "Enrolment", "LessonDone", "PracticeAnswer", "results_of"]
