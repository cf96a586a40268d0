"""What operators see of returns. Nothing can be changed here, and the content of a file is never shown."""

from typing import ClassVar

from django.contrib import admin

from programs.readonly import ReadOnlyAdmin

from .models import (
    AnomalyRule,
    EmptyRecord,
    HeldRow,
    NothingToReport,
    QuarantineDecision,
    ReportingSchedule,
    Return,
    ReturnProfile,
    RuleChange,
)


@admin.register(ReturnProfile)
class ReturnProfileAdmin(ReadOnlyAdmin):
    list_display = ("name", "code", "program")
    list_filter = ("program",)
    list_select_related = ("program",)


@admin.register(Return)
class ReturnAdmin(ReadOnlyAdmin):
    list_display = (
        *("id", "program", "partner", "file_name", "status", "sent", "accepted", "duplicate", "quarantined"),
        "attempts",
    )
    list_filter = ("status", "program")
    list_select_related = ("program", "partner")
    search_fields = ("=id", "file_name")


@admin.register(HeldRow)
class HeldRowAdmin(ReadOnlyAdmin):
    exclude = ("sealed",)
    list_display = ("of_return_id", "number", "column", "reason", "state", "rule")
    list_filter = ("state", "rule")
    search_fields = ("=of_return__id",)
    raw_id_fields = ("of_return", "decision")


@admin.register(EmptyRecord)
class EmptyRecordAdmin(ReadOnlyAdmin):
    """Of the keyed hashes nothing is shown."""

    list_display = ("id", "program", "partner", "of_return_id", "row")
    list_filter = ("program",)
    list_select_related = ("program", "partner")
    exclude: ClassVar[list[str]] = ["key", "person"]
    raw_id_fields = ("of_return",)


@admin.register(AnomalyRule)
class AnomalyRuleAdmin(ReadOnlyAdmin):
    list_display = ("kind", "program", "is_on", "parameters")
    list_filter = ("program", "kind")
    list_select_related = ("program",)


@admin.register(RuleChange)
class RuleChangeAdmin(ReadOnlyAdmin):
    list_display = ("rule", "program", "is_on", "parameters", "changed_at", "changed_by")
    list_filter = ("program",)
    list_select_related = ("program", "rule", "changed_by")


@admin.register(QuarantineDecision)
class QuarantineDecisionAdmin(ReadOnlyAdmin):
    list_display = ("id", "program", "partner", "verdict", "rule", "rows", "because", "decided_at", "decided_by")
    list_filter = ("program", "verdict", "rule")
    list_select_related = ("program", "partner", "decided_by")


@admin.register(ReportingSchedule)
class ReportingScheduleAdmin(ReadOnlyAdmin):
    """The newest of a partner holds; program managers set it on the partner's page."""

    list_display = ("partner", "program", "months", "begins_on", "due_after_days", "set_at", "set_by")
    list_filter = ("program",)
    list_select_related = ("program", "partner", "set_by")
    ordering = ("-id",)


@admin.register(NothingToReport)
class NothingToReportAdmin(ReadOnlyAdmin):
    list_display = ("partner", "program", "first_on", "last_on", "said_at", "said_by", "withdrawn_at", "withdrawn_by")
    list_filter = ("program",)
    list_select_related = ("program", "partner", "said_by", "withdrawn_by")
    ordering = ("-id",)
