"""Every write of credentials."""

import secrets
from datetime import datetime

from django.db import transaction

from courses.achievements.models import Achievement
from courses.achievements.operations import RevocationRefusedError, restore_achievement, revoke_achievement
from courses.credentials.models import Credential
from courses.credentials.statement import signed_statement

# Codes are read aloud and typed: no letters that look like digits. 20 of them hold 98 random bits.
CODE_ALPHABET = "23456789abcdefghjkmnpqrstvwxyz"
CODE_LENGTH = 20


class CredentialRefusedError(Exception):
    """The credential cannot be issued, revoked or restored; the message says why and what to do."""


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


def revoke_credential(credential: Credential, *, reason: str, revoked_at: datetime) -> Achievement:
    """Revokes the achievement that the credential states, and with it the credential; counts follow.

    Answers the revocation that holds: the second time the first one. The reason is public: it stands on the
    verification page. Raises `CredentialRefusedError` without one.
    """
    if not reason.strip():
        raise CredentialRefusedError("Say why the credential is revoked: its public page shows the reason.")
    return revoke_achievement(credential.achievement, reason=reason, recorded_at=revoked_at)


def restore_credential(credential: Credential, *, reason: str, restored_at: datetime) -> Achievement:
    """Restores the achievement that the credential states, so that it verifies again; counts follow.

    Answers the restoration that holds: the second time the first one. Raises `CredentialRefusedError` without a reason,
    or for a credential that was never revoked.
    """
    if not reason.strip():
        raise CredentialRefusedError("Say why the credential is restored: the reason is kept with the achievement.")
    try:
        return restore_achievement(credential.achievement, reason=reason, recorded_at=restored_at)
    except RevocationRefusedError as error:
        raise CredentialRefusedError("This credential was never revoked, so there is nothing to restore.") from error


def show_name(credential: Credential, *, shows: bool) -> None:
    """Records whether the learner agrees that the public page shows their name."""
    Credential.objects.filter(pk=credential.pk).update(shows_name=shows)
    credential.shows_name = shows
