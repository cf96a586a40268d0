"""Fixtures. Models are imported when they are used: this file is read before Django is ready."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.test_learning.cast import Learner


@pytest.fixture
def learner(db: None) -> "Learner":
    from tests.test_learning.cast import asha

    return asha()
