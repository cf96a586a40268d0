from typing import ClassVar

from django.contrib import admin
from django.http import HttpRequest

from reporting.publishing.models import PublishedFigure


@admin.register(PublishedFigure)
class PublishedFigureAdmin(admin.ModelAdmin[PublishedFigure]):
    """To look at, never to edit: figures come from `publish_figures` alone. The exact count stays out of sight."""

    list_display = ["program", "measure_version", "table", "label", "shown", "rule", "changed_at"]
    list_filter = ["program", "table"]
    list_select_related = ["program", "measure_version__measure"]
    exclude: ClassVar[list[str]] = ["exact_at_change"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: PublishedFigure | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: PublishedFigure | None = None) -> bool:
        return False
