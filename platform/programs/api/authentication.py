"""Who asks: the bearer of a token."""

import base64
import binascii
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from programs.models import ApiToken
from programs.operations import note_use

REFUSED = (
    "This token is unknown, revoked or expired. A program manager can make a new one on the page “API tokens” of the"
    " program."
)


def bearer_secret(header: str) -> str | None:
    """The secret in `Bearer <secret>`, empty where there is none; None for another kind of header."""
    words = header.split()
    if not words or words[0].lower() != "bearer":
        return None
    return words[1] if len(words) == 2 else ""


def basic_password(header: str) -> str | None:
    """The password in `Basic <base64 of name:password>` (RFC 7617), empty where there is none; None for another kind.

    The name is whatever the client wants to be called: the secret alone says whose it is.
    """
    words = header.split()
    if not words or words[0].lower() != "basic":
        return None
    try:
        return base64.b64decode(words[1], validate=True).decode().partition(":")[2] if len(words) == 2 else ""
    except (binascii.Error, ValueError):
        return ""


def token_by_secret(secret: str, *parents: str) -> ApiToken | None:
    """The token that the secret opens now, with those of its parents that are named; its use is noted.

    None if the secret opens nothing.
    """
    now = timezone.now()
    tokens = ApiToken.objects.usable(at=now).by_secret(secret)
    token = (tokens.select_related(*parents) if parents else tokens).first()
    if token is not None:
        note_use(token, at=now)
    return token


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer uplift_…`. A token stands for a program, not for a user: `request.auth` is the token."""

    def authenticate(self, request: Request) -> tuple[AnonymousUser, ApiToken] | None:
        secret = bearer_secret(request.headers.get("Authorization", ""))
        if secret is None:
            return None
        token = token_by_secret(secret, "program", "partner")
        if token is None:
            raise AuthenticationFailed(REFUSED)
        return AnonymousUser(), token

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="Uplift"'


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the OpenAPI document describes it."""

    target_class = "programs.api.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:  # noqa: ANN401
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "A token of the program, made on its page “API tokens” or by `manage.py make_token`.",
        }
