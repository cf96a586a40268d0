from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.test_returns.school import School
    from tests.test_statement_achievements.academy import Academy

# Models are imported when a fixture is used: this file is read before Django is ready.


@pytest.fixture
def academy(db: None) -> "Academy":
    """A partner of Ruritania whose statements the standard profile reads, and the course `first-steps`."""
    from tests.test_statement_achievements.academy import new_academy

    return new_academy()


@pytest.fixture
def school(db: None) -> "School":
    """A partner of Ruritania that sends files."""
    from tests.factories import PartnerFactory
    from tests.test_returns.school import school_of

    return school_of(PartnerFactory.create(code="school"))
