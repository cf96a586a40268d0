"""What delivery partners report: files whose every row ends accepted, duplicate or quarantined."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from programs.models import Evidence, Partner, Program
from programs.tenancy import ParentKey, ProgramRow

from .profile import ReturnProfile


class ReturnQuerySet(models.QuerySet["Return"]):
    def of(self, program: Program) -> Self:
        """All but what is heavy, the newest first."""
        rows = self.filter(program=program).select_related("partner", "profile")
        return rows.defer("profile__definition", "failure").order_by("-pk")

    def waiting(self) -> Self:
        """Returns that nobody has dealt with yet, the oldest first."""
        return self.filter(status=Return.Status.RECEIVED).order_by("received_at", "pk")


class Return(ProgramRow):
    """One file of one partner. Its `Piece`s are kept only until it is dealt with: they name people.

    `sent` is how many rows the file has, when all are read. Every row ends accepted, duplicate or quarantined. Of a
    refused one `sent` and `accepted` are the rows that were taken in before it had to be refused: hardly ever any. A
    trial is read and judged like any other return, and changes nothing.
    """

    class Status(models.TextChoices):
        RECEIVED = "received", _("waiting")
        LOADED = "loaded", _("loaded")
        REFUSED = "refused", _("refused")
        TRIED = "tried", _("tried")

    partner = ParentKey(Partner, on_delete=models.PROTECT, related_name="returns")
    profile = ParentKey(ReturnProfile, on_delete=models.PROTECT, related_name="returns")
    file_name = models.CharField(max_length=255)
    size = models.PositiveBigIntegerField(help_text="bytes")
    checksum = models.CharField(max_length=64, help_text="SHA-256 of the file, hexadecimal")
    received_at = models.DateTimeField()
    received_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    received_key = models.CharField(
        max_length=255, blank=True, help_text="by which the sender knows it again: the idempotency key of the API"
    )
    is_trial = models.BooleanField(default=False, help_text="a dry run")
    status = models.CharField(max_length=10, choices=Status, default=Status.RECEIVED)
    attempts = models.PositiveSmallIntegerField(default=0, help_text="how often loading began")
    refusal = models.TextField(blank=True, help_text="why the whole file was refused")
    failure = models.TextField(blank=True, help_text="for operators: where our own software failed, without any values")
    loaded_at = models.DateTimeField(null=True, help_text="when it was loaded or tried")
    recorded_at = models.DateTimeField(null=True, help_text="the moment of the last facts that it brought")
    rows_read = models.PositiveIntegerField(default=0, help_text="how far reading has come")
    bytes_read = models.PositiveBigIntegerField(default=0, help_text="the same in bytes of the file; never back")
    rows_taken = models.PositiveIntegerField(default=0, help_text="how far taking the rows in has come")
    sent = models.PositiveIntegerField(default=0, help_text="rows in the file without its header")
    accepted = models.PositiveIntegerField(default=0)
    duplicate = models.PositiveIntegerField(default=0)
    quarantined = models.PositiveIntegerField(default=0)
    notes = models.JSONField(default=list, help_text="how the file was read where that is not plain, in words")
    facts = models.JSONField(default=dict, help_text="facts recorded, by evidence level")
    months = models.JSONField(default=dict, help_text="rows that could be read, by the month of their day: 2026-03")
    columns = models.JSONField(default=list, help_text="the columns that were read, in the order of the sealed cells")

    objects: ClassVar[ReturnQuerySet] = ReturnQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(sent=models.F("accepted") + models.F("duplicate") + models.F("quarantined")),
                name="return_rows_add_up",
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=["loaded", "tried"], loaded_at__isnull=False)
                | models.Q(status__in=["received", "refused"], loaded_at__isnull=True, sent=0)
                | models.Q(
                    status="refused", loaded_at__isnull=True, recorded_at__isnull=False, sent=models.F("accepted")
                ),
                name="return_has_rows_when_loaded",
            ),
            models.CheckConstraint(
                condition=models.Q(status="refused") ^ models.Q(refusal=""), name="return_refused_says_why"
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=["received", "loaded", "refused", "tried"]),
                name="return_status_is_known",
            ),
            models.CheckConstraint(
                condition=~models.Q(status="tried") | models.Q(is_trial=True, recorded_at__isnull=True),
                name="return_tried_changed_nothing",
            ),
            models.CheckConstraint(
                condition=models.Q(bytes_read__lte=models.F("size")), name="return_is_not_read_beyond_its_end"
            ),
            models.UniqueConstraint(
                "partner", "received_key", condition=~models.Q(received_key=""), name="return_key_is_once_a_partner"
            ),
        ]
        indexes = [
            models.Index(fields=["received_at"], condition=models.Q(status="received"), name="return_waiting"),
            models.Index(fields=["program", "-id"], name="return_newest_of_program"),
            models.Index(fields=["program", "recorded_at"], name="return_by_moment"),
        ]

    def __str__(self) -> str:
        return f"{self.file_name} of {self.partner}"

    @property
    def is_waiting(self) -> bool:
        return self.status == self.Status.RECEIVED

    @property
    def is_read(self) -> bool:
        return 0 < self.size == self.bytes_read

    @property
    def rows_expected(self) -> int:
        """How many rows the file may have, judged by the part that was read; two figures of it are to be trusted."""
        if self.is_read or not self.bytes_read:
            return self.rows_read
        guess = self.rows_read * self.size // self.bytes_read
        unit: int = 10 ** max(len(str(guess)) - 2, 0)
        return max(guess // unit * unit, self.rows_read)

    def facts_by_evidence(self) -> list[tuple[str, int]]:
        """How many facts were recorded on each level of evidence, the highest first."""
        return [(str(level.label), self.facts[str(level)]) for level in reversed(Evidence) if str(level) in self.facts]

    @property
    def accepted_without_fact(self) -> int:
        """Accepted rows whose result is not an achievement, as the profile says."""
        recorded: int = sum(self.facts.values())
        return self.accepted - recorded


class Piece(ProgramRow):
    """A part of a return's file, in order. All but the last have the same size."""

    SIZE = 1024 * 1024  # bytes

    of_return = ParentKey(Return, on_delete=models.CASCADE, related_name="pieces", db_index=False)
    number = models.PositiveIntegerField(help_text="from 0")
    content = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint("of_return", "number", name="piece_is_once_in_a_return")]

    def __str__(self) -> str:
        return f"piece {self.number} of return {self.of_return_id}"
