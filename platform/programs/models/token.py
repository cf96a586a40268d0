"""Tokens by which machines read figures or send what a partner reports: docs/decisions/0008-tokens-of-a-program.md."""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import ClassVar, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from programs.tenancy import ParentKey, ProgramRow

from .partner import Partner
from .program import Program


class Scope(models.TextChoices):
    FIGURES = "figures", _("published figures")
    EXACT = "figures:exact", _("exact figures, not for publication")
    SEND_RETURNS = "returns:write", _("send returns")
    SEND_STATEMENTS = "statements:write", _("send xAPI statements")
    READ_STATEMENTS = "statements:read", _("read its own xAPI statements")


PROGRAM_SCOPES = (Scope.FIGURES, Scope.EXACT)
PARTNER_SCOPES = (Scope.SEND_RETURNS, Scope.SEND_STATEMENTS, Scope.READ_STATEMENTS)


def digest_of(secret: str) -> bytes:
    """What is stored in place of the secret. A plain hash is enough: the secret is 256 random bits, not a password."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def of(self, program: Program) -> Self:
        rows = self.filter(program=program).select_related("created_by", "partner")
        return rows.order_by("-created_at", "-pk")

    def of_partners(self, partners: Iterable[Partner]) -> Self:
        return self.filter(partner__in=list(partners))

    def usable(self, *, at: datetime) -> Self:
        """Tokens that open the door at this moment: neither revoked nor expired."""
        return self.filter(models.Q(expires_at__isnull=True) | models.Q(expires_at__gt=at), revoked_at__isnull=True)

    def by_secret(self, secret: str) -> Self:
        return self.filter(digest=digest_of(secret))

    def with_published_figures_only(self) -> Self:
        return self.filter(partner__isnull=True).exclude(scopes__contains=[Scope.EXACT])


class ApiToken(ProgramRow):
    """A key to one program's figures, or to what one partner sends. Only its hash is kept: the secret is shown once."""

    partner = ParentKey(
        Partner, on_delete=models.PROTECT, null=True, blank=True, related_name="tokens",
        help_text="who sends with it; without a partner the token reads figures",
    )  # fmt: skip
    name = models.CharField(max_length=80, help_text="who uses it, such as “Ministry of Labour, statistics”")
    digest = models.BinaryField(max_length=32, unique=True, help_text="SHA-256 of the secret")
    scopes = ArrayField(models.CharField(max_length=20, choices=Scope))
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True, help_text="to the minute")

    objects: ClassVar[ApiTokenQuerySet] = ApiTokenQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "API token"
        constraints = [
            models.UniqueConstraint(
                fields=("program", "partner", "name"),
                condition=models.Q(revoked_at__isnull=True),
                nulls_distinct=False,
                name="api_token_name_is_once_in_a_program_or_partner",
                violation_error_message="A token of this name exists. Choose another name, or revoke that one first.",
            ),
            models.CheckConstraint(
                condition=models.Q(scopes__contained_by=Scope.values, scopes__len__gt=0),
                name="api_token_scopes_are_known",
            ),
            models.CheckConstraint(
                condition=models.Q(partner__isnull=True, scopes__contained_by=list(PROGRAM_SCOPES))
                | models.Q(partner__isnull=False, scopes__contained_by=list(PARTNER_SCOPES)),
                name="api_token_scopes_are_of_the_partner_or_of_figures",
                violation_error_message="A partner's token sends and reads what is the partner's; figures have none.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def has_scopes(self, scopes: tuple[str, ...]) -> bool:
        return set(scopes) <= set(self.scopes)

    @property
    def sees_exact(self) -> bool:
        return Scope.EXACT in self.scopes

    @property
    def opens(self) -> str:
        """What the token is for, in words."""
        return ", ".join(str(scope.label) for scope in Scope if scope in self.scopes)

    def is_expired(self, *, at: datetime) -> bool:
        return self.expires_at is not None and self.expires_at <= at
