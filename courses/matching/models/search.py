"""What searching for candidates knows of each saying, and what each search did."""

from datetime import datetime
from typing import ClassVar, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from people.models import Particulars
from programs.models import Program
from programs.tenancy import ParentKey, ProgramRow


class Comparable(ProgramRow):
    """One saying as it is compared, made from what was said when it was last searched for.

    `fingerprint` tells whether the saying has changed since: a search looks at those of which it has.
    """

    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="+", db_index=False)
    particulars = ParentKey(Particulars, on_delete=models.CASCADE, related_name="+", db_index=False)
    fingerprint = models.BigIntegerField()
    words = ArrayField(models.TextField(), help_text="of the name, in small plain letters and in order")
    sounds = ArrayField(models.TextField(), help_text="what every spelling of the words keeps, each once and sorted")
    employer = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint("particulars", name="comparable_is_one_a_saying")]

    def __str__(self) -> str:
        return f"comparable of particulars {self.particulars_id}"


class SearchQuerySet(models.QuerySet["Search"]):
    def of(self, program: Program) -> Self:
        return self.filter(program=program).order_by("-pk")


class Search(ProgramRow):
    """One search for candidates that was completed: how much it looked at, and what it left out."""

    searched_at = models.DateTimeField(help_text="when it began")
    took = models.DurationField(null=True, help_text="none: it is older than this column")
    sayings = models.PositiveIntegerField(help_text="that the program has")
    changed = models.PositiveIntegerField(help_text="that were new or had changed, and were compared with all others")
    pairs = models.PositiveBigIntegerField(help_text="that shared enough to be compared")
    found = models.PositiveIntegerField(help_text="candidates that are new or have changed")
    gone = models.PositiveIntegerField(help_text="candidates that no longer agree enough")
    cut = models.JSONField(default=list, help_text="groups too large to be compared: rule, how many, the largest")

    objects: ClassVar[SearchQuerySet] = SearchQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name_plural = "searches"

    def __str__(self) -> str:
        return f"search of {self.searched_at}"

    @property
    def ended_at(self) -> datetime | None:
        return self.searched_at + self.took if self.took is not None else None


class AskedSearchQuerySet(models.QuerySet["AskedSearch"]):
    def of(self, program: Program) -> Self:
        return self.filter(program=program).select_related("asked_by")

    def waiting(self) -> Self:
        """Those that no search has answered yet."""
        return self.filter(search__isnull=True)


class AskedSearch(ProgramRow):
    """That somebody asked for a search. It waits, as a row that a worker finds, until a search has answered it.

    A search answers it that began afterwards, so that it has seen everything that was said until then.
    """

    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    search = ParentKey(Search, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects: ClassVar[AskedSearchQuerySet] = AskedSearchQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name_plural = "asked searches"
        constraints = [
            models.UniqueConstraint(
                fields=["program"],
                condition=models.Q(search__isnull=True),
                name="search_is_asked_for_once_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"search asked for at {self.asked_at}"
