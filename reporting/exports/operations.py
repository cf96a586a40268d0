"""What can happen to a token."""

import secrets
from datetime import datetime, timedelta

from django.db import IntegrityError, models, transaction

from accounts.models import User
from programs.models import Program
from reporting.exports.models import ApiToken, Scope, digest_of

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
    """A new token and its secret, which is not kept: show it now or never.

    Raises `TokenRefusedError` when the name is empty or in use, or the expiry lies in the past.
    """
    if not name.strip():
        raise TokenRefusedError("Give the token a name that says who uses it.")
    if expires_at and expires_at <= at:
        raise TokenRefusedError("The token would have expired already. Choose a later day, or none.")
    secret = PREFIX + secrets.token_urlsafe(32)
    scopes = [Scope.FIGURES, Scope.EXACT] if sees_exact else [Scope.FIGURES]
    token = ApiToken(
        program=program,
        name=name.strip(),
        digest=digest_of(secret),
        scopes=scopes,
        created_by=created_by,
        created_at=at,
        expires_at=expires_at,
    )
    try:
        with transaction.atomic():
            token.save(force_insert=True)
    except IntegrityError as error:
        raise TokenRefusedError(
            f"A token named “{token.name}” exists. Choose another name, or revoke that one first."
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
