"""Operators see persons and by which schemes they are known. Nothing of it is edited here."""

from typing import ClassVar

from django.contrib import admin

from people.models import Alias, Identity, IdentityKey, Merge, Particulars, Person
from programs.readonly import ReadOnlyAdmin


@admin.register(Person)
class PersonAdmin(ReadOnlyAdmin):
    list_display = ["pk", "program", "user", "name", "region", "created_at"]
    list_filter = ["program"]
    list_select_related = ["program", "user"]
    ordering = ["-pk"]
    search_fields = ["user__email", "name"]


@admin.register(Identity)
class IdentityAdmin(ReadOnlyAdmin):
    list_display = ["person", "scheme", "program", "created_at"]
    list_filter = ["program"]
    list_select_related = ["program", "person"]
    ordering = ["-pk"]
    exclude = ["digest"]


@admin.register(IdentityKey)
class IdentityKeyAdmin(ReadOnlyAdmin):
    list_display = ["program", "generation", "began_at"]
    list_filter = ["program"]
    list_select_related = ["program"]
    exclude: ClassVar[list[str]] = ["proof", "salt"]


@admin.register(Particulars)
class ParticularsAdmin(ReadOnlyAdmin):
    """Who said something of whom, and when; what was said is for those who decide on candidates."""

    list_display = ["pk", "program", "person", "partner", "said_at"]
    list_filter = ["program"]
    list_select_related = ["program", "person", "partner"]
    ordering = ["-pk"]
    fields = ["program", "person", "partner", "said_at"]


@admin.register(Merge)
class MergeAdmin(ReadOnlyAdmin):
    list_display = ["pk", "program", "person", "into", "reason", "merged_at", "merged_by", "undone_at", "undone_by"]
    list_filter = ["program", "reason"]
    list_select_related = ["program", "person", "into", "merged_by", "undone_by"]
    ordering = ["-pk"]


@admin.register(Alias)
class AliasAdmin(ReadOnlyAdmin):
    list_display = ["person", "stands_for", "program", "since"]
    list_filter = ["program"]
    list_select_related = ["program", "person", "stands_for"]
    ordering = ["-pk"]
