"""How a return is written in the API."""

from typing import Any

from rest_framework import serializers
from rest_framework.reverse import reverse

from .models import Return


class ReturnSerializer(serializers.ModelSerializer[Return]):
    """A return. Every row ends accepted, duplicate or quarantined; `sent` is 0 until all are judged.

    Of a refused one `sent` and `accepted` are the rows that were taken before it had to be refused: hardly ever any.
    """

    partner = serializers.SlugRelatedField[Any](slug_field="code", read_only=True)
    profile = serializers.SlugRelatedField[Any](slug_field="code", read_only=True)
    dry_run = serializers.BooleanField(source="is_trial", read_only=True)
    facts = serializers.DictField(
        child=serializers.IntegerField(), read_only=True, help_text="facts recorded, by level of evidence"
    )
    notes = serializers.ListField(
        child=serializers.CharField(), read_only=True, help_text="how the file was read, where that is not plain"
    )
    url = serializers.SerializerMethodField()
    rejected_rows = serializers.SerializerMethodField()

    class Meta:
        model = Return
        fields = (
            "id", "url", "status", "dry_run", "partner", "profile", "file_name", "size", "checksum", "received_at",
            "loaded_at", "rows_read", "rows_taken", "sent", "accepted", "duplicate", "quarantined", "facts", "notes",
            "refusal", "rejected_rows",
        )  # fmt: skip
        read_only_fields = fields

    def get_url(self, shown: Return) -> str:
        return self._address("api-return", shown)

    def get_rejected_rows(self, shown: Return) -> str | None:
        """Where the rows in quarantine can be fetched; null if there are none."""
        return self._address("api-rejected-rows", shown) if shown.quarantined else None

    def _address(self, name: str, shown: Return) -> str:
        request = self.context["request"]
        return reverse(name, args=[request.auth.program.code, shown.pk], request=request)
