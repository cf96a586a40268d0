"""Two persons who may be one human being, with what speaks for it."""

from typing import ClassVar, NamedTuple, Self

from django.conf import settings
from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from people.models import Alias, Merge, Person
from programs.models import Program
from programs.tenancy import ParentKey, ProgramRow


class Progress(NamedTuple):
    """How many candidates of a program wait, were put off, and are decided."""

    open: int
    later: int
    decided: int

    @property
    def all(self) -> int:
        return self.open + self.later + self.decided


class CandidateQuerySet(models.QuerySet["Candidate"]):
    def of(self, program: Program) -> Self:
        return self.filter(program=program)

    def with_roots(self) -> Self:
        """With `one_root` and `other_root`: whom the two persons are counted as today."""
        return self.annotate(one_root=_root_of("one_id"), other_root=_root_of("other_id"))

    def waiting(self) -> Self:
        """Open or put off, unless the two have become one person in the meantime; what to look at first comes first."""
        undecided = self.with_roots().filter(state__in=Candidate.UNDECIDED)
        return undecided.exclude(one_root=models.F("other_root")).order_by("-state", "-score", "pk")

    def open(self) -> Self:
        return self.waiting().filter(state=Candidate.State.OPEN)

    def put_off(self) -> Self:
        return self.waiting().filter(state=Candidate.State.LATER).order_by("decided_at", "pk")

    def like(self, candidate: "Candidate") -> Self:
        """Open ones of the same program whose evidence is the same: the same agreement in every field."""
        return self.of(candidate.program).open().filter(pattern=candidate.pattern)

    def between(self, roots: set[int]) -> Self:
        """Undecided ones between these two persons, whoever was merged into them."""
        undecided = self.with_roots().filter(state__in=Candidate.UNDECIDED)
        return undecided.filter(one_root__in=roots, other_root__in=roots).exclude(one_root=models.F("other_root"))

    def progress(self) -> Progress:
        states = Candidate.State
        waiting = self.waiting().order_by()
        return Progress(
            open=waiting.filter(state=states.OPEN).count(),
            later=waiting.filter(state=states.LATER).count(),
            decided=self.filter(state__in=[states.SAME, states.DIFFERENT]).count(),
        )


def _root_of(person: str) -> Coalesce:
    stands_for = Alias.objects.filter(person=models.OuterRef(person)).values("stands_for")[:1]
    return Coalesce(models.Subquery(stands_for), models.F(person), output_field=models.BigIntegerField())


class Candidate(ProgramRow):
    """Two persons who may be one human being. Somebody decides; nothing is merged by a score.

    `evidence` says how far they agree in each field and holds no value of any; `pattern` is the same for the same
    agreement in every field. Name and birth date alone have a score below 50, whatever the name.
    """

    class State(models.TextChoices):
        OPEN = "open", _("open")
        LATER = "later", _("put off")
        SAME = "same", _("one person")
        DIFFERENT = "different", _("two people")
        GONE = "gone", _("no longer alike")

    one_root: int  # whom `one` is counted as; of rows of `with_roots`
    other_root: int

    UNDECIDED = (State.OPEN, State.LATER)

    one = ParentKey(Person, on_delete=models.PROTECT, related_name="+")
    other = ParentKey(Person, on_delete=models.PROTECT, related_name="+")
    score = models.PositiveSmallIntegerField(help_text="probability in percent; below 50 for name and birth date alone")
    is_alone = models.BooleanField(help_text="nothing but name and birth date agrees")
    evidence = models.JSONField()
    pattern = models.CharField(max_length=300)
    found_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    because = models.TextField(blank=True, help_text="what else somebody knew who decided")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    merge = ParentKey(Merge, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects: ClassVar[CandidateQuerySet] = CandidateQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint("one", "other", name="candidate_of_two_persons_is_one"),
            models.CheckConstraint(
                condition=models.Q(one__lt=models.F("other")), name="candidate_names_the_older_person_first"
            ),
            models.CheckConstraint(condition=models.Q(score__range=(1, 99)), name="candidate_score_is_a_percentage"),
            models.CheckConstraint(
                condition=models.Q(is_alone=True, score__lt=50) | models.Q(is_alone=False, score__gte=50),
                name="candidate_by_name_and_birth_date_alone_scores_less",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["open", "gone"], decided_at__isnull=True, decided_by__isnull=True)
                | models.Q(
                    state__in=["later", "same", "different"], decided_at__isnull=False, decided_by__isnull=False
                ),
                name="candidate_decision_has_a_person_and_a_moment",
            ),
            models.CheckConstraint(
                condition=models.Q(state="same") | models.Q(merge__isnull=True),
                name="candidate_merges_only_if_the_same",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="same", is_alone=True) | ~models.Q(because=""),
                name="candidate_by_name_and_birth_date_alone_needs_a_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["program", "state", "-score", "id"], name="candidate_queue"),
            models.Index(fields=["program", "pattern"], condition=models.Q(state="open"), name="candidate_by_pattern"),
        ]

    def __str__(self) -> str:
        return f"candidate {self.pk}: persons {self.one_id} and {self.other_id}"
