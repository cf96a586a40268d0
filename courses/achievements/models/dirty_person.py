"""Whose facts have changed: what settling works through."""

from django.db import models
from django.db.models.functions import Mod

from people.models import Person
from programs.models import Program
from programs.tenancy import ParentKey, ProgramRow

LANES = 8  # the shares into which the people of a program are dealt, so that as many workers settle them side by side


class DirtyPerson(ProgramRow):
    """A person whose facts have changed since they were last settled.

    Whatever changes facts adds a row in the same transaction; settling deletes the rows that it has settled. A person
    may stand here more than once, always in the same lane.
    """

    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="+", db_index=False)
    person = ParentKey(Person, on_delete=models.CASCADE, related_name="+", db_index=False)
    lane = models.GeneratedField(
        expression=Mod("person_id", models.Value(LANES)),
        output_field=models.SmallIntegerField(),
        db_persist=True,
    )
    marked_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "dirty persons"
        indexes = [models.Index(fields=["program", "lane", "marked_at"], name="dirty_person_by_lane")]

    def __str__(self) -> str:
        return f"person {self.person_id} since {self.marked_at}"
