"""Restores one credential: `manage.py restore_credential CODE --reason TEXT`."""

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from courses.credentials.operations import CredentialRefusedError, restore_credential

from .revoke_credential import credential_named


class Command(BaseCommand):
    help = "Restores a revoked credential and its achievement, so that it verifies again and counts follow."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", help="the credential's code or the address of its page")
        parser.add_argument("--reason", required=True, help="why; kept with the achievement")

    def handle(self, *args: object, **options: str) -> None:
        credential = credential_named(options["code"])
        try:
            fact = restore_credential(credential, reason=options["reason"], restored_at=timezone.now())
        except CredentialRefusedError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Credential {credential} stands again since {fact.recorded_at:%Y-%m-%d %H:%M} UTC.")
        self.stdout.write(f"Reason: {fact.reason}")
