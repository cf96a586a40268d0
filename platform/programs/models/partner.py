from typing import ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from programs.tenancy import ProgramRow

from .program import Program

OWN_PARTNER = "uplift"


class PartnerQuerySet(models.QuerySet["Partner"]):
    def that_report(self) -> Self:
        """Partners that send returns: all but the program's own courses."""
        return self.exclude(kind=Partner.Kind.OWN)

    def own_courses_of(self, program: Program) -> "Partner":
        """The partner that stands for courses taken here."""
        return self.get(program=program, kind=Partner.Kind.OWN)


class Partner(ProgramRow):
    """Who ran the training: an employer, a training provider, or the program's own courses."""

    class Kind(models.TextChoices):
        EMPLOYER = "employer", _("employer")
        PROVIDER = "provider", _("training provider")
        PUBLIC = "public", _("public body")
        OWN = "own", _("courses taken here")

    code = models.SlugField(max_length=40)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=Kind)
    committed_people = models.PositiveIntegerField(
        null=True, blank=True, help_text="people it has publicly committed to train"
    )
    note = models.TextField(blank=True)

    objects: ClassVar[PartnerQuerySet] = PartnerQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint("program", "code", name="partner_code_is_once_in_a_program"),
            models.UniqueConstraint(
                "program", condition=models.Q(kind="own"), name="partner_of_own_courses_is_one_a_program"
            ),
        ]

    def __str__(self) -> str:
        return self.name
