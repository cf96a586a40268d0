"""Every write of credentials."""

import secrets
from datetime import datetime

from django.db import transaction

from courses.achievements.models import Achievement
from courses.achievements.operations import revoke_achievement
from courses.credentials.models import Credential
from courses.credentials.statement import signed_statement

# Codes are read aloud and typed: no letters that look like digits. 20 of them hold 98 random bits.
CODE_ALPHABET = "23456789abcdefghjkmnpqrstvwxyz"
CODE_LENGTH = 20


class CredentialRefusedError(Exception):
    """The credential cannot be issued or revoked; the message says why and what to do."""


@transaction.atomic
def issue_credential(achievement: Achievement, *, issued_at: datetime) -> Credential:
    """Issues and signs the credential of an achievement of a course taken here; the second time answers the first one.

    Raises `CredentialRefusedError` for an achievement that does not stand or that a partner reported.
    """
    locked = Achievement.objects.select_for_update(of=("self",)).get(pk=achievement.pk)
    known = Credential.objects.filter(achievement=locked).first()
    if known:
        return known
    _refuse_unless_creditable(locked)
    made = Credential(
        program=locked.program,
        person=locked.person,
        achievement=locked,
        code="".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH)),
        issued_at=issued_at.replace(microsecond=0),  # a JWT knows whole seconds
    )
    made.jwt = signed_statement(made)
    made.save(force_insert=True)
    return made


def _refuse_unless_creditable(achievement: Achievement) -> None:
    if achievement.source != Achievement.Source.LEARNING:
        raise CredentialRefusedError("Credentials are issued for courses taken here; ask the partner who ran this one.")
    if not Achievement.objects.standing().filter(pk=achievement.pk).exists():
        raise CredentialRefusedError("This achievement has been revoked, so no credential can be issued for it.")


@transaction.atomic
def revoke_credential(credential: Credential, *, reason: str, revoked_at: datetime) -> Credential:
    """Revokes the credential and its achievement, so that counts follow; the second time answers the first revocation.

    The reason is public: it stands on the verification page. Raises `CredentialRefusedError` without one.
    """
    if not reason.strip():
        raise CredentialRefusedError("Say why the credential is revoked: its public page shows the reason.")
    locked = Credential.objects.select_for_update(of=("self",)).get(pk=credential.pk)
    if locked.revoked_at:
        return locked
    revoke_achievement(locked.achievement, reason=reason.strip(), recorded_at=revoked_at)
    locked.revoked_at, locked.revocation_reason = revoked_at, reason.strip()
    locked.save(update_fields=["revoked_at", "revocation_reason"])
    return locked


def show_name(credential: Credential, *, shows: bool) -> None:
    """Records whether the learner agrees that the public page shows their name."""
    Credential.objects.filter(pk=credential.pk).update(shows_name=shows)
    credential.shows_name = shows
