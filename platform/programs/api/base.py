"""The base of every API view: it hands over the token's program, and nothing of any other program."""

from collections.abc import Iterable
from typing import Any, ClassVar, cast

from django.http import Http404
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.translation.trans_real import parse_accept_lang_header
from rest_framework.exceptions import ValidationError
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.permissions import BasePermission
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.settings import api_settings
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView

from programs.api.authentication import TokenAuthentication
from programs.api.problems import ProblemRenderer
from programs.models import ApiToken, Partner, Program


class BelongsToProgram(BasePermission):
    """401 without a token, 404 for a program that is not the token's, 403 without the view's scopes."""

    message = "This token may not do that. Ask a program manager for a token that may."

    def has_permission(self, request: Request, view: APIView) -> bool:
        token = request.auth
        if not isinstance(token, ApiToken):
            return False
        if token.program.code != view.kwargs["program"]:
            raise Http404
        return isinstance(view, ProgramApiView) and token.has_scopes(view.scopes)


class TokenThrottle(SimpleRateThrottle):
    """So many requests a token; `UPLIFT_API_RATE` sets how many."""

    scope = "token"

    def get_rate(self) -> str:
        return str(api_settings.DEFAULT_THROTTLE_RATES[self.scope])

    def get_cache_key(self, request: Request, view: APIView) -> str | None:
        return f"api-token-{request.auth.pk}" if isinstance(request.auth, ApiToken) else None


class KnownFormats(DefaultContentNegotiation):
    """`?format=` wins over the Accept header; a format that the view does not have is a wrong parameter: 400."""

    def filter_renderers(self, renderers: Iterable[BaseRenderer], format: str) -> list[BaseRenderer]:
        known = {renderer.format: renderer for renderer in renderers}
        if format not in known:
            raise ValidationError({"format": [f"must be one of: {', '.join(known)}."]})
        return [known[format]]


class ProgramApiView(APIView):
    """At `/api/v1/programs/<slug:program>/…`. A view names the `scopes` that a token needs for it."""

    scopes: ClassVar[tuple[str, ...]]
    authentication_classes = (TokenAuthentication,)
    permission_classes = (BelongsToProgram,)
    throttle_classes = (TokenThrottle,)
    content_negotiation_class = KnownFormats
    http_method_names = ["get", "head"]

    @property
    def token(self) -> ApiToken:
        return cast(ApiToken, self.request.auth)

    @property
    def program(self) -> Program:
        return self.token.program

    @property
    def language(self) -> str:
        """Of the program's languages the one that the client likes best; its first when the client names none of them.

        Not Django's choice: that knows only the languages in which pages are written.
        """
        languages: list[str] = self.program.languages
        for asked, _ in parse_accept_lang_header(self.request.headers.get("Accept-Language", "").lower()):
            for language in languages:
                if language.lower() in (asked, asked.split("-")[0]):
                    return language
        return languages[0]

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:  # noqa: ANN401
        """Refusals are problem documents whatever was asked for; nothing is kept by caches that others share."""
        if getattr(response, "exception", False):
            request.accepted_renderer = ProblemRenderer()
            request.accepted_media_type = ProblemRenderer.media_type
        response = super().finalize_response(request, response, *args, **kwargs)
        patch_vary_headers(response, ["Authorization"])
        patch_cache_control(response, private=True, no_cache=True)
        return response


class PartnerApiView(ProgramApiView):
    """A door for one partner: the view's `scopes` are among those that only the token of a partner can have."""

    @property
    def partner(self) -> Partner:
        partner: Partner | None = self.token.partner
        assert partner is not None, "the database gives the scopes of partners to tokens of partners only"
        return partner
