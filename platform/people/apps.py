from typing import Any

from django.apps import AppConfig
from django.utils import timezone


class PeopleConfig(AppConfig):
    name = "people"

    def ready(self) -> None:
        from allauth.account.signals import email_confirmed

        from people import checks  # noqa: F401 - registers them

        email_confirmed.connect(on_email_confirmed, dispatch_uid="people know a user by the proven address")


def on_email_confirmed(email_address: Any, **kwargs: Any) -> None:  # noqa: ANN401 - allauth has no types
    from people.operations import know_user_by_email

    know_user_by_email(email_address.user, at=timezone.now())
