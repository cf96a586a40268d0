"""Operators read how learners get on; nothing here can be edited, because credentials and figures rest on it."""

from django.contrib import admin

from courses.learning.models import Attempt, Enrolment
from programs.readonly import ReadOnlyAdmin


@admin.register(Enrolment)
class EnrolmentAdmin(ReadOnlyAdmin):
    list_display = ("person", "course", "version", "started_at")
    list_filter = ("program",)
    list_select_related = ("person", "course", "version__course")
    date_hierarchy = "started_at"


@admin.register(Attempt)
class AttemptAdmin(ReadOnlyAdmin):
    list_display = ("enrolment", "submitted_at", "right", "asked", "is_passed")
    list_filter = ("program", "is_passed")
    list_select_related = ("enrolment__person", "enrolment__course")
