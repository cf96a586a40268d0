"""The fact "this person achieved this, on this day, with this evidence, said by this source"."""

from typing import ClassVar, Self

from django.db import models

from courses.catalogue.models import Course
from people.models import Person
from programs.models import Evidence, Partner, Program
from programs.tenancy import ParentKey, ProgramRow


class AchievementQuerySet(models.QuerySet["Achievement"]):
    def of(self, program: Program) -> Self:
        return self.filter(program=program)

    def standing(self) -> Self:
        """Achievements that no later fact has revoked."""
        return self.filter(kind=Achievement.Kind.ACHIEVED, later_facts__isnull=True)


class Achievement(ProgramRow):
    """A fact. It is never edited or deleted (triggers refuse): a revocation is a new fact that refers to the old one.

    `achieved_on` is the day in the program's time zone on which it happened, `recorded_at` the moment we learned of it.
    The codes describe the person on that day; empty means not stated. `fact_key` is what makes a fact one: the source
    never says the same thing twice.
    """

    class Kind(models.TextChoices):
        ACHIEVED = "achieved", "achieved"
        REVOKED = "revoked", "revoked"

    class Source(models.TextChoices):
        LEARNING = "learning", "our own lesson player"
        RETURN = "return", "a partner's return"

    person = ParentKey(Person, on_delete=models.PROTECT, related_name="achievements")
    course = ParentKey(Course, on_delete=models.PROTECT, related_name="achievements")
    partner = ParentKey(Partner, on_delete=models.PROTECT, related_name="achievements")
    kind = models.CharField(max_length=10, choices=Kind)
    refers_to = ParentKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="later_facts")
    reason = models.TextField(blank=True, help_text="why it was revoked")
    evidence = models.PositiveSmallIntegerField(choices=Evidence)
    achieved_on = models.DateField()
    recorded_at = models.DateTimeField()
    source = models.CharField(max_length=10, choices=Source)
    source_id = models.BigIntegerField(help_text="the return, or the attempt at our own assessment")
    source_row = models.PositiveIntegerField(
        null=True, blank=True, help_text="row of the return, the header being row 1"
    )
    fact_key = models.BinaryField(max_length=32)
    region = models.CharField(max_length=20, blank=True)
    sector = models.CharField(max_length=20, blank=True)
    employer = models.CharField(max_length=80, blank=True)
    employer_size = models.CharField(max_length=20, blank=True)
    age_band = models.CharField(max_length=20, blank=True)
    occupation = models.CharField(max_length=20, blank=True)

    objects: ClassVar[AchievementQuerySet] = AchievementQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint("program", "fact_key", name="achievement_is_said_once"),
            models.UniqueConstraint("refers_to", name="achievement_is_revoked_once"),
            models.CheckConstraint(
                condition=models.Q(kind="achieved", refers_to__isnull=True)
                | models.Q(kind="revoked", refers_to__isnull=False),
                name="achievement_revocation_refers_to_an_achievement",
            ),
            models.CheckConstraint(
                condition=models.Q(evidence__in=Evidence.values), name="achievement_evidence_is_known"
            ),
            models.CheckConstraint(
                condition=~models.Q(source="return") | models.Q(source_row__isnull=False),
                name="achievement_from_a_return_names_its_row",
            ),
        ]
        indexes = [
            models.Index(fields=["program", "recorded_at"], name="achievement_by_moment"),
            models.Index(fields=["source", "source_id"], name="achievement_by_source"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.course} on {self.achieved_on}"


class DirtyPerson(ProgramRow):
    """A person whose facts have changed since they were last settled.

    Whatever changes facts adds a row in the same transaction; settling deletes the rows that it has settled. A person
    may stand here more than once.
    """

    person = ParentKey(Person, on_delete=models.CASCADE, related_name="+")
    marked_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "dirty persons"
        indexes = [models.Index(fields=["program", "marked_at"], name="dirty_person_by_moment")]

    def __str__(self) -> str:
        return f"person {self.person_id} since {self.marked_at}"
