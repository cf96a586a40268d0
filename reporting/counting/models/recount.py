from typing import ClassVar, Self

from django.db import models

from programs.models import Program
from programs.tenancy import ParentKey, ProgramRow

from .ledger import Posting


class RecountQuerySet(models.QuerySet["Recount"]):
    def of(self, program: Program) -> Self:
        return self.filter(program=program)

    def latest_of(self, program: Program) -> "Recount | None":
        """The program's last recount; None as long as there was none."""
        return self.of(program).order_by("-counted_at", "-pk").first()

    def open_incidents(self) -> Self:
        """The last recount of each program, where it found something and nothing has been repaired since."""
        last = self.order_by("program_id", "-counted_at", "-pk").distinct("program_id").values("pk")
        return self.filter(pk__in=last, repaired_by__isnull=True).exclude(
            facts_unlike_ledger=0, broken_entries=0, ledger_unlike_counts=0
        )


class Recount(ProgramRow):
    """What a count from scratch found when it was compared with ledger and counts. All zero is as it must be."""

    counted_at = models.DateTimeField()
    people = models.PositiveIntegerField(help_text="people with a standing entry, over all measure versions")
    facts_unlike_ledger = models.PositiveIntegerField(
        help_text="people and partners whose facts give something else than what is booked"
    )
    broken_entries = models.PositiveIntegerField(
        help_text="entries and postings that do not follow from the one before"
    )
    ledger_unlike_counts = models.PositiveIntegerField(help_text="cells whose count is not the sum of their entries")
    examples = models.JSONField(default=list, help_text="some of the differences, in words; never a person")
    repaired_by = ParentKey(Posting, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects: ClassVar[RecountQuerySet] = RecountQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        indexes = [models.Index(fields=["program", "counted_at"], name="recount_by_moment")]

    def __str__(self) -> str:
        return f"recount of {self.program_id} at {self.counted_at}: {self.differences} differences"

    @property
    def differences(self) -> int:
        return self.facts_unlike_ledger + self.broken_entries + self.ledger_unlike_counts
