"""Whose facts have changed: what settling works through."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from programs.models import Program
from programs.tenancy import ProgramRow

LANES = 8  # the shares into which the people of a program are dealt, so that as many workers settle them side by side
# So many people with consecutive numbers are neighbours. They share a lane and a row: their facts and entries lie near
# each other, and as returns bring them partner by partner, they are counted in few cells.
NEIGHBOURS = 4096


def _neighbourhood(place: str) -> models.Func:
    template = f"(%(expressions)s)[{place}] / {NEIGHBOURS}"
    return models.Func("people", template=template, output_field=models.BigIntegerField())


class DirtyPeople(ProgramRow):
    """Neighbours, all of one lane, whose facts have changed since they were last settled.

    Whatever changes facts adds rows in the same transaction (`operations.marking`); settling deletes the rows that it
    has settled. A person may stand in more than one row, always in the same lane. The people of another program would
    do no harm: settling finds neither facts nor entries of theirs in this one.
    """

    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="+", db_index=False)
    lane = models.GeneratedField(
        expression=models.Func("people", template=f"mod((%(expressions)s)[1] / {NEIGHBOURS}, {LANES})"),
        output_field=models.SmallIntegerField(),
        db_persist=True,
    )
    people = ArrayField(models.BigIntegerField(), help_text="their numbers, ascending")
    number = models.GeneratedField(
        expression=models.Func("people", function="cardinality"),
        output_field=models.IntegerField(),
        db_persist=True,
    )
    marked_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "dirty people"
        constraints = [
            models.CheckConstraint(condition=models.Q(number__gte=1), name="dirty_people_are_some"),
            models.CheckConstraint(
                condition=models.lookups.Exact(_neighbourhood("1"), _neighbourhood("cardinality(people)")),
                name="dirty_people_are_neighbours",
            ),
        ]
        indexes = [models.Index(fields=["program", "lane", "marked_at"], name="dirty_people_by_lane")]

    def __str__(self) -> str:
        return f"{self.number} people since {self.marked_at}"
