from typing import ClassVar

from django.contrib import admin
from django.http import HttpRequest

from reporting.exports.models import ApiToken


@admin.register(ApiToken)
class ApiTokenAdmin(admin.ModelAdmin[ApiToken]):
    """To look at: tokens are made and revoked on the program's page, or made by `manage.py make_token`."""

    list_display = ["name", "program", "scopes", "created_by", "created_at", "last_used_at", "expires_at", "revoked_at"]
    list_filter = ["program"]
    list_select_related = ["program", "created_by"]
    exclude: ClassVar[list[str]] = ["digest"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: ApiToken | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: ApiToken | None = None) -> bool:
        return False
