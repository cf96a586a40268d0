from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from programs.models import PARTNER_SCOPES, Partner, PartnerQuerySet, Program


class TokenForm(forms.Form):
    """What a new token is for. Only a program manager gets the choice of exact figures."""

    name = forms.CharField(
        max_length=80,
        label=_("Who uses it?"),
        help_text=_("For example “Ministry of Labour, statistics”."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    expires_on = forms.DateField(
        required=False,
        label=_("Last day on which it works"),
        help_text=_("Without one it works until it is revoked."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    sees_exact = forms.BooleanField(
        required=False,
        label=_("It may also read exact figures"),
        help_text=_(
            "Exact figures are not for publication: whoever gets this token has to keep them inside."
            " Leave it unticked if in doubt."
        ),
    )

    def __init__(self, *args: object, program: Program, may_grant_exact: bool, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.label_suffix = ""
        self.program = program
        if not may_grant_exact:
            del self.fields["sees_exact"]

    def expires_at(self) -> datetime | None:
        """The end of the last day, in the program's time zone."""
        day = self.cleaned_data["expires_on"]
        return datetime.combine(day, time.max, tzinfo=ZoneInfo(self.program.time_zone)) if day else None


class PartnerTokenForm(TokenForm):
    """What a partner's systems may do with a new token. A partner manager can choose the own partner only."""

    partner = forms.ModelChoiceField(Partner.objects.none(), label=_("Which partner sends with it?"))
    scopes = forms.MultipleChoiceField(
        choices=lambda: [(scope.value, str(scope.label).capitalize()) for scope in PARTNER_SCOPES],
        initial=[scope.value for scope in PARTNER_SCOPES],
        label=_("What is it for?"),
        widget=forms.CheckboxSelectMultiple,
    )
    field_order = ["partner", "name", "scopes", "expires_on"]

    def __init__(self, *args: object, program: Program, partners: PartnerQuerySet, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, program=program, may_grant_exact=False, prefix="partner", **kwargs)
        self.fields["name"].help_text = _("For example “Learning system of Example Academy”.")
        choice = self.fields["partner"]
        assert isinstance(choice, forms.ModelChoiceField)
        choice.queryset = partners
