from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from programs.access import ProgramRequest
from programs.models import Partner, Role

from .models import ReturnProfile
from .operations import largest

TAKEN = (".csv", ".txt", ".tsv", ".xlsx", ".jsonl", ".ndjson", ".parquet", ".gz", "text/csv")


class UploadForm(forms.Form):
    """A file to send. Who manages a partner sends for that partner; who manages the program says for which one."""

    partner = forms.ModelChoiceField(Partner.objects.none(), empty_label="Choose the partner")
    profile = forms.ModelChoiceField(ReturnProfile.objects.none(), label="Kind of file", empty_label=None)
    file = forms.FileField(
        max_length=255,
        allow_empty_file=True,
        help_text="CSV, Excel workbook, JSON Lines or Parquet; packed by gzip or not",
    )
    is_trial = forms.BooleanField(
        label="Try it first", required=False, help_text="A dry run: every row is judged, and nothing changes."
    )

    def __init__(self, request: ProgramRequest) -> None:
        self.is_too_large = False
        super().__init__(*self._sent(request))
        self.own_partner: Partner | None = None
        self._choices("profile").queryset = ReturnProfile.objects.of(request.program)
        if request.has_role(Role.PROGRAM_MANAGER):
            self._choices("partner").queryset = Partner.objects.filter(program=request.program).that_report()
        else:
            del self.fields["partner"]
            self.own_partner = request.partner
        self.fields["file"].widget.attrs["accept"] = ",".join(TAKEN)

    def _sent(self, request: ProgramRequest) -> tuple[Any, Any]:
        if request.method != "POST":
            return None, None
        sent = request.POST, request.FILES  # reading them is what finds a file to be too large
        self.is_too_large = getattr(request, "is_file_too_large", False)
        return sent

    def _choices(self, name: str) -> forms.ModelChoiceField[Any]:
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)
        return field

    def clean(self) -> dict[str, Any]:
        if self.is_too_large:
            self.errors.pop("file", None)
            self.add_error("file", f"The file is too large: at most {largest()} are taken. Send it in several parts.")
        return self.cleaned_data

    @property
    def sender(self) -> Partner:
        sender: Partner = self.own_partner or self.cleaned_data["partner"]
        return sender

    @property
    def file_sent(self) -> UploadedFile[bytes]:
        sent: UploadedFile[bytes] = self.cleaned_data["file"]
        return sent
