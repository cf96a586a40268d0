"""Return profiles: which column of a partner's file means what."""

from typing import ClassVar, Self

from django.db import models

from programs.models import Program
from programs.tenancy import ProgramRow


class ReturnProfileQuerySet(models.QuerySet["ReturnProfile"]):
    def of(self, program: Program) -> Self:
        return self.filter(program=program).order_by("name", "code")


class ReturnProfile(ProgramRow):
    """Says which column of a partner's file means what, and which results count as which evidence. Data, not code."""

    code = models.SlugField(max_length=40)
    name = models.CharField(max_length=200)
    definition = models.JSONField(help_text="as checked by courses.returns.profiles")

    objects: ClassVar[ReturnProfileQuerySet] = ReturnProfileQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [models.UniqueConstraint("program", "code", name="return_profile_code_is_once_in_a_program")]

    def __str__(self) -> str:
        return self.name
