from django.contrib import admin

from programs.readonly import ReadOnlyAdmin
from reporting.counting.models import Count, LedgerEntry, OpenedMeasure


@admin.register(LedgerEntry)
class LedgerEntryAdmin(ReadOnlyAdmin):
    list_display = ["id", "program", "measure_version", "partner", "day", "region", "quantity", "cause", "booked_at"]
    list_filter = ["program", "cause"]
    list_select_related = ["program", "measure_version__measure", "partner"]


@admin.register(Count)
class CountAdmin(ReadOnlyAdmin):
    list_display = ["program", "measure_version", "grouping", "partner", "day", "region", "sector", "people"]
    list_filter = ["program", "grouping"]
    list_select_related = ["program", "measure_version__measure", "partner"]


@admin.register(OpenedMeasure)
class OpenedMeasureAdmin(ReadOnlyAdmin):
    list_display = ["program", "measure_version", "opened_at", "marked_at"]
    list_select_related = ["program", "measure_version__measure"]
