"""Fixtures. Models are imported when they are used: this file is read before Django is ready."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.test_counting.merging import World


@pytest.fixture(params=[False, True], ids=["neighbours", "apart"])
def world(request: pytest.FixtureRequest, db: None) -> "World":
    from tests.test_counting.merging import World

    return World(apart=request.param)
