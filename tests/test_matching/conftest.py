"""Fixtures. Models are imported when they are used: this file is read before Django is ready."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.test_matching.cast import Office


@pytest.fixture
def office(db: None) -> "Office":
    from tests.test_matching.cast import new_office

    return new_office()
