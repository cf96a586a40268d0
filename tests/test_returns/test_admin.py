import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.factories import PASSWORD
from tests.test_returns.school import School, file_of, row


@pytest.fixture
def operator(client: Client, db: None) -> Client:
    client.force_login(User.objects.create_superuser("operator@example.org", PASSWORD))
    return client


@pytest.mark.parametrize("model", ["returnprofile", "return", "heldrow"])
def test_operators_look_and_change_nothing(school: School, operator: Client, model: str) -> None:
    sent = school.report(row(region="Atlantis"))
    shown = {"returnprofile": school.profile, "return": sent, "heldrow": sent.held_rows.get()}[model]
    address = reverse(f"admin:returns_{model}_change", args=[shown.pk])
    assert operator.get(reverse(f"admin:returns_{model}_changelist")).status_code == 200
    assert operator.get(address).status_code == 200
    assert operator.post(address, {"status": "received"}).status_code == 403
    assert operator.get(reverse(f"admin:returns_{model}_add")).status_code == 403
    assert operator.post(reverse(f"admin:returns_{model}_delete", args=[shown.pk]), {"post": "yes"}).status_code == 403


def test_the_content_of_a_file_is_never_shown(school: School, operator: Client) -> None:
    kept = school.keep(file_of([row("7700123456")]))
    page = operator.get(reverse("admin:returns_return_change", args=[kept.pk])).content.decode()
    assert "school.csv" in page
    assert "7700123456" not in page
