"""A person's way through a course that is taken here."""

from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models
from django.urls import reverse

from courses.achievements.models import Achievement
from courses.catalogue.models import Course, CourseVersion, Lesson
from courses.credentials.models import Credential
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
        """The course that the user began last and has not passed, else any that they began last; with its progress."""
        return self.of_user(program, user).with_progress().order_by(models.F("is_passed"), "-started_at", "-pk").first()

    def with_progress(self) -> Self:
        """With what `Enrolment.progress`, `is_passed` and `continues_at` are made of."""
        finished = LessonDone.objects.filter(enrolment=models.OuterRef(models.OuterRef("pk"))).values("lesson")
        left = Lesson.objects.filter(version=models.OuterRef("version")).exclude(pk__in=finished).order_by("number")
        passed = Attempt.objects.filter(enrolment=models.OuterRef("pk"), is_passed=True)
        return self.select_related("program", "course", "version").annotate(
            lessons_total=models.Count("version__lessons", distinct=True),
            lessons_finished=models.Count("lessons_done", distinct=True),
            next_lesson=models.functions.Coalesce(models.Subquery(left.values("slug")[:1]), models.Value("")),
            is_passed=models.Exists(passed),
        )


class Enrolment(ProgramRow):
    """A person takes a course, on the version that was the newest when they began."""

    person = ParentKey(Person, on_delete=models.PROTECT, related_name="enrolments")
    course = ParentKey(Course, on_delete=models.PROTECT, related_name="enrolments")
    version = ParentKey(CourseVersion, on_delete=models.PROTECT, related_name="enrolments")
    started_at = models.DateTimeField()

    objects: ClassVar[EnrolmentQuerySet] = EnrolmentQuerySet.as_manager()  # type: ignore[assignment]

    # Known only to rows read `with_progress()`.
    lessons_total: int
    lessons_finished: int
    next_lesson: str
    is_passed: bool

    class Meta:
        constraints = [models.UniqueConstraint("person", "course", name="enrolment_is_one_a_course")]

    def __str__(self) -> str:
        return f"{self.person} in {self.course}"

    @property
    def progress(self) -> int:
        """Whole per cent, 0 to 100. Each lesson and the assessment are one step; a pass is the whole way."""
        return 100 if self.is_passed else 100 * self.lessons_finished // (self.lessons_total + 1)

    @property
    def continues_at(self) -> str:
        """The address of the next step: the first lesson not done, then the assessment, then the course's own page."""
        place = [self.program.code, self.course.code]
        if self.is_passed:
            return reverse("course", args=place)
        if self.next_lesson:
            return reverse("lesson", args=[*place, self.next_lesson])
        return reverse("assessment", args=place)

    def lessons(self) -> models.QuerySet[Lesson]:
        """The lessons of the version begun, in order, each with `is_done`."""
        done = LessonDone.objects.filter(enrolment=self, lesson=models.OuterRef("pk"))
        return Lesson.objects.filter(version=self.version_id).annotate(is_done=models.Exists(done)).order_by("number")


class LessonDone(ProgramRow):
    enrolment = ParentKey(Enrolment, on_delete=models.PROTECT, related_name="lessons_done")
    lesson = ParentKey(Lesson, on_delete=models.PROTECT, related_name="+")
    done_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint("enrolment", "lesson", name="lesson_is_done_once")]

    def __str__(self) -> str:
        return f"{self.lesson} done at {self.done_at}"


class Attempt(ProgramRow):
    """One submission of the assessment, judged on the server. `form_key` makes a resent form the same attempt.

    `achievement` is set on the first attempt that passed, and on no other.
    """

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
            models.UniqueConstraint(
                "enrolment", condition=models.Q(achievement__isnull=False), name="enrolment_is_achieved_once"
            ),
            models.CheckConstraint(
                condition=models.Q(right__lte=models.F("asked")), name="attempt_right_is_at_most_asked"
            ),
            models.CheckConstraint(condition=models.Q(asked__gte=1), name="attempt_asks_something"),
            models.CheckConstraint(
                condition=models.Q(achievement__isnull=True) | models.Q(is_passed=True),
                name="attempt_that_achieves_has_passed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.right} of {self.asked}"

    @property
    def per_cent(self) -> int:
        """Whole per cent, rounded down: 79.9 is not 80."""
        return 100 * self.right // self.asked


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
