import uuid
from typing import Any, ClassVar, Self

import orjson
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from programs.models import ApiToken, Partner, Program
from programs.tenancy import ParentKey, ProgramRow


class StatementQuerySet(models.QuerySet["Statement"]):
    def of_partner(self, partner: Partner) -> Self:
        return self.filter(program=partner.program_id, partner=partner)

    def with_id(self, number: uuid.UUID | str) -> Self:
        return self.filter(statement_id=number)

    def with_standing(self) -> Self:
        """Each statement with `is_voided`: whether another one takes it back, which came before or after it."""
        taking_back = Statement.objects.filter(
            program=models.OuterRef("program"),
            partner=models.OuterRef("partner"),
            refers_to=models.OuterRef("statement_id"),
            is_voiding=True,
        )
        return self.annotate(is_voided=models.Exists(taking_back) & models.Q(is_voiding=False))

    def standing(self) -> Self:
        """Statements that nobody has taken back. A statement that takes back cannot be taken back itself."""
        return self.with_standing().filter(is_voided=False)

    def voided(self) -> Self:
        return self.with_standing().filter(is_voided=True)


class Statement(ProgramRow):
    """What a partner's system said by xAPI. It is never changed: what takes it back is another statement.

    `said` is the statement as it was sent, without `stored` and `authority`, which are kept beside it, and with its id.
    """

    program = models.ForeignKey(
        Program, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )  # partner and token are checked together with it, once a statement of SQL
    partner = ParentKey(Partner, on_delete=models.PROTECT, related_name="statements", db_index=False)
    token = ParentKey(ApiToken, on_delete=models.PROTECT, related_name="+", db_index=False)
    statement_id = models.UUIDField()
    stored_at = models.DateTimeField()
    said = models.TextField(help_text="JSON")
    refers_to = models.UUIDField(null=True, help_text="the statement that it is about")
    is_voiding = models.BooleanField(help_text="whether it takes back the statement that it refers to")
    keys = ArrayField(models.BigIntegerField(), help_text="courses.statements.mentions")

    objects: ClassVar[StatementQuerySet] = StatementQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint("program", "partner", "statement_id", name="statement_is_stored_once"),
            models.CheckConstraint(
                condition=models.Q(is_voiding=False) | models.Q(refers_to__isnull=False),
                name="statement_that_takes_back_says_which",
            ),
        ]
        indexes = [
            models.Index(fields=["partner", "stored_at", "id"], name="statement_in_order"),
            models.Index(
                fields=["partner", "refers_to"], condition=models.Q(refers_to__isnull=False), name="statement_referring"
            ),
            GinIndex(fields=["keys"], name="statement_by_mention"),
        ]

    def __str__(self) -> str:
        return str(self.statement_id)

    def as_sent(self) -> dict[str, Any]:
        said: dict[str, Any] = orjson.loads(self.said)
        return said
