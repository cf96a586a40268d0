from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from accounts.models import User
    from tests.test_returns.school import School

# Models are imported when a fixture is used: this file is read before Django is ready.


@pytest.fixture
def school(db: Any) -> "School":
    """A partner of Ruritania with a profile of its own, that sends files."""
    from tests.factories import PartnerFactory
    from tests.test_returns.school import school_of

    return school_of(PartnerFactory(code="school"))


@pytest.fixture
def academy(db: Any) -> "School":
    """A partner that says all that the anomaly rules look at."""
    from tests.factories import PartnerFactory
    from tests.test_returns.anomaly_world import academy_of

    return academy_of(PartnerFactory())


@pytest.fixture
def alice(academy: "School") -> "User":
    """Who manages the academy's program."""
    from tests.test_returns.decisions import manager_of

    return manager_of(academy)
