from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from programs.models import Partner, Program

LONGEST_REASON = 1000


class DayField(forms.DateField):
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class ReasonField(forms.CharField):
    widget = forms.Textarea(attrs={"rows": 3})


class ProposalForm(forms.Form):
    """Whose achievements of which days are to be revoked, and why."""

    partner = forms.ModelChoiceField(Partner.objects.none(), label=_("Partner"), empty_label=_("Choose the partner"))
    first_on = DayField(
        label=_("First day"), help_text=_("The day on which something was achieved, not on which it was sent.")
    )
    last_on = DayField(label=_("Last day"), help_text=_("This day is included."))
    reason = ReasonField(
        label=_("Reason"),
        max_length=LONGEST_REASON,
        help_text=_("Name nobody: it stands on the public page of every credential that falls."),
    )

    def __init__(self, sent: Any, *, program: Program) -> None:  # noqa: ANN401 - what a form takes
        super().__init__(sent)
        partner = self.fields["partner"]
        assert isinstance(partner, forms.ModelChoiceField)
        partner.queryset = Partner.objects.filter(program=program)


class ApprovalForm(forms.Form):
    """The number that the approver has seen, and their word."""

    seen = forms.IntegerField(
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(
            ["required", "invalid"], _("The number was not sent. Look at it, and approve again.")
        ),
    )
    agreed = forms.BooleanField(
        label=_("I have checked partner, days and number"),
        error_messages={"required": _("Tick this if you have checked them, then approve.")},
    )


class UndoForm(forms.Form):
    reason = ReasonField(label=_("Why is it undone?"), max_length=LONGEST_REASON, help_text=_("Name nobody."))
