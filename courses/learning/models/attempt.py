"""Attempts at an assessment."""

from datetime import datetime, timedelta
from typing import ClassVar, Self

from django.db import models

from courses.catalogue.models import Question
from courses.catalogue.questions.drawing import Drawn
from courses.learning.models.enrolment import Enrolment
from programs.tenancy import ParentKey, ProgramRow

# What was sent in time may arrive late on a poor connection.
GRACE = timedelta(seconds=60)


class AttemptQuerySet(models.QuerySet["Attempt"]):
    def open(self) -> Self:
        return self.filter(submitted_at__isnull=True)

    def ran_out(self, at: datetime) -> Self:
        """Open attempts whose time is over, the oldest first."""
        return self.open().filter(due_at__lt=at - GRACE).order_by("due_at", "pk")

    def since(self, enrolment: Enrolment, at: datetime) -> Self:
        """The attempts that count against the number allowed: all, or those begun in the last hours."""
        mine = self.filter(enrolment=enrolment)
        hours = enrolment.version.wait_hours
        return mine if hours is None else mine.filter(opened_at__gt=at - timedelta(hours=hours))


class Attempt(ProgramRow):
    """One try at the assessment: questions drawn when it was opened, answers judged on the server when it is sent.

    `form_key` names it in addresses. While it is open, `answers` are what was saved so far.
    """

    enrolment = ParentKey(Enrolment, on_delete=models.PROTECT, related_name="attempts")
    form_key = models.UUIDField()
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True, help_text="none without a time limit")
    drawn = models.JSONField(help_text="the questions asked: their keys, and the order of their choices")
    answers = models.JSONField(default=dict, help_text="by key of the question")
    submitted_at = models.DateTimeField(null=True, blank=True)
    right = models.PositiveSmallIntegerField(null=True)
    asked = models.PositiveSmallIntegerField()
    is_passed = models.BooleanField(null=True)

    objects: ClassVar[AttemptQuerySet] = AttemptQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint("enrolment", "form_key", name="attempt_is_submitted_once"),
            models.UniqueConstraint(
                "enrolment", condition=models.Q(submitted_at__isnull=True), name="attempt_open_is_one_an_enrolment"
            ),
            models.CheckConstraint(
                condition=models.Q(right__lte=models.F("asked")), name="attempt_right_is_at_most_asked"
            ),
            models.CheckConstraint(condition=models.Q(asked__gte=1), name="attempt_asks_something"),
            models.CheckConstraint(
                condition=models.Q(submitted_at__isnull=True, right__isnull=True, is_passed__isnull=True)
                | models.Q(submitted_at__isnull=False, right__isnull=False, is_passed__isnull=False),
                name="attempt_is_judged_when_it_is_submitted",
            ),
        ]

    def __str__(self) -> str:
        return f"attempt {self.form_key}"

    @property
    def per_cent(self) -> int:
        """Whole per cent, rounded down: 79.9 is not 80. Raises TypeError for an attempt that is still open."""
        if self.right is None:
            raise TypeError("An open attempt has not been judged.")
        return 100 * self.right // self.asked

    def is_over(self, at: datetime) -> bool:
        """Whether answers that arrive at this moment are too late."""
        return self.due_at is not None and at > self.due_at + GRACE

    def questions(self) -> list[tuple[Question, Drawn]]:
        """The questions asked, in the order in which they are asked, with how their choices are shown.

        Each knows its version, so that it can be shown in the language that the course is written in.
        """
        drawn, version = self.drawn, self.enrolment.version
        found = Question.objects.filter(version=version, lesson__isnull=True)
        by_key = {question.key: question for question in found.filter(key__in=[one["key"] for one in drawn])}
        for question in by_key.values():
            question.version = version
        return [(by_key[one["key"]], one) for one in drawn]
