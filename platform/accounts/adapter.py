"""What we do otherwise than allauth: people are written to, and sign in to, their own language."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from accounts.languages import chosen_here, language_for, remember_here
from accounts.models import User
from accounts.operations import choose_language


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # without type information of its own
    def post_login(self, request: HttpRequest, user: User, **given: Any) -> HttpResponse:  # noqa: ANN401
        """Who has chosen a language before reads in it here too; who has not keeps the one chosen in this browser."""
        with translation.override(language_for(user)):
            response: HttpResponse = super().post_login(request, user, **given)
        here = chosen_here(request)
        if user.language:
            remember_here(response, user.language)
        elif here:
            choose_language(user, here)
        return response

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        with translation.override(language_for(context.get("user"))):
            super().send_mail(template_prefix, email, context)
