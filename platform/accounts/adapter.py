from allauth.account.adapter import DefaultAccountAdapter

from accounts.models import normalised_email


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """allauth's adapter: e-mail is the only name of an account, and has one spelling."""

    def clean_email(self, email: str) -> str:
        return normalised_email(email)
