"""Operators see persons and by which schemes they are known. Nothing of it is edited here."""

from django.contrib import admin

from people.models import Identity, Person
from programs.admin import SeenOnly


@admin.register(Person)
class PersonAdmin(SeenOnly):
    list_display = ["pk", "program", "user", "name", "region", "created_at"]
    list_filter = ["program"]
    list_select_related = ["program", "user"]
    ordering = ["-pk"]
    search_fields = ["user__email", "name"]
    show_full_result_count = False


@admin.register(Identity)
class IdentityAdmin(SeenOnly):
    list_display = ["person", "scheme", "program", "created_at"]
    list_filter = ["program"]
    list_select_related = ["program", "person"]
    ordering = ["-pk"]
    exclude = ["digest"]
    show_full_result_count = False
