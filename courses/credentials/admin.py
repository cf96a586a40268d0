"""Operators look; what was signed is changed by nobody, and revoked and restored by management commands."""

from django.contrib import admin

from courses.credentials.models import Credential
from programs.readonly import ReadOnlyAdmin


@admin.register(Credential)
class CredentialAdmin(ReadOnlyAdmin):
    list_display = ["code", "program", "issued_at"]
    list_filter = ["program"]
    list_select_related = ["program"]
    search_fields = ["code"]
    date_hierarchy = "issued_at"
