from django.utils import timezone

from accounts.models import Session, User


def choose_language(user: User, language: str) -> None:
    """The user reads in this language from now on, wherever they sign in."""
    if user.language != language:
        user.language = language
        user.save(update_fields=["language"])


def forget_expired_sessions() -> int:
    """Removes the sessions whose time is over; how many they were."""
    return Session.objects.filter(expire_date__lte=timezone.now()).delete()[0]
