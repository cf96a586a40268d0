"""Forms of the operators' admin; the public ones are allauth's."""

from typing import ClassVar

from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm

from accounts.models import User, normalised_email


class NewUserForm(AdminUserCreationForm[User]):
    class Meta:
        model = User
        fields = ("email", "name")
        field_classes: ClassVar[dict[str, type]] = {}

    def clean_email(self) -> str:
        return normalised_email(self.cleaned_data["email"])


class UserForm(UserChangeForm[User]):
    class Meta:
        model = User
        fields = ("email", "name", "password", "is_active", "is_staff", "is_superuser")
        field_classes: ClassVar[dict[str, type]] = {}

    def clean_email(self) -> str:
        return normalised_email(self.cleaned_data["email"])
