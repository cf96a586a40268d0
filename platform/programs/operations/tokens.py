"""What can happen to a token."""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from programs.models import PARTNER_SCOPES, ApiToken, Partner, Program, Scope
from programs.models.token import digest_of

PREFIX = "uplift_"  # lets scanners of public code recognise a leaked token
USE_IS_NOTED_EVERY = timedelta(minutes=1)


class TokenRefusedError(Exception):
    """The token cannot be made; the message says what to do."""


def create_token(
    program: Program,
    *,
    name: str,
    at: datetime,
    created_by: User | None = None,
    sees_exact: bool = False,
    expires_at: datetime | None = None,
) -> tuple[ApiToken, str]:
    """A new token that reads the program's figures, and its secret, which is not kept: show it now or never.

    Raises `TokenRefusedError` when the name is empty or in use, or the expiry lies in the past.
    """
    scopes = [Scope.FIGURES, Scope.EXACT] if sees_exact else [Scope.FIGURES]
    token = ApiToken(program=program, scopes=scopes, created_by=created_by, created_at=at, expires_at=expires_at)
    return saved(token, name=name)


def create_partner_token(
    partner: Partner,
    *,
    name: str,
    at: datetime,
    scopes: Iterable[str] = PARTNER_SCOPES,
    created_by: User | None = None,
    expires_at: datetime | None = None,
) -> tuple[ApiToken, str]:
    """A new token by which the partner sends and reads what is its own, and the secret, which is not kept.

    Raises `TokenRefusedError` as `create_token` does, for scopes that are no partner's, and for the program's own
    courses, which send nothing.
    """
    if partner.kind == Partner.Kind.OWN:
        raise TokenRefusedError(_("%(partner)s sends nothing. Choose a partner that reports.") % {"partner": partner})
    chosen = [scope for scope in PARTNER_SCOPES if scope in set(scopes)]
    if not chosen or set(scopes) - set(chosen):
        raise TokenRefusedError(_("Say what the token is for: %(scopes)s.") % {"scopes": ", ".join(PARTNER_SCOPES)})
    token = ApiToken(
        program_id=partner.program_id,
        partner=partner,
        scopes=chosen,
        created_by=created_by,
        created_at=at,
        expires_at=expires_at,
    )
    return saved(token, name=name)


def saved(token: ApiToken, *, name: str) -> tuple[ApiToken, str]:
    """Gives the token its name and a secret, and keeps it; raises `TokenRefusedError` where that cannot be."""
    if not name.strip():
        raise TokenRefusedError(_("Give the token a name that says who uses it."))
    if token.is_expired(at=token.created_at):
        raise TokenRefusedError(_("The token would have expired already. Choose a later day, or none."))
    secret = PREFIX + secrets.token_urlsafe(32)
    token.name, token.digest = name.strip(), digest_of(secret)
    try:
        with transaction.atomic():
            token.save(force_insert=True)
    except IntegrityError as error:
        raise TokenRefusedError(
            _("A token named “%(name)s” exists. Choose another name, or revoke that one first.") % {"name": token.name}
        ) from error
    return token, secret


def revoke_token(token: ApiToken, *, at: datetime) -> None:
    """From now on the token opens nothing. Revoking twice keeps the first moment."""
    ApiToken.objects.filter(pk=token.pk, revoked_at__isnull=True).update(revoked_at=at)


def note_use(token: ApiToken, *, at: datetime) -> None:
    """Notes that the token was used, at most once a minute, so that reading does not become writing."""
    if token.last_used_at and at - token.last_used_at < USE_IS_NOTED_EVERY:
        return
    stale = models.Q(last_used_at__isnull=True) | models.Q(last_used_at__lte=at - USE_IS_NOTED_EVERY)
    ApiToken.objects.filter(stale, pk=token.pk).update(last_used_at=at)
