"""Sessions that bring along who has signed in and what they may do, in one query: every page asks for both."""

from datetime import datetime

from accounts.compiled import Compiled, Joined
from accounts.models import Session, User
from accounts.sessions import SessionStore as UserSessionStore
from programs.models import Membership

STAND_IN = 987_654_321_987
MEMBERSHIPS = Compiled(lambda user: Membership.objects.of_user(User(pk=user)), STAND_IN)


class SessionStore(UserSessionStore):
    """`memberships` are those of `user`; `None` before the stored session is read."""

    with_memberships: Joined[Session, Membership] = Joined(UserSessionStore.by_key, MEMBERSHIPS, "user_id")
    memberships: list[Membership] | None = None

    def kept(self, at: datetime) -> Session | None:
        found, self.memberships = self.with_memberships(self.session_key, at)
        return found


def memberships_brought(session: object, user: User) -> list[Membership]:
    """The user's memberships in every program: those that the session has brought, if it is this user's, else asked for
    now."""
    is_theirs = isinstance(session, SessionStore) and session.user is not None and session.user.pk == user.pk
    brought = session.memberships if is_theirs else None  # type: ignore[attr-defined]
    return list(MEMBERSHIPS(user.pk)) if brought is None else brought
