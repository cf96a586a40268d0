from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Case, F, OuterRef, QuerySet, Subquery, Value, When
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from programs.access import ProgramRequest
from programs.models import Partner, Role
from programs.templatetags.figures import number

from .models import ReportingSchedule, Return, ReturnProfile
from .operations import ScheduleRefusedError, end_schedule, set_schedule

STANDARD = "standard"  # the code of the profile that ships for every partner
TAKEN = (".csv", ".txt", ".tsv", ".xlsx", ".jsonl", ".ndjson", ".parquet", ".gz", "text/csv")


def likely_first(profiles: QuerySet[ReturnProfile], partners: Iterable[Partner]) -> QuerySet[ReturnProfile]:
    """What these partners sent last comes first, then Uplift's own kind of file; the form offers the first."""
    sent = Return.objects.filter(profile=OuterRef("pk"), partner__in=partners).order_by("-pk").values("pk")
    is_other = Case(When(code=STANDARD, then=Value(0)), default=Value(1))
    last = F("last").desc(nulls_last=True)
    return profiles.annotate(last=Subquery(sent[:1])).order_by(last, is_other, "name", "code")


class UploadForm(forms.Form):
    """A file to send. Who manages one partner sends for that partner; everybody else says for which one."""

    partner = forms.ModelChoiceField(
        Partner.objects.none(), label=gettext_lazy("Partner"), empty_label=gettext_lazy("Choose the partner")
    )
    profile = forms.ModelChoiceField(ReturnProfile.objects.none(), label=gettext_lazy("Kind of file"), empty_label=None)
    file = forms.FileField(
        label=gettext_lazy("File"),
        max_length=255,
        allow_empty_file=True,
        help_text=gettext_lazy("CSV, Excel workbook, JSON Lines or Parquet; packed by gzip or not"),
    )
    is_trial = forms.BooleanField(
        label=gettext_lazy("Try it first"),
        required=False,
        help_text=gettext_lazy("A dry run: every row is judged, and nothing changes."),
    )

    def __init__(self, request: ProgramRequest) -> None:
        self.is_too_large = False
        super().__init__(*self._sent(request))
        self.own_partner: Partner | None = None
        self._choices("profile").queryset = likely_first(
            ReturnProfile.objects.of_files(request.program), request.partners
        )
        reporting = Partner.objects.filter(program=request.program).that_report()
        if request.has_role(Role.PROGRAM_MANAGER):
            self._choices("partner").queryset = reporting
        elif len(request.partners) > 1:
            self._choices("partner").queryset = reporting.filter(memberships__in=request.memberships)
        else:
            del self.fields["partner"]
            self.own_partner = request.partners[0]
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
            self.add_error(
                "file",
                _("The file is too large: at most %(number)s bytes are taken. Send it in several parts.")
                % {"number": number(settings.MAX_RETURN_BYTES)},
            )
        return self.cleaned_data

    @property
    def sender(self) -> Partner:
        sender: Partner = self.own_partner or self.cleaned_data["partner"]
        return sender

    @property
    def file_sent(self) -> UploadedFile[bytes]:
        sent: UploadedFile[bytes] = self.cleaned_data["file"]
        return sent


def rhythms(*, never: str) -> list[tuple[str, str]]:
    every = [(str(value), str(label).capitalize()) for value, label in ReportingSchedule.Every.choices]
    return [*every, (never, _("Never: nothing is due"))]


class ScheduleForm(forms.Form):
    """How often returns are due, from when on, and how soon after a period."""

    NEVER = "0"

    months = forms.TypedChoiceField(
        label=gettext_lazy("How often"),
        choices=lambda: rhythms(never=ScheduleForm.NEVER),
        coerce=int,
    )
    begins_on = forms.DateField(
        label=gettext_lazy("The first period begins on"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("The first day of a month. Periods follow each other from there."),
    )
    due_after_days = forms.IntegerField(
        label=gettext_lazy("Due so many days after a period"),
        help_text=gettext_lazy("15: what happened in October is due on 15 November."),
    )

    def __init__(self, sent: Any, *, today: date, holds: ReportingSchedule | None = None) -> None:  # noqa: ANN401
        usual: dict[str, Any] = {"months": "3", "begins_on": today.replace(month=1, day=1), "due_after_days": 30}
        if holds:
            usual |= {"months": str(holds.months or self.NEVER)}
        if holds and holds.months:
            usual |= {"begins_on": holds.begins_on, "due_after_days": holds.due_after_days}
        super().__init__(sent, initial=usual)

    def save(self, partners: Iterable[Partner], *, at: datetime, by: User) -> bool:
        """Sets it for all of the partners or for none; answers whether it did, else the form says what is wrong."""
        if not self.is_valid():
            return False
        try:
            with transaction.atomic():
                self.words = [self._set(partner, at=at, by=by) for partner in partners][-1]
        except ScheduleRefusedError as refusal:
            self.add_error(None, str(refusal))
        except IndexError:
            self.add_error(None, _("Every partner has a schedule already."))
        return not self.errors

    def _set(self, partner: Partner, *, at: datetime, by: User) -> str:
        given = self.cleaned_data
        if not given["months"]:
            return str(end_schedule(partner, at=at, by=by) or _("nothing is due"))
        return str(set_schedule(partner, **given, at=at, by=by))
