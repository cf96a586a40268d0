"""Fixtures. Models are imported when they are used: this file is read before Django is ready."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from programs.models import Program
    from tests.test_achievements.orders import Office


@pytest.fixture
def office(db: None) -> "Office":
    from tests.test_achievements.orders import new_office

    return new_office()


@pytest.fixture
def program(db: None) -> "Program":
    from tests.factories import ProgramFactory

    return ProgramFactory.create()
