from typing import ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from programs.tenancy import ProgramRow

from .program import Program, in_reader_language


class CodeQuerySet(models.QuerySet["Code"]):
    def of(self, program: Program, kind: str) -> Self:
        return self.filter(program=program, kind=kind).order_by("position")


class Code(ProgramRow):
    """One entry of a program's code list, such as region 3 "Queensland"."""

    class Kind(models.TextChoices):
        REGION = "region", _("region")
        SECTOR = "sector", _("sector")
        EMPLOYER_SIZE = "employer_size", _("employer size")
        AGE_BAND = "age_band", _("age band")

    kind = models.CharField(max_length=20, choices=Kind)
    code = models.CharField(max_length=20)
    names = models.JSONField()
    position = models.PositiveSmallIntegerField()
    most = models.PositiveIntegerField(
        null=True, blank=True, help_text="of an employer size: the most people such an employer has; none if open"
    )
    isic = models.CharField(
        max_length=1, blank=True, help_text="of a sector: the section of ISIC Rev. 4 that it is closest to"
    )

    objects: ClassVar[CodeQuerySet] = CodeQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint("program", "kind", "code", name="code_is_once_in_its_list"),
            models.CheckConstraint(condition=~models.Q(code=""), name="code_is_not_empty"),
            models.CheckConstraint(
                condition=models.Q(most__isnull=True) | models.Q(kind="employer_size"),
                name="code_of_an_employer_size_alone_has_a_most",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return in_reader_language(self.names, ["en"])
