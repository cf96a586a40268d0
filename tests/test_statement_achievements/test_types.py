"""A profile that takes statements about activities of some types alone."""

from typing import Any

import pytest

from courses.returns.models import Return
from courses.statements.models import Statement
from programs.models import Partner
from tests.factories import PartnerFactory, ProgramFactory
from tests.test_statement_achievements.academy import STANDARD, Academy, academy_of, counts, passed
from tests.test_statements.lms import BEN, COURSE, new_id, reference_to, small, voiding

pytestmark = pytest.mark.django_db
WORKSHOP = "https://academy.example/types/workshop"
TYPES = STANDARD.replace("[statements]", f'[statements]\ntypes = ["course", "{WORKSHOP}"]')


@pytest.fixture
def academy() -> Academy:
    """The Academy, whose courses and workshops are taken, and nothing else."""
    partner: Partner = PartnerFactory.create(program=ProgramFactory.create(code="rur"), code="academy")
    return academy_of(partner, [TYPES])


def of_type(iri: str, name: str = "anna") -> dict[str, Any]:
    return passed(name, object={"id": COURSE, "definition": {"type": iri}})


def adl(word: str) -> str:
    return f"http://adlnet.gov/expapi/activities/{word}"


def test_activities_of_these_types_are_rows(academy: Academy) -> None:
    academy.send(of_type(adl("course"), "anna"), of_type(WORKSHOP, "ben"))
    assert counts(academy.last()) == (2, 2, 0, 0)


@pytest.mark.parametrize(
    "statement",
    [
        of_type(adl("lesson")),
        of_type(adl("Course")),
        of_type(f"{WORKSHOP}/"),
        passed(),
        passed(object={"id": COURSE, "definition": {}}),
        passed(object={"id": COURSE, "definition": {"extensions": {"a:type": adl("course")}}}),
        passed(object=BEN),
        reference_to(new_id(), verb=passed()["verb"]),
        passed(object=small(objectType="SubStatement", object={"id": COURSE, "definition": {"type": adl("course")}})),
        of_type(adl("course")) | {"verb": {"id": "a:b"}},
    ],
)
def test_other_types_and_none_are_stored_and_no_rows(academy: Academy, statement: dict[str, Any]) -> None:
    academy.send(statement)
    assert Statement.objects.count() == 1
    assert not Return.objects.exists()


def test_rows_beside_other_types_are_voided_like_all(academy: Academy) -> None:
    _, number, _ = academy.send(of_type(adl("lesson")), of_type(adl("course")), of_type(adl("assessment")))
    assert academy.standing() == [("first-steps", 3)]
    academy.send(voiding(number))
    assert academy.standing() == []
