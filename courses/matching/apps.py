from django.apps import AppConfig


class MatchingConfig(AppConfig):
    name = "courses.matching"
