from django.apps import AppConfig


class CredentialsConfig(AppConfig):
    name = "courses.credentials"

    def ready(self) -> None:
        from courses.credentials import checks  # noqa: F401 - registers them
