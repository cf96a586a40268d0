"""Who asks: the bearer of a token."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from reporting.exports.models import ApiToken
from reporting.exports.operations import note_use

REFUSED = (
    "This token is unknown, revoked or expired. A program manager can make a new one on the page “API tokens” of the"
    " program."
)


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer uplift_…`. A token stands for a program, not for a user: `request.auth` is the token."""

    def authenticate(self, request: Request) -> tuple[AnonymousUser, ApiToken] | None:
        words = get_authorization_header(request).split()
        if not words or words[0].lower() != b"bearer":
            return None
        secret = words[1].decode("latin-1") if len(words) == 2 else ""
        now = timezone.now()
        token = ApiToken.objects.usable(at=now).by_secret(secret).first()
        if token is None:
            raise AuthenticationFailed(REFUSED)
        note_use(token, at=now)
        return AnonymousUser(), token

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="Uplift"'


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the OpenAPI document describes it."""

    target_class = "reporting.exports.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:  # noqa: ANN401
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "A token of the program, made on its page “API tokens” or by `manage.py make_token`.",
        }
