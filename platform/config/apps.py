from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "config"

    def ready(self) -> None:
        # Imported for what it does: tasks rung by a page go to our broker, and the checks are registered.
        from config import celery, checks  # noqa: F401
