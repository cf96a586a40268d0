from typing import cast

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.crypto import constant_time_compare
from django.utils.functional import SimpleLazyObject

from accounts.models import User
from accounts.sessions import SessionStore

# What machines ask for is in English whoever asks: their programs compare texts. So is the operators' administration,
# of which Django knows half in some languages.
IN_ENGLISH = ("/api/v1/", "/api/schema/", "/xapi/", "/admin/")


class ReaderLanguageMiddleware(LocaleMiddleware):
    """Pages are in the language that the reader chose, else in one that their browser asks for."""

    def process_request(self, request: HttpRequest) -> None:
        if request.path_info.startswith(IN_ENGLISH):
            translation.activate("en")
            request.LANGUAGE_CODE = "en"
        else:
            super().process_request(request)

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """What Django's does where no address has a language in it."""
        patch_vary_headers(response, ("Accept-Language",))
        response.headers.setdefault("Content-Language", translation.get_language())
        return response


class SignedInMiddleware(AuthenticationMiddleware):
    """Django's own, without its query for the user where the session has brought them along."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        request.user = cast(User, SimpleLazyObject(lambda: signed_in(request)))


def signed_in(request: HttpRequest) -> AbstractBaseUser | AnonymousUser:
    """Who has signed in; whatever is not plainly in order is left to Django to judge."""
    session = cast(SessionStore, request.session)
    said = session.get(SESSION_KEY)  # reads the session
    user = session.user
    is_plain = (
        user is not None
        and user.is_active
        and str(user.pk) == said
        and session.get(BACKEND_SESSION_KEY) in settings.AUTHENTICATION_BACKENDS
        and constant_time_compare(session.get(HASH_SESSION_KEY, ""), user.get_session_auth_hash())
    )
    return user if user is not None and is_plain else get_user(request)
