import pytest
from django.db import IntegrityError, transaction

from courses.achievements.models import Achievement, DirtyPeople
from courses.achievements.operations import restore_achievement, revoke_achievement
from courses.credentials.models import Credential
from courses.credentials.operations import (
    CredentialRefusedError,
    issue_credential,
    restore_credential,
    revoke_credential,
)
from people.models import Person
from tests.factories import NOW, AchievementFactory, marked_dirty


def test_issuing_twice_keeps_the_first_credential(achievement: Achievement) -> None:
    first = issue_credential(achievement, issued_at=NOW)
    second = issue_credential(achievement, issued_at=NOW.replace(year=2027))
    assert (second.pk, second.jwt) == (first.pk, first.jwt)
    assert Credential.objects.count() == 1


def test_a_credential_belongs_to_its_achievements_person_and_program(credential: Credential, person: Person) -> None:
    assert (credential.person, credential.program) == (person, person.program)
    assert len(credential.code) == 20


@pytest.mark.django_db
def test_what_a_partner_reported_gets_no_credential() -> None:
    with pytest.raises(CredentialRefusedError, match="ask the partner"):
        issue_credential(AchievementFactory(), issued_at=NOW)


def test_a_revoked_achievement_gets_no_credential(achievement: Achievement) -> None:
    revoke_achievement(achievement, reason="Void", recorded_at=NOW)
    with pytest.raises(CredentialRefusedError, match="revoked"):
        issue_credential(achievement, issued_at=NOW)


def test_issuing_belongs_to_the_callers_transaction(achievement: Achievement) -> None:
    with transaction.atomic():
        issue_credential(achievement, issued_at=NOW)
        transaction.set_rollback(True)
    assert not Credential.objects.exists()


def test_revoking_revokes_the_achievement_and_marks_the_person(credential: Credential, person: Person) -> None:
    DirtyPeople.objects.all().delete()
    revoke_credential(credential, reason="The assessment was taken by somebody else", revoked_at=NOW)
    assert not Achievement.objects.standing().filter(pk=credential.achievement_id).exists()
    assert marked_dirty() == [person.pk]


def test_revoking_twice_keeps_the_first_reason(credential: Credential) -> None:
    revoke_credential(credential, reason="First", revoked_at=NOW)
    again = revoke_credential(credential, reason="Second", revoked_at=NOW.replace(year=2027))
    assert (again.reason, again.recorded_at) == ("First", NOW)
    assert Achievement.objects.filter(kind=Achievement.Kind.REVOKED).count() == 1


def test_revoking_needs_a_reason(credential: Credential) -> None:
    with pytest.raises(CredentialRefusedError, match="Say why"):
        revoke_credential(credential, reason=" \n", revoked_at=NOW)
    assert credential.revocation is None


def test_issuing_again_after_a_revocation_does_not_undo_it(credential: Credential) -> None:
    revoke_credential(credential, reason="Void", revoked_at=NOW)
    assert issue_credential(credential.achievement, issued_at=NOW).revocation == (NOW, "Void")


def test_a_restored_credential_is_the_same_one_and_stands(credential: Credential, person: Person) -> None:
    revoke_credential(credential, reason="Void", revoked_at=NOW)
    DirtyPeople.objects.all().delete()
    restore_credential(credential, reason="It was right", restored_at=NOW)
    again = issue_credential(credential.achievement, issued_at=NOW)
    assert (again.pk, again.jwt, again.revocation) == (credential.pk, credential.jwt, None)
    assert marked_dirty() == [person.pk]


def test_restoring_twice_is_once_and_needs_a_reason_and_a_revocation(credential: Credential) -> None:
    with pytest.raises(CredentialRefusedError, match="never revoked"):
        restore_credential(credential, reason="It was right", restored_at=NOW)
    revoke_credential(credential, reason="Void", revoked_at=NOW)
    with pytest.raises(CredentialRefusedError, match="Say why"):
        restore_credential(credential, reason=" ", restored_at=NOW)
    first, second = (restore_credential(credential, reason="It was right", restored_at=NOW) for _ in range(2))
    assert first == second


def test_a_restored_achievement_gets_its_first_credential(achievement: Achievement) -> None:
    revoke_achievement(achievement, reason="Void", recorded_at=NOW)
    restore_achievement(achievement, reason="It was right", recorded_at=NOW)
    assert issue_credential(achievement, issued_at=NOW).revocation is None


@pytest.mark.parametrize("change", [{"jwt": "x"}, {"code": "x"}, {"issued_at": NOW.replace(year=2020)}])
def test_the_database_refuses_to_rewrite_what_was_signed(credential: Credential, change: dict[str, object]) -> None:
    with pytest.raises(IntegrityError, match="never rewritten"), transaction.atomic():
        Credential.objects.update(**change)


def test_the_database_refuses_to_delete_a_credential(credential: Credential) -> None:
    with pytest.raises(IntegrityError, match="never rewritten or deleted"), transaction.atomic():
        credential.delete()
