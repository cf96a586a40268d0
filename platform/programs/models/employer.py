"""The register of employers: how many people work for each, and since when an employer is dormant."""

from typing import ClassVar, Self

from django.db import models
from django.db.models.functions import Lower

from programs.tenancy import ProgramRow

from .program import Program


class EmployerQuerySet(models.QuerySet["Employer"]):
    def of(self, program: Program) -> Self:
        return self.filter(program=program).order_by("code")


class Employer(ProgramRow):
    """An employer as a public register knows it. Partners' rows name it by its code or by its name."""

    code = models.CharField(max_length=80, help_text="as the register has it")
    name = models.CharField(max_length=200)
    employees = models.PositiveIntegerField(null=True, blank=True, help_text="none: the register does not say")
    dormant_since = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=200, help_text="which register, and of when")

    objects: ClassVar[EmployerQuerySet] = EmployerQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint("program", "code", name="employer_code_is_once_in_a_program"),
            models.CheckConstraint(
                condition=~models.Q(code="") & ~models.Q(name=""), name="employer_has_code_and_name"
            ),
            models.CheckConstraint(condition=~models.Q(source=""), name="employer_names_its_source"),
        ]
        indexes = [
            models.Index("program", Lower("name"), name="employer_by_name"),
            models.Index("program", Lower("code"), name="employer_by_code"),
        ]

    def __str__(self) -> str:
        return self.name
