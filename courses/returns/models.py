"""What delivery partners report: files whose every row ends accepted, duplicate or quarantined."""

from typing import Any, ClassVar, Self

from django.conf import settings
from django.contrib.postgres.aggregates import ArrayAgg
from django.contrib.postgres.fields import ArrayField
from django.db import models

from programs.models import Evidence, Partner, Program
from programs.tenancy import ParentKey, ProgramRow


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


class ReturnQuerySet(models.QuerySet["Return"]):
    def of(self, program: Program) -> Self:
        """All but what is heavy, the newest first."""
        rows = self.filter(program=program).select_related("partner", "profile")
        return rows.defer("content", "profile__definition", "failure").order_by("-pk")

    def waiting(self) -> Self:
        """Returns that nobody has dealt with yet, the oldest first."""
        return self.filter(status=Return.Status.RECEIVED).order_by("received_at", "pk")


class Return(ProgramRow):
    """One file of one partner, as received. `content` is kept only until the return is settled: it names people."""

    class Status(models.TextChoices):
        RECEIVED = "received", "waiting"
        LOADED = "loaded", "loaded"
        REFUSED = "refused", "refused"

    partner = ParentKey(Partner, on_delete=models.PROTECT, related_name="returns")
    profile = ParentKey(ReturnProfile, on_delete=models.PROTECT, related_name="returns")
    file_name = models.CharField(max_length=255)
    size = models.PositiveBigIntegerField(help_text="bytes")
    checksum = models.CharField(max_length=64, help_text="SHA-256 of the file, hexadecimal")
    content = models.BinaryField(null=True)
    received_at = models.DateTimeField()
    received_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    status = models.CharField(max_length=10, choices=Status, default=Status.RECEIVED)
    attempts = models.PositiveSmallIntegerField(default=0, help_text="how often loading began")
    refusal = models.TextField(blank=True, help_text="why the whole file was refused")
    failure = models.TextField(blank=True, help_text="for operators: where our own software failed, without any values")
    loaded_at = models.DateTimeField(null=True)
    sent = models.PositiveIntegerField(default=0, help_text="rows in the file without its header")
    accepted = models.PositiveIntegerField(default=0)
    duplicate = models.PositiveIntegerField(default=0)
    quarantined = models.PositiveIntegerField(default=0)
    facts = models.JSONField(default=dict, help_text="facts recorded, by evidence level")

    objects: ClassVar[ReturnQuerySet] = ReturnQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(sent=models.F("accepted") + models.F("duplicate") + models.F("quarantined")),
                name="return_rows_add_up",
            ),
            models.CheckConstraint(
                condition=models.Q(status="received", content__isnull=False)
                | (~models.Q(status="received") & models.Q(content__isnull=True)),
                name="return_content_is_kept_exactly_until_dealt_with",
            ),
            models.CheckConstraint(
                condition=models.Q(status="loaded", loaded_at__isnull=False)
                | (~models.Q(status="loaded") & models.Q(loaded_at__isnull=True, sent=0)),
                name="return_has_rows_when_loaded",
            ),
            models.CheckConstraint(
                condition=models.Q(status="refused") ^ models.Q(refusal=""), name="return_refused_says_why"
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=["received", "loaded", "refused"]), name="return_status_is_known"
            ),
        ]
        indexes = [
            models.Index(fields=["received_at"], condition=models.Q(status="received"), name="return_waiting"),
            models.Index(fields=["program", "-id"], name="return_newest_of_program"),
        ]

    def __str__(self) -> str:
        return f"{self.file_name} of {self.partner}"

    @property
    def is_waiting(self) -> bool:
        return self.status == self.Status.RECEIVED

    def facts_by_evidence(self) -> list[tuple[str, int]]:
        """How many facts were recorded on each level of evidence, the highest first."""
        return [(str(level.label), self.facts[str(level)]) for level in reversed(Evidence) if str(level) in self.facts]

    @property
    def accepted_without_fact(self) -> int:
        """Accepted rows whose result is not an achievement, as the profile says."""
        recorded: int = sum(self.facts.values())
        return self.accepted - recorded


class ReturnRowQuerySet(models.QuerySet["ReturnRow"]):
    def in_quarantine(self) -> Self:
        return self.filter(outcome=ReturnRow.Outcome.QUARANTINED).order_by("number")

    def reasons(self) -> "models.QuerySet[ReturnRow, Any]":
        """Why rows are in quarantine: column, reason and how many rows, the most frequent first.

        Reasons that name another row are one: "row 7" becomes "row …".
        """
        alike = models.Func(
            "reason", models.Value(r"(row|return) \d+"), models.Value(r"\1 …"), models.Value("g"),
            function="regexp_replace", output_field=models.TextField(),
        )  # fmt: skip
        rows = self.filter(outcome=ReturnRow.Outcome.QUARANTINED).order_by().values("column", why=alike)
        return rows.annotate(rows=models.Count("pk")).order_by("-rows", "column", "why")

    def reasons_with_rows(self, at_most: int) -> "models.QuerySet[ReturnRow, Any]":
        """The reasons with `first`: the numbers of the first rows that each one holds, at most so many."""
        first = models.Func(
            ArrayAgg("number", order_by="number"),
            template=f"(%(expressions)s)[1:{at_most:d}]", output_field=ArrayField(models.IntegerField()),
        )  # fmt: skip
        return self.reasons().annotate(first=first)


class ReturnRow(ProgramRow):
    """How one row ended. It holds no identifier; `value` is what stood in the column that is at fault.

    An accepted row keeps what makes it known again: `key` stands for the partner's own record and its evidence, `said`
    for all that the row said. Both are keyed hashes.
    """

    class Outcome(models.TextChoices):
        ACCEPTED = "accepted", "accepted"
        DUPLICATE = "duplicate", "duplicate"
        QUARANTINED = "quarantined", "quarantined"

    of_return = ParentKey(Return, on_delete=models.PROTECT, related_name="rows")
    number = models.PositiveIntegerField(help_text="row of the file, the header being row 1")
    outcome = models.CharField(max_length=12, choices=Outcome)
    column = models.CharField(max_length=200, blank=True)
    value = models.CharField(max_length=200, blank=True)
    reason = models.TextField(blank=True)
    key = models.BinaryField(max_length=32, null=True)
    said = models.BinaryField(max_length=32, null=True)

    objects: ClassVar[ReturnRowQuerySet] = ReturnRowQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint("of_return", "number", name="return_row_ends_once"),
            models.UniqueConstraint(
                "program", "key", condition=models.Q(outcome="accepted"), name="return_record_is_accepted_once"
            ),
            models.CheckConstraint(
                condition=~models.Q(outcome="quarantined") | ~models.Q(reason=""),
                name="return_row_in_quarantine_says_why",
            ),
            models.CheckConstraint(
                condition=models.Q(outcome__in=["accepted", "duplicate", "quarantined"]),
                name="return_row_outcome_is_known",
            ),
            models.CheckConstraint(
                condition=~models.Q(outcome="accepted") | models.Q(key__isnull=False, said__isnull=False),
                name="return_row_accepted_is_known_again",
            ),
        ]
        indexes = [
            models.Index(
                fields=["of_return", "number"],
                condition=models.Q(outcome="quarantined"),
                name="return_row_in_quarantine",
            ),
        ]

    def __str__(self) -> str:
        return f"row {self.number}: {self.outcome}"
