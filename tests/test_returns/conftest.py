from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.test_returns.school import School

# Models are imported when a fixture is used: this file is read before Django is ready.


@pytest.fixture
def school(db: Any) -> "School":
    """A partner of Ruritania with a profile of its own, that sends files."""
    from tests.factories import PartnerFactory
    from tests.test_returns.school import school_of

    return school_of(PartnerFactory(code="school"))
