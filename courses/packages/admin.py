"""Operators read what packages have reported; nothing here can be edited."""

from django.contrib import admin

from courses.packages.models import PackageState
from programs.readonly import ReadOnlyAdmin


@admin.register(PackageState)
class PackageStateAdmin(ReadOnlyAdmin):
    list_display = ("enrolment", "lesson", "launched", "is_completed", "is_passed", "score", "changed_at", "done_at")
    list_filter = ("program",)
    list_select_related = ("enrolment__person", "enrolment__course", "lesson")
