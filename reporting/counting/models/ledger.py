from datetime import datetime, timedelta
from typing import ClassVar, Self

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.achievements.models import Achievement
from people.models import Person
from programs.models import MeasureVersion, Partner, Program
from programs.tenancy import ParentKey, ProgramRow


class Ledger(ProgramRow):
    """The book of one program: its clock, and the lock under which postings get their number and moment.

    No posting will ever carry a moment at or before `closed_until`, so what was booked until then reads the same for
    ever, whatever the clocks of the machines do.
    """

    number = models.BigIntegerField(default=0, help_text="of the last posting")
    closed_until = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint("program", name="ledger_is_one_a_program")]

    def __str__(self) -> str:
        return f"ledger of {self.program_id}, closed until {self.closed_until}"

    def turn(self, *, at: datetime) -> None:
        """Opens the next posting: its number is `number`, its moment `closed_until`. Call it with the row locked."""
        self.number += 1
        self.closed_until = max(at, self.closed_until + timedelta(microseconds=1))
        self.save(update_fields=["number", "closed_until"])


class Lane(ProgramRow):
    """A share of a program's people: who holds the lock of its row settles them, and nobody else does meanwhile."""

    number = models.PositiveSmallIntegerField(help_text="which of the shares it is, from 0")

    class Meta:
        constraints = [models.UniqueConstraint("program", "number", name="lane_is_once_in_a_program")]

    def __str__(self) -> str:
        return f"lane {self.number} of {self.program_id}"


class PostingQuerySet(models.QuerySet["Posting"]):
    def of(self, program: Program) -> Self:
        return self.filter(program=program)


class Posting(ProgramRow):
    """One batch of people settled in one transaction that booked something.

    Numbers and moments of a program's postings ascend together, in the order in which they were committed. Number and
    sums of its entries are kept beside them, so that an entry that is taken away or brought in later is missed.
    """

    number = models.BigIntegerField()
    posted_at = models.DateTimeField()
    people = models.PositiveIntegerField(help_text="people whom the batch settled")
    entries = models.PositiveIntegerField(default=0)
    whole = models.IntegerField(default=0, help_text="what its entries add up to")
    part = models.IntegerField(default=0, help_text="what its entries add up to")
    reason = models.TextField(blank=True, help_text="why something was repaired; empty for ordinary settling")

    objects: ClassVar[PostingQuerySet] = PostingQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint("program", "number", name="posting_number_is_once"),
            models.UniqueConstraint("program", "posted_at", name="posting_moment_is_once"),
        ]

    def __str__(self) -> str:
        return f"posting {self.number} at {self.posted_at}"


class Cause(models.TextChoices):
    NEW = "new", _("new")
    LATE = "late", _("reported late")
    REVOKED = "revoked", _("revoked")
    RESTORED = "restored", _("restored")
    CORRECTION = "correction", _("corrected")
    MERGE = "merge", _("merged persons")
    UNMERGE = "unmerge", _("separated persons")
    REPAIR = "repair", _("repaired")


class LedgerEntry(ProgramRow):
    """One line of the ledger: a person comes into a cell (+1) or leaves it (-1), with the cause.

    It books two figures at once: `part`, that of the partner who reported the achievement, and `whole`, where a person
    counts once, in the cell and at the partner of their first achievement. The last step of a person, measure version
    and partner says what stands: `part` >= 0, that they count with the partner; `whole` = 1, that they count in the
    whole there. The person is a root: the achievement may be that of somebody who stands for them, or stood for them
    when it was booked. Entries are only ever added: triggers refuse UPDATE, DELETE and TRUNCATE. The primary key makes
    it impossible that two workers book the same step.

    Its parents have no foreign keys, which would cost more than the booking: every entry is written from an achievement
    whose own keys are checked and that can never be deleted, and recount compares the two.
    """

    pk = models.CompositePrimaryKey("person_id", "measure_version_id", "partner_id", "step")
    program = models.ForeignKey(
        Program, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    person = ParentKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    measure_version = ParentKey(MeasureVersion, on_delete=models.PROTECT, related_name="+", db_index=False)
    partner = ParentKey(Partner, on_delete=models.PROTECT, related_name="+", db_index=False)
    step = models.PositiveIntegerField(help_text="counts the entries of a person, measure version and partner from 1")
    posting = ParentKey(Posting, on_delete=models.PROTECT, related_name="+", db_index=False)
    achievement = ParentKey(Achievement, on_delete=models.PROTECT, related_name="+", db_index=False)
    day = models.DateField(help_text="day of the achievement")
    region = models.CharField(max_length=20, blank=True)
    sector = models.CharField(max_length=20, blank=True)
    employer_size = models.CharField(max_length=20, blank=True)
    age_band = models.CharField(max_length=20, blank=True)
    part = models.SmallIntegerField()
    whole = models.SmallIntegerField()
    cause = models.CharField(max_length=12, choices=Cause)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(part__range=(-1, 1), whole__range=(-1, 1)) & ~models.Q(part=0, whole=0),
                name="ledger_entry_books_one_person",
            ),
            models.CheckConstraint(
                condition=~models.Q(part=1, whole=-1) & ~models.Q(part=-1, whole=1),
                name="ledger_entry_books_one_direction",
            ),
        ]
        indexes = [
            BrinIndex(fields=["posting"], name="ledger_by_posting", pages_per_range=32),
            # Recount asks which steps were followed by another; few are.
            models.Index(
                fields=["measure_version", "person", "partner", "step"],
                condition=models.Q(step__gt=1),
                name="ledger_later_steps",
            ),
        ]
        verbose_name_plural = "ledger entries"

    def __str__(self) -> str:
        return f"{self.part:+d} of the part, {self.whole:+d} of the whole on {self.day}: {self.cause}"
