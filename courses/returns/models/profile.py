"""Return profiles: which column of a partner's file means what."""

from typing import ClassVar, Self

from django.db import models
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce

from programs.models import Partner, Program
from programs.tenancy import ProgramRow


class ReturnProfileQuerySet(models.QuerySet["ReturnProfile"]):
    def of(self, program: Program) -> Self:
        return self.filter(program=program).order_by("name", "code")

    def of_files(self, program: Program) -> Self:
        """Those by which people send files; statements come by a door of their own."""
        return self.of(program).exclude(definition__has_key="statements")

    def reading_statements(self) -> Self:
        return self.filter(definition__has_key="statements")

    def for_statements_of(self, partner: Partner) -> "ReturnProfile | None":
        """The partner's own profile for statements, else the one that the program has for every partner."""
        found = {each.statements_partner: each for each in self.filter(program=partner.program_id).reading_statements()}
        return found.get(partner.code) or found.get("")


class ReturnProfile(ProgramRow):
    """Says which column of a partner's file means what, and which results count as which evidence. Data, not code."""

    code = models.SlugField(max_length=40)
    name = models.CharField(max_length=200)
    definition = models.JSONField(help_text="as checked by courses.returns.profiles")

    objects: ClassVar[ReturnProfileQuerySet] = ReturnProfileQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint("program", "code", name="return_profile_code_is_once_in_a_program"),
            models.UniqueConstraint(
                "program",
                Coalesce(KT("definition__statements__partner"), models.Value("")),
                condition=models.Q(definition__has_key="statements"),
                name="statements_are_read_by_one_profile",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def reads_statements(self) -> bool:
        """Whether its rows are made of xAPI statements, not of a file."""
        return "statements" in self.definition

    @property
    def statements_partner(self) -> str:
        """The code of the partner whose statements it reads alone; empty where it reads every partner's, or none."""
        code: str = self.definition.get("statements", {}).get("partner", "")
        return code
