from typing import ClassVar

from django.contrib import admin

from courses.statements.models import Arrival, Statement
from programs.readonly import ReadOnlyAdmin


@admin.register(Statement)
class StatementAdmin(ReadOnlyAdmin):
    """To look at: a statement is never changed."""

    list_display = ["statement_id", "program", "partner", "stored_at", "is_voiding", "refers_to"]
    list_filter = ["program"]
    list_select_related = ["program", "partner"]
    ordering = ["-id"]
    exclude: ClassVar[list[str]] = ["keys"]


@admin.register(Arrival)
class ArrivalAdmin(ReadOnlyAdmin):
    list_display = ["id", "program", "partner", "stored_at", "taken_at"]
    list_filter = ["program"]
    list_select_related = ["program", "partner"]
    ordering = ["-id"]
