from django.apps import AppConfig


class AuthoringConfig(AppConfig):
    name = "courses.authoring"

    def ready(self) -> None:
        from courses.authoring.waiting import drafts_that_wait
        from programs.waiting import WAITING

        WAITING["drafts"] = drafts_that_wait()
