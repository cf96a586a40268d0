from typing import ClassVar

from django.contrib import admin

from courses.statements.models import Arrival, Attachment, Document, Statement, Voiding
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


@admin.register(Voiding)
class VoidingAdmin(ReadOnlyAdmin):
    list_display = ["id", "program", "partner", "statement_id", "of_return_id", "row", "noted_at", "carried_out_at"]
    list_filter = ["program"]
    list_select_related = ["program", "partner"]
    ordering = ["-id"]


@admin.register(Document)
class DocumentAdmin(ReadOnlyAdmin):
    """What it holds is the partner's own affair, and is not shown."""

    list_display = ["id", "program", "partner", "kind", "content_type", "updated_at"]
    list_filter = ["program", "kind"]
    list_select_related = ["program", "partner"]
    ordering = ["-id"]
    fields = ["program", "partner", "kind", "content_type", "updated_at"]


@admin.register(Attachment)
class AttachmentAdmin(ReadOnlyAdmin):
    list_display = ["id", "program", "partner", "sha2"]
    list_filter = ["program"]
    list_select_related = ["program", "partner"]
    ordering = ["-id"]
    fields = ["program", "partner", "sha2"]
