"""The fact "this person achieved this, on this day, with this evidence, said by this source"."""

from datetime import date
from typing import Any, ClassVar, NamedTuple, Self

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models.functions import Coalesce, FirstValue, Mod, RowNumber
from django.utils.translation import gettext_lazy as _

from courses.catalogue.models import Course
from people.models import Person
from programs.models import Evidence, Partner, Program
from programs.tenancy import ParentKey, ProgramRow


class AchievementQuerySet(models.QuerySet["Achievement"]):
    def of(self, program: Program) -> Self:
        return self.filter(program=program)

    def standing(self) -> Self:
        """Achievements that were never revoked, or were restored when they last were."""
        return self._with_last_kind().exclude(last_kind=Achievement.Kind.REVOKED)

    def revoked(self) -> Self:
        """Achievements that do not stand."""
        return self._with_last_kind().filter(last_kind=Achievement.Kind.REVOKED)

    def _with_last_kind(self) -> Self:
        later = Achievement.objects.filter(refers_to=models.OuterRef("pk")).order_by("-turn").values("kind")
        known = self.filter(kind=Achievement.Kind.ACHIEVED)
        return known.annotate(last_kind=Coalesce(models.Subquery(later[:1]), models.Value("")))

    def of_partner(self, partner: Partner, *, first_on: date, last_on: date) -> Self:
        """Facts of what was achieved with the partner from the first day to the last, both included.

        Later facts are among them: they copy partner and day of the achievement that they refer to.
        """
        return self.filter(program=partner.program_id, partner=partner, achieved_on__range=(first_on, last_on))

    def last_facts(self) -> Self:
        """Of each achievement among these facts the last one: its last later fact, or itself where there is none.

        It has `achievement_id`, the `next_turn`, and what it says as `last_kind`, `last_source` and `last_source_id`;
        filter by these, never by the plain columns. One ordered pass and no join: joins are planned by statistics,
        which know nothing yet of a million facts that were added a moment ago.
        """
        achievement_id = Coalesce("refers_to_id", "pk")
        by_turn: dict[str, Any] = {
            "partition_by": [achievement_id],
            "order_by": models.F("turn").desc(nulls_last=True),
        }
        said = {f"last_{name}": models.Window(FirstValue(name), **by_turn) for name in ("kind", "source", "source_id")}
        turns = {"achievement_id": achievement_id, "next_turn": Coalesce("turn", 0) + 1}
        return self.annotate(place=models.Window(RowNumber(), **by_turn), **said, **turns).filter(place=1)

    def reach(self) -> "Reach":
        """How many facts these are, and of how many people."""
        return Reach(**self.aggregate(achievements=models.Count("pk"), people=models.Count("person", distinct=True)))


class Reach(NamedTuple):
    achievements: int
    people: int


class Achievement(ProgramRow):
    """A fact. It is never edited or deleted (triggers refuse): what changes it is a new fact that refers to it.

    `achieved_on` is the day in the program's time zone on which it happened, `recorded_at` the moment we learned of it.
    The codes describe the person on that day; empty means not stated. `fact_key` is what makes a fact of a person one:
    the source never says the same thing of them twice. An achievement may be revoked, restored, revoked again: `turn`
    counts these later facts from 1, so that the odd ones revoke and the even ones restore.
    """

    class Kind(models.TextChoices):
        ACHIEVED = "achieved", _("achieved")
        REVOKED = "revoked", _("revoked")
        RESTORED = "restored", _("restored")

    class Source(models.TextChoices):
        LEARNING = "learning", _("our own lesson player")
        RETURN = "return", _("a partner's return")
        MASS_REVOCATION = "mass", _("a mass revocation")

    # A nation's facts are millions: parents are checked once a statement (migration 0008), and few indexes are kept.
    program = models.ForeignKey(
        Program, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    person = ParentKey(Person, on_delete=models.PROTECT, related_name="achievements", db_index=False)
    course = ParentKey(Course, on_delete=models.PROTECT, related_name="achievements", db_index=False)
    partner = ParentKey(Partner, on_delete=models.PROTECT, related_name="achievements", db_index=False)
    kind = models.CharField(max_length=10, choices=Kind)
    refers_to = ParentKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="later_facts", db_index=False
    )
    turn = models.PositiveSmallIntegerField(null=True, blank=True)
    reason = models.TextField(blank=True, help_text="why it was revoked or restored")
    evidence = models.PositiveSmallIntegerField(choices=Evidence)
    achieved_on = models.DateField()
    recorded_at = models.DateTimeField()
    source = models.CharField(max_length=10, choices=Source)
    source_id = models.BigIntegerField(
        help_text="the return, the attempt at our own assessment, the enrolment, or the mass revocation"
    )
    source_row = models.PositiveIntegerField(
        null=True, blank=True, help_text="row of the return, the header being row 1"
    )
    fact_key = models.BinaryField(max_length=16)
    region = models.CharField(max_length=20, blank=True)
    sector = models.CharField(max_length=20, blank=True)
    employer = models.CharField(max_length=80, blank=True)
    employer_size = models.CharField(max_length=20, blank=True)
    age_band = models.CharField(max_length=20, blank=True)
    occupation = models.CharField(max_length=20, blank=True)

    objects: ClassVar[AchievementQuerySet] = AchievementQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            # Facts of one person lie together: it is also how they are looked up.
            models.UniqueConstraint("person", "fact_key", name="achievement_is_said_once"),
            models.UniqueConstraint(
                "refers_to",
                "turn",
                condition=models.Q(refers_to__isnull=False),
                name="achievement_is_changed_once_a_turn",
            ),
            models.CheckConstraint(
                condition=models.Q(kind="achieved", refers_to__isnull=True, turn__isnull=True)
                | models.Q(kind__in=["revoked", "restored"], refers_to__isnull=False, turn__isnull=False, turn__gte=1),
                name="achievement_alone_refers_to_none",
            ),
            models.CheckConstraint(
                condition=models.Q(kind="achieved")
                | (models.Q(kind="revoked") & models.lookups.Exact(Mod(models.F("turn"), 2), 1))
                | (models.Q(kind="restored") & models.lookups.Exact(Mod(models.F("turn"), 2), 0)),
                name="achievement_is_revoked_and_restored_by_turns",
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
            # What returns bring is known by the returns.
            models.Index(
                fields=["program", "recorded_at"], condition=~models.Q(source="return"), name="achievement_by_moment"
            ),
            models.Index(
                fields=["source", "source_id"], condition=~models.Q(source="return"), name="achievement_by_source"
            ),
            # Facts come partner by partner.
            BrinIndex(fields=["partner", "recorded_at"], autosummarize=True, name="achievement_by_partner"),
            # Settling asks which facts of its people were changed; few ever are.
            models.Index(
                fields=["person"], condition=models.Q(refers_to__isnull=False), name="achievement_changes_by_person"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.kind} {self.course} on {self.achieved_on}"
