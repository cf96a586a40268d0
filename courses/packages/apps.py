from django.apps import AppConfig


class PackagesConfig(AppConfig):
    name = "courses.packages"

    def ready(self) -> None:
        import courses.packages.checks  # noqa: F401 - registers them
