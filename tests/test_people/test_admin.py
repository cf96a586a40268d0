import pytest
from django.test import Client

from people.identities import EMAIL
from people.models import Identity, Person
from tests.factories import NOW, PersonFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator(client: Client) -> Client:
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    return client


def test_operators_see_persons_and_change_none(operator: Client) -> None:
    person = PersonFactory(name="Rudolf")
    page = f"/admin/people/person/{person.pk}/change/"
    assert "Rudolf" in operator.get(page).content.decode()
    assert operator.post(page, {"name": "Michael"}).status_code == 403
    assert Person.objects.get().name == "Rudolf"


def test_operators_see_how_a_person_is_known_but_not_the_hash(operator: Client) -> None:
    person = PersonFactory()
    identity = Identity.objects.create(
        program=person.program, person=person, scheme=EMAIL, digest=b"\x01" * 32, created_at=NOW
    )
    shown = operator.get(f"/admin/people/identity/{identity.pk}/change/").content.decode()
    assert "email" in shown
    assert "digest" not in shown.lower()


@pytest.mark.parametrize("model", ["person", "identity"])
def test_each_list_opens(operator: Client, model: str) -> None:
    PersonFactory()
    assert operator.get(f"/admin/people/{model}/").status_code == 200
