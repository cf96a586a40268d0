import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from programs.models import MeasureVersion, Program, Role
from reporting.publishing.operations import publish_figures
from tests.factories import NOW, MembershipFactory, PartnerFactory, ProgramFactory, TargetFactory
from tests.test_publishing.worlds import add_people, counts_everybody, measure_of


@pytest.fixture
def version(db: None) -> MeasureVersion:
    return measure_of(ProgramFactory.create(code="rur"))


@pytest.fixture
def ministry(client: Client, version: MeasureVersion) -> Client:
    """Signed in as somebody of the ministry."""
    client.force_login(MembershipFactory.create(program=version.program, role=Role.MINISTRY).user)
    return client


def page(client: Client) -> str:
    response = client.get(reverse("figures", args=["rur"]))
    assert response.status_code == 200
    return response.content.decode()


def test_a_ministry_sees_published_figures_and_no_exact_one(ministry: Client, version: MeasureVersion) -> None:
    add_people(version, 14_581)
    publish_figures(version.program, at=NOW)
    html = page(ministry)
    assert "14,580" in html
    assert "14,581" not in html
    assert "14581" not in html


def test_the_page_says_rule_moment_definition_and_target(ministry: Client, version: MeasureVersion) -> None:
    TargetFactory.create(measure_version=version, name="A million people", value=1_000_000, source="Treaty, page 4.")
    publish_figures(version.program, at=NOW)
    html = page(ministry)
    said = ["rounded to the nearest 5", "As of 22 Nov 2026", "at least assessed", "illustrative", "1,000,000", "Treaty"]
    assert [text for text in said if text not in html] == []


def test_before_anything_is_published_the_page_says_what_to_do(ministry: Client) -> None:
    assert "manage.py publish rur" in page(ministry)


def test_a_program_without_a_measure_or_a_rule_has_a_page(db: None, client: Client) -> None:
    program = ProgramFactory.create(code="rur", disclosure_rule="none")
    client.force_login(MembershipFactory.create(program=program).user)
    assert "which does not exist" in page(client)


def test_a_target_of_an_older_version_says_so(ministry: Client, version: MeasureVersion) -> None:
    TargetFactory.create(measure_version=version)
    newer = MeasureVersion.objects.create(program=version.program, measure=version.measure, number=2, evidence=3)
    counts_everybody(newer)
    assert "set for version 1" in page(ministry)


@pytest.mark.parametrize("role", [Role.LEARNER])
def test_who_is_not_of_ministry_or_management_gets_404(client: Client, version: MeasureVersion, role: str) -> None:
    client.force_login(MembershipFactory.create(program=version.program, role=role).user)
    assert client.get(reverse("figures", args=["rur"])).status_code == 404


def test_the_manager_of_another_program_gets_404(client: Client, version: MeasureVersion) -> None:
    client.force_login(MembershipFactory.create().user)
    assert client.get(reverse("figures", args=["rur"])).status_code == 404


def test_the_page_takes_as_many_queries_for_many_rows(
    ministry: Client, version: MeasureVersion, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    publish_figures(version.program, at=NOW)
    with django_assert_num_queries(7):
        page(ministry)
    PartnerFactory.create_batch(20, program=version.program)
    TargetFactory.create_batch(3, measure_version=measure_of(Program.objects.get(), "other"))
    publish_figures(version.program, at=NOW)
    with django_assert_num_queries(7):
        page(ministry)
