import pytest
from django.db import IntegrityError, transaction

from courses.achievements.models import Achievement, DirtyPerson
from courses.achievements.operations import revoke_achievement
from courses.credentials.models import Credential
from courses.credentials.operations import CredentialRefusedError, issue_credential, revoke_credential
from people.models import Person
from tests.factories import NOW, AchievementFactory


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
    DirtyPerson.objects.all().delete()
    revoke_credential(credential, reason="The assessment was taken by somebody else", revoked_at=NOW)
    assert not Achievement.objects.standing().filter(pk=credential.achievement_id).exists()
    assert DirtyPerson.objects.get().person == person


def test_revoking_twice_keeps_the_first_reason(credential: Credential) -> None:
    revoke_credential(credential, reason="First", revoked_at=NOW)
    again = revoke_credential(credential, reason="Second", revoked_at=NOW.replace(year=2027))
    assert (again.revocation_reason, again.revoked_at) == ("First", NOW)
    assert Achievement.objects.filter(kind=Achievement.Kind.REVOKED).count() == 1


def test_revoking_needs_a_reason(credential: Credential) -> None:
    with pytest.raises(CredentialRefusedError, match="Say why"):
        revoke_credential(credential, reason=" \n", revoked_at=NOW)
    credential.refresh_from_db()
    assert credential.revoked_at is None


def test_issuing_again_after_a_revocation_does_not_undo_it(credential: Credential) -> None:
    revoke_credential(credential, reason="Void", revoked_at=NOW)
    assert issue_credential(credential.achievement, issued_at=NOW).revoked_at == NOW


@pytest.mark.parametrize("change", [{"jwt": "x"}, {"code": "x"}, {"issued_at": NOW.replace(year=2020)}])
def test_the_database_refuses_to_rewrite_what_was_signed(credential: Credential, change: dict[str, object]) -> None:
    with pytest.raises(IntegrityError, match="never rewritten"), transaction.atomic():
        Credential.objects.update(**change)


def test_the_database_refuses_to_take_a_revocation_back(credential: Credential) -> None:
    revoke_credential(credential, reason="Void", revoked_at=NOW)
    with pytest.raises(IntegrityError, match="revoked once"), transaction.atomic():
        Credential.objects.update(revoked_at=None)


def test_the_database_refuses_to_delete_a_credential(credential: Credential) -> None:
    with pytest.raises(IntegrityError, match="never rewritten or deleted"), transaction.atomic():
        credential.delete()
