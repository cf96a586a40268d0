"""What operators see. What a country file defines is changed in that file and loaded again, so it is read-only here."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from programs.models import ApiToken, Code, Employer, Measure, MeasureVersion, Membership, Partner, Program, Target
from programs.operations import RoleRefusedError, check_role, grant_role, revoke_role
from programs.readonly import ReadOnlyAdmin

Row = models.Model


@admin.register(Program)
class ProgramAdmin(ReadOnlyAdmin):
    """Only whether the program takes new learners is decided here."""

    list_display = ["code", "country", "residency", "disclosure_rule", "is_open_to_learners"]

    def has_change_permission(self, request: HttpRequest, obj: Row | None = None) -> bool:
        return bool(request.user.is_active and request.user.is_staff)

    def get_readonly_fields(self, request: HttpRequest, obj: Row | None = None) -> list[str]:
        return [field.name for field in Program._meta.fields if field.name != "is_open_to_learners"]


@admin.register(Code)
class CodeAdmin(ReadOnlyAdmin):
    list_display = ["program", "kind", "code", "name", "position"]
    list_display_links = ["code"]
    list_filter = ["program", "kind"]
    list_select_related = ["program"]
    ordering = ["program", "kind", "position"]
    search_fields = ["code"]


@admin.register(Partner)
class PartnerAdmin(ReadOnlyAdmin):
    list_display = ["name", "program", "kind", "committed_people"]
    list_filter = ["program", "kind"]
    list_select_related = ["program"]
    search_fields = ["code", "name"]


@admin.register(Employer)
class EmployerAdmin(ReadOnlyAdmin):
    list_display = ["code", "name", "program", "employees", "dormant_since", "source"]
    list_filter = ["program"]
    list_select_related = ["program"]
    search_fields = ["code", "name"]


@admin.register(Measure)
class MeasureAdmin(ReadOnlyAdmin):
    list_display = ["name", "program", "code"]
    list_filter = ["program"]
    list_select_related = ["program"]
    ordering = ["program", "position"]


@admin.register(MeasureVersion)
class MeasureVersionAdmin(ReadOnlyAdmin):
    list_display = ["measure", "number", "program", "tag", "evidence", "starts_on", "ends_on"]
    list_filter = ["program"]
    list_select_related = ["program", "measure"]
    ordering = ["measure", "-number"]


@admin.register(Target)
class TargetAdmin(ReadOnlyAdmin):
    list_display = ["name", "program", "value", "kind", "due_on", "grade", "seen_on"]
    list_filter = ["program", "kind"]
    list_select_related = ["program"]
    ordering = ["program", "position"]


class MembershipForm(forms.ModelForm[Membership]):
    class Meta:
        model = Membership
        fields = ("program", "user", "role", "partner")

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if "program" in given and "role" in given:
            try:
                check_role(given["program"], role=given["role"], partner=given.get("partner"))
            except RoleRefusedError as refusal:
                raise forms.ValidationError(str(refusal)) from refusal
        return given


@admin.register(Membership)
class MembershipAdmin(admin.ModelAdmin[Membership]):
    """A role is given and taken; another role is another membership."""

    form = MembershipForm
    autocomplete_fields = ["user", "partner"]
    list_display = ["user", "role", "program", "partner"]
    list_filter = ["program", "role"]
    list_select_related = ["user", "program", "partner"]
    search_fields = ["user__email"]

    def has_change_permission(self, request: HttpRequest, obj: Row | None = None) -> bool:
        return False

    def save_model(
        self, request: HttpRequest, obj: Membership, form: forms.ModelForm[Membership], change: bool
    ) -> None:
        obj.pk = grant_role(obj.program, obj.user, role=obj.role, partner=obj.partner).pk

    def delete_model(self, request: HttpRequest, obj: Membership) -> None:
        revoke_role(obj.program, obj.user, role=obj.role, partner=obj.partner)


@admin.register(ApiToken)
class ApiTokenAdmin(ReadOnlyAdmin):
    """Tokens are made and revoked on the program's page, or made by `manage.py make_token`."""

    list_display = [
        "name", "program", "partner", "scopes", "created_by", "created_at", "last_used_at", "expires_at", "revoked_at",
    ]  # fmt: skip
    list_filter = ["program"]
    list_select_related = ["program", "partner", "created_by"]
    exclude: ClassVar[list[str]] = ["digest"]
