"""Operators see persons and by which schemes they are known. Nothing of it is edited here."""

from django.contrib import admin

from people.models import Identity, Person
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
