from django.contrib import admin

from programs.readonly import ReadOnlyAdmin
from reporting.counting.models import Count, OpenedMeasure, Posting, Recount


@admin.register(Posting)
class PostingAdmin(ReadOnlyAdmin):
    list_display = ["program", "number", "posted_at", "people", "reason"]
    list_filter = ["program"]
    list_select_related = ["program"]


@admin.register(Recount)
class RecountAdmin(ReadOnlyAdmin):
    list_display = [
        "program", "counted_at", "people", "facts_unlike_ledger", "broken_entries", "ledger_unlike_counts",
        "repaired_by",
    ]  # fmt: skip
    list_filter = ["program"]
    list_select_related = ["program", "repaired_by"]


@admin.register(Count)
class CountAdmin(ReadOnlyAdmin):
    list_display = ["program", "measure_version", "grouping", "partner", "day", "region", "sector", "people"]
    list_filter = ["program", "grouping"]
    list_select_related = ["program", "measure_version__measure", "partner"]


@admin.register(OpenedMeasure)
class OpenedMeasureAdmin(ReadOnlyAdmin):
    list_display = ["program", "measure_version", "opened_at", "marked_at"]
    list_select_related = ["program", "measure_version__measure"]
