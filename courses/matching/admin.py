from django.contrib import admin

from courses.matching.models import AskedSearch, Candidate, Decided, Decision, Search
from programs.readonly import ReadOnlyAdmin


@admin.register(Candidate)
class CandidateAdmin(ReadOnlyAdmin):
    list_display = ["id", "program", "one", "other", "score", "state", "found_at", "decided_at", "decided_by"]
    list_filter = ["program", "state", "is_alone"]
    list_select_related = ["program", "one", "other", "decided_by"]


@admin.register(Decision)
class DecisionAdmin(ReadOnlyAdmin):
    list_display = ["id", "program", "verdict", "candidates", "decided_at", "decided_by", "undone_at", "undone_by"]
    list_filter = ["program", "verdict"]
    list_select_related = ["program", "decided_by", "undone_by"]


@admin.register(Search)
class SearchAdmin(ReadOnlyAdmin):
    list_display = ["id", "program", "searched_at", "took", "sayings", "changed", "pairs", "found", "gone"]
    list_filter = ["program"]
    list_select_related = ["program"]


@admin.register(AskedSearch)
class AskedSearchAdmin(ReadOnlyAdmin):
    list_display = ["id", "program", "asked_at", "asked_by", "search"]
    list_filter = ["program"]
    list_select_related = ["program", "asked_by", "search"]


@admin.register(Decided)
class DecidedAdmin(ReadOnlyAdmin):
    list_display = ["id", "program", "decision", "candidate", "merge"]
    list_filter = ["program"]
    list_select_related = ["program", "decision", "candidate", "merge"]
    ordering = ["-id"]
