"""Models are imported inside the fixtures: this file is read before Django is set up."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from programs.models import Partner
    from tests.test_statements.lms import LearningSystem


@pytest.fixture
def partner(db: None) -> "Partner":
    """The Academy, a partner of the program `rur`."""
    from tests.factories import PartnerFactory, ProgramFactory

    return PartnerFactory.create(program=ProgramFactory.create(code="rur"), code="academy", name="Academy")


@pytest.fixture
def lms(partner: "Partner") -> "LearningSystem":
    """The Academy's learning system, which speaks xAPI 1.0.3."""
    from tests.test_statements.lms import LearningSystem

    return LearningSystem.of(partner)


@pytest.fixture(params=["1.0.3", "2.0.0"])
def either(request: pytest.FixtureRequest, partner: "Partner") -> "LearningSystem":
    """The Academy's learning system, once with each version of xAPI."""
    from tests.test_statements.lms import LearningSystem

    return LearningSystem.of(partner, version=request.param)
