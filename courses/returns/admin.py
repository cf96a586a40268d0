"""What operators see of returns. Nothing can be changed here, and the content of a file is never shown."""

from django.contrib import admin

from programs.readonly import ReadOnlyAdmin

from .models import HeldRow, Return, ReturnProfile


@admin.register(ReturnProfile)
class ReturnProfileAdmin(ReadOnlyAdmin):
    list_display = ("name", "code", "program")
    list_filter = ("program",)
    list_select_related = ("program",)


@admin.register(Return)
class ReturnAdmin(ReadOnlyAdmin):
    list_display = (
        "id",
        "program",
        "partner",
        "file_name",
        "status",
        "sent",
        "accepted",
        "duplicate",
        "quarantined",
        "attempts",
    )
    list_filter = ("status", "program")
    list_select_related = ("program", "partner")
    search_fields = ("=id", "file_name")


@admin.register(HeldRow)
class HeldRowAdmin(ReadOnlyAdmin):
    exclude = ("sealed",)
    list_display = ("of_return_id", "number", "column", "reason")
    search_fields = ("=of_return__id",)
    raw_id_fields = ("of_return",)
