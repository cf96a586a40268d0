"""Revokes one credential: `manage.py revoke_credential CODE --reason TEXT`."""

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from courses.credentials.models import Credential
from courses.credentials.operations import CredentialRefusedError, revoke_credential
from courses.credentials.verification import code_in


class Command(BaseCommand):
    help = "Revokes a credential and its achievement, so that counts follow. The reason is shown on the public page."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", help="the credential's code or the address of its page")
        parser.add_argument("--reason", required=True, help="why; the public page shows it")

    def handle(self, *args: object, **options: str) -> None:
        credential = credential_named(options["code"])
        try:
            fact = revoke_credential(credential, reason=options["reason"], revoked_at=timezone.now())
        except CredentialRefusedError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Credential {credential} is revoked since {fact.recorded_at:%Y-%m-%d %H:%M} UTC.")
        self.stdout.write(f"Reason: {fact.reason}")


def credential_named(code: str) -> Credential:
    """The credential with this code or page; raises `CommandError` if there is none."""
    credential = Credential.objects.find(code_in(code))
    if credential is None:
        raise CommandError("There is no credential with this code. It is the last part of its page's address.")
    return credential
