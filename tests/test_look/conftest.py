"""Models are imported inside the fixtures: this file is read before Django is set up."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from programs.models import Program


@pytest.fixture
def program(db: None) -> "Program":
    from tests.factories import ProgramFactory

    return ProgramFactory.create()
