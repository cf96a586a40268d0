"""Enrolments and what was done in them."""

from typing import TYPE_CHECKING, ClassVar, Self

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.urls import reverse

from courses.achievements.models import Achievement
from courses.catalogue.models import Course, CourseVersion, Lesson, Question
from courses.credentials.models import Credential
from courses.learning.progress import per_cent
from people.models import Person
from programs.models import Program
from programs.tenancy import ParentKey, ProgramRow

if TYPE_CHECKING:
    from accounts.models import User


class EnrolmentQuerySet(models.QuerySet["Enrolment"]):
    def of_person(self, person: Person) -> Self:
        """The person's courses, the one begun last first."""
        return self.filter(person=person).order_by("-started_at", "-pk")

    def of_user(self, program: Program, user: "User") -> Self:
        return self.filter(program=program, person__user=user)

    def latest_of(self, program: Program, user: "User") -> "Enrolment | None":
        """The course that the user began last and has not completed, else any that they began last."""
        last = models.F("achievement").asc(nulls_first=True)
        return self.of_user(program, user).with_progress().order_by(last, "-started_at", "-pk").first()

    def with_progress(self) -> Self:
        """With what `Enrolment.progress` and `continues_at` are made of."""
        done = LessonDone.objects.filter(enrolment=models.OuterRef("pk")).values("lesson")
        return self.select_related("program", "course", "version").annotate(finished=ArraySubquery(done))


class Enrolment(ProgramRow):
    """A person takes a course, on the version that was the newest when they began.

    `achievement` is what completing it was recorded as: set once, whatever is published later.
    """

    person = ParentKey(Person, on_delete=models.PROTECT, related_name="enrolments")
    course = ParentKey(Course, on_delete=models.PROTECT, related_name="enrolments")
    version = ParentKey(CourseVersion, on_delete=models.PROTECT, related_name="enrolments")
    started_at = models.DateTimeField()
    achievement = ParentKey(Achievement, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects: ClassVar[EnrolmentQuerySet] = EnrolmentQuerySet.as_manager()  # type: ignore[assignment]

    # Known only to rows read `with_progress()`: the ids of the lessons that are done.
    finished: list[int]

    class Meta:
        constraints = [
            models.UniqueConstraint("person", "course", name="enrolment_is_one_a_course"),
            models.UniqueConstraint("achievement", name="achievement_completes_one_enrolment"),
        ]

    def __str__(self) -> str:
        return f"{self.person} in {self.course}"

    @property
    def is_complete(self) -> bool:
        return self.achievement_id is not None

    @property
    def progress(self) -> int:
        """Whole per cent; see `courses.learning.progress.per_cent`."""
        return per_cent(
            len(self.finished),
            len(self.version.outline),
            has_assessment=self.version.has_assessment,
            is_complete=self.is_complete,
        )

    @property
    def next_lesson(self) -> str:
        """The slug of the first lesson that is not done; empty if all are."""
        return next((entry["slug"] for entry in self.version.outline if entry["id"] not in self.finished), "")

    @property
    def continues_at(self) -> str:
        """The address of the next step: the first lesson not done, then the assessment, then the course's own page."""
        place = [self.program.code, self.course.code]
        if self.is_complete or not (self.next_lesson or self.version.has_assessment):
            return reverse("course", args=place)
        return (
            reverse("lesson", args=[*place, self.next_lesson])
            if self.next_lesson
            else reverse("assessment", args=place)
        )


class LessonDone(ProgramRow):
    enrolment = ParentKey(Enrolment, on_delete=models.PROTECT, related_name="lessons_done")
    lesson = ParentKey(Lesson, on_delete=models.PROTECT, related_name="+")
    language = models.CharField(max_length=20, blank=True, help_text="in which it was read; empty where not known")
    done_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint("enrolment", "lesson", name="lesson_is_done_once")]

    def __str__(self) -> str:
        return f"{self.lesson} done at {self.done_at}"


class PracticeAnswer(ProgramRow):
    """An answer to a practice question. `form_key` makes a resent form the same answer.

    Learners write here more often than anywhere else, so no index and no check is kept twice: the enrolment's key holds
    the program too, and both constraints below begin with the enrolment.
    """

    program = models.ForeignKey(
        Program, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    enrolment = ParentKey(Enrolment, on_delete=models.PROTECT, related_name="practice", db_index=False)
    question = ParentKey(Question, on_delete=models.PROTECT, related_name="+", db_index=False)
    form_key = models.UUIDField()
    answer = models.JSONField(help_text="see courses.catalogue.questions.answers")
    is_right = models.BooleanField()
    answered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint("enrolment", "question", "form_key", name="practice_is_answered_once_a_form")
        ]
        indexes = [models.Index(fields=["enrolment", "question", "-id"], name="practice_latest_answer")]

    def __str__(self) -> str:
        return f"answer to {self.question_id}"


def results_of(person_id: int) -> models.QuerySet[Achievement]:
    """What is recorded about the person, newest first, with its `credential_code` and `revoked_because`, if any."""
    credentials = Credential.objects.filter(achievement=models.OuterRef("pk")).values("code")
    revoked_because = models.Case(models.When(kind=Achievement.Kind.REVOKED, then="reason"))
    later = Achievement.objects.filter(refers_to=models.OuterRef("pk")).order_by("-turn").values(why=revoked_because)
    achieved = Achievement.objects.filter(person=person_id, kind=Achievement.Kind.ACHIEVED)
    return (
        achieved.select_related("course", "partner")
        .annotate(credential_code=models.Subquery(credentials), revoked_because=models.Subquery(later[:1]))
        .order_by("-achieved_on", "-pk")
    )
