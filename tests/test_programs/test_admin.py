"""What a country file defines is seen in the admin and changed in the file."""

import pytest
from django.test import Client

from programs.models import Code, MeasureVersion
from tests.factories import MeasureVersionFactory, ProgramFactory, TargetFactory, UserFactory

pytestmark = pytest.mark.django_db
READ_ONLY = ["code", "partner", "measure", "measureversion", "target"]


@pytest.fixture
def operator(client: Client) -> Client:
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    return client


@pytest.mark.parametrize("model", [*READ_ONLY, "program", "membership"])
def test_each_list_opens(operator: Client, model: str) -> None:
    TargetFactory()
    assert operator.get(f"/admin/programs/{model}/").status_code == 200


@pytest.mark.parametrize("model", READ_ONLY)
def test_nothing_that_a_country_file_defines_is_added_here(operator: Client, model: str) -> None:
    assert operator.get(f"/admin/programs/{model}/add/").status_code == 403


def test_a_measure_version_cannot_be_changed_here(operator: Client) -> None:
    version = MeasureVersionFactory(tag="skills")
    page = f"/admin/programs/measureversion/{version.pk}"
    assert operator.post(f"{page}/change/", {"tag": "other"}).status_code == 403
    assert operator.post(f"{page}/delete/", {"post": "yes"}).status_code == 403
    assert MeasureVersion.objects.get().tag == "skills"


def test_a_code_cannot_be_changed_here(operator: Client) -> None:
    code = Code.objects.of(ProgramFactory(), Code.Kind.REGION)[0]
    assert operator.post(f"/admin/programs/code/{code.pk}/change/", {"code": "X"}).status_code == 403


def test_an_operator_closes_a_program_to_new_learners_and_changes_nothing_else(operator: Client) -> None:
    program = ProgramFactory(code="rur")
    operator.post(f"/admin/programs/program/{program.pk}/change/", {"code": "other"})
    program.refresh_from_db()
    assert (program.is_open_to_learners, program.code) == (False, "rur")


def test_the_admin_is_for_operators_only(client: Client) -> None:
    client.force_login(UserFactory())
    assert client.get("/admin/programs/program/").status_code in (302, 403)


def test_operators_sign_in_where_everybody_does(client: Client) -> None:
    page = client.get("/admin/", follow=True)
    assert page.redirect_chain[-1][0] == "/accounts/login/?next=%2Fadmin%2F"
