from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, ClassVar, Self
from zoneinfo import ZoneInfo

from django.db import models
from django.utils import timezone, translation

if TYPE_CHECKING:
    from datetime import date, datetime

    from accounts.models import User


# Of names alone, where texts stay in another language: see names_in.
_language_of_names: ContextVar[str] = ContextVar("language_of_names", default="")


class ProgramQuerySet(models.QuerySet["Program"]):
    def open_to_learners(self) -> Self:
        return self.filter(is_open_to_learners=True)

    def of_user(self, user: "User") -> Self:
        """The programs in which the user has any role."""
        return self.filter(memberships__user=user).distinct()


class Program(models.Model):
    """A national program: the tenant. All that differs between nations is data in this row and its code lists."""

    code = models.SlugField(max_length=20, unique=True)
    country = models.CharField(max_length=2, help_text="ISO 3166-1 alpha-2")
    names = models.JSONField(help_text="name by language code")
    summary = models.TextField(blank=True)
    source = models.TextField(blank=True, help_text="where the program is announced")
    languages = models.JSONField(help_text="language codes, the first is the default")
    time_zone = models.CharField(max_length=50)
    financial_year_month = models.PositiveSmallIntegerField(help_text="month in which the financial year starts")
    number_locale = models.CharField(max_length=20, help_text="CLDR locale for numbers and dates, such as pt_BR")
    identity_schemes = models.JSONField(default=list, help_text="list of {code, name, pattern, is_national, check}")
    disclosure_rule = models.CharField(max_length=40)
    residency = models.CharField(max_length=2, help_text="country in which the program's data lies")
    is_open_to_learners = models.BooleanField(default=True)

    objects: ClassVar[ProgramQuerySet] = ProgramQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(financial_year_month__range=(1, 12)), name="program_financial_year_starts_in_a_month"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """In the reader's language, else in the program's first."""
        return in_reader_language(self.names, self.languages)

    @property
    def name_language(self) -> str:
        """The language in which `name` is."""
        return language_of(self.names, self.languages)

    def today(self) -> "date":
        """The day that it is in the program's own time zone."""
        return self.day_of(timezone.now())

    def day_of(self, moment: "datetime") -> "date":
        """The day on which the moment falls there."""
        return timezone.localdate(moment, ZoneInfo(self.time_zone))


@contextmanager
def names_in(language: str) -> Iterator[None]:
    """Names from a program's data are in this language, all else in the active one: for answers to machines."""
    token = _language_of_names.set(language)
    try:
        yield
    finally:
        _language_of_names.reset(token)


def in_reader_language(names: dict[str, str], fallbacks: list[str]) -> str:
    """The name in the active language, else in the first fallback that has one, else any."""
    return names[language_of(names, fallbacks)]


def language_of(names: dict[str, str], fallbacks: list[str]) -> str:
    """The language in which `in_reader_language` gives the name."""
    active = _language_of_names.get() or translation.get_language() or ""
    for language in [active, active.split("-")[0], *fallbacks]:
        if language in names:
            return language
    return next(iter(names))
