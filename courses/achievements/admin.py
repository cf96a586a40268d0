from django.contrib import admin

from courses.achievements.models import Achievement, DirtyPeople, MassRevocation
from programs.readonly import ReadOnlyAdmin


@admin.register(Achievement)
class AchievementAdmin(ReadOnlyAdmin):
    list_display = ["id", "program", "kind", "course", "partner", "evidence", "achieved_on", "recorded_at", "source"]
    list_filter = ["program", "kind", "evidence", "source"]
    list_select_related = ["program", "course", "partner"]
    exclude = ["fact_key"]


@admin.register(DirtyPeople)
class DirtyPeopleAdmin(ReadOnlyAdmin):
    list_display = ["program", "lane", "number", "marked_at"]
    list_filter = ["program"]
    list_select_related = ["program"]


@admin.register(MassRevocation)
class MassRevocationAdmin(ReadOnlyAdmin):
    list_display = [
        *("id", "program", "partner", "first_on", "last_on", "undoes", "decision", "carried_out_at"),
        *("achievements", "people"),
    ]
    list_filter = ["program", "decision"]
    list_select_related = ["program", "partner", "undoes"]
