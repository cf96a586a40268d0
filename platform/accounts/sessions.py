"""Sessions in the database, as Django keeps them; the user comes with them, in one query whose SQL is made once."""

from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, cast

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.core import signing
from django.utils import timezone

from accounts.compiled import Compiled
from accounts.models import Session, User

KEY, MOMENT = "stand-in for a key", datetime(1999, 1, 1, tzinfo=UTC)
KEPT = 2_000  # sessions, about 1 KB each


class Unread:
    """A serializer that leaves what was signed as it is."""

    def loads(self, data: bytes) -> bytes:
        return data


@lru_cache(KEPT)
def signed_with(_keys: tuple[str, ...], data: str, salt: str) -> bytes:
    """What was signed with one of the keys of the settings. Raises `BadSignature`; what was signed once stays so."""
    return signing.loads(data, salt=salt, serializer=Unread)  # type: ignore[arg-type, no-any-return]


class SessionStore(DatabaseStore):
    """`user` is who the stored session belongs to: nobody before it is read, and nobody where nobody has signed in."""

    by_key: Compiled[Session] = Compiled(
        lambda key, at: (
            Session.objects.select_related("user")
            .defer("expire_date", "user__last_login", "user__joined_at")  # moments take long to read
            .filter(session_key=key, expire_date__gt=at)
        ),
        KEY,
        MOMENT,
    )
    user: User | None = None

    def _get_session_from_db(self) -> Session | None:
        found = self.kept(timezone.now())
        if found is None:
            self._session_key = None
        self.user = found.user if found else None
        return found

    def kept(self, at: datetime) -> Session | None:
        """What is stored of the session at that moment, with its user."""
        return next(self.by_key(self.session_key, at), None)

    def decode(self, session_data: bytes | str) -> dict[str, Any]:
        keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
        try:
            return cast(dict[str, Any], self.serializer().loads(signed_with(keys, str(session_data), self.key_salt)))
        except (ValueError, signing.BadSignature):
            return super().decode(session_data)  # says so in the log

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        made = cast(Session, super().create_model_instance(data))
        made.user_id = int(data[SESSION_KEY]) if SESSION_KEY in data else None
        return made

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session
