"""The dates that a reader of the ledger asks for."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

from programs.models import Program
from reporting.counting.moments import MomentRefusedError, closed_moment, refuse_reversed

WEEKS = timedelta(91)


class MomentField(forms.CharField):
    """A date or a moment as text; cleaned, the closed moment that it names. The input shows its date."""

    def __init__(self, program: Program, **kwargs: Any) -> None:  # noqa: ANN401
        self.program = program
        super().__init__(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs)

    def clean(self, value: Any) -> datetime:  # noqa: ANN401
        try:
            return closed_moment(self.program, super().clean(value))
        except MomentRefusedError as error:
            raise forms.ValidationError(str(error)) from None

    def prepare_value(self, value: Any) -> str:  # noqa: ANN401
        try:
            moment = datetime.fromisoformat(str(value))
            return str(moment.astimezone(ZoneInfo(self.program.time_zone)).date() if moment.tzinfo else moment.date())
        except (ValueError, OverflowError):
            return ""


class AsOfForm(forms.Form):
    """As of which moment the figure is asked for; an empty date is now."""

    def __init__(self, program: Program, query: QueryDict) -> None:
        super().__init__({"as_of": query.get("as_of", "")})
        self.fields["as_of"] = MomentField(program, label=_("As of the end of"), required=False)


class RevisionForm(forms.Form):
    """Two moments, the first earlier than the second. Without any: the last thirteen weeks."""

    def __init__(self, program: Program, query: QueryDict) -> None:
        until = query.get("until") or query.get("as_of") or program.today().isoformat()
        super().__init__({"since": query.get("since") or weeks_before(until, program), "until": until})
        self.fields["since"] = MomentField(program, label=_("After the end of"))
        self.fields["until"] = MomentField(program, label=_("Until the end of"))

    def clean(self) -> dict[str, Any]:
        moments = self.cleaned_data
        if "since" in moments and "until" in moments:
            try:
                refuse_reversed(moments["since"], moments["until"])
            except MomentRefusedError as error:
                self.add_error("since", str(error))
        return moments


def weeks_before(until: str, program: Program) -> str:
    """Thirteen weeks before the date of a text; before today if it is none."""
    try:
        return str(date.fromisoformat(until[:10]) - WEEKS)
    except (ValueError, OverflowError):
        return str(program.today() - WEEKS)
