from django.apps import AppConfig


class ExportsConfig(AppConfig):
    name = "reporting.exports"
