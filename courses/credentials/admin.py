"""Operators look; what was signed is changed by nobody, and revoked by `manage.py revoke_credential`."""

from typing import TYPE_CHECKING

from django.contrib import admin
from django.http import HttpRequest

from courses.credentials.models import Credential

if TYPE_CHECKING:
    CredentialModelAdmin = admin.ModelAdmin[Credential]
else:
    CredentialModelAdmin = admin.ModelAdmin


@admin.register(Credential)
class CredentialAdmin(CredentialModelAdmin):
    list_display = ["code", "program", "issued_at", "revoked_at"]
    list_filter = ["program"]
    search_fields = ["code"]
    date_hierarchy = "issued_at"
    list_select_related = ["program"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Credential | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Credential | None = None) -> bool:
        return False
