"""Fixtures. Models are imported when they are used: this file is read before Django is ready."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.test_authoring.world import World


@pytest.fixture
def world(db: None) -> "World":
    from tests.test_authoring.world import ruritania

    return ruritania()
