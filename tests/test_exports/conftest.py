"""Models are imported inside the fixtures: this file is read before Django is set up."""

from typing import TYPE_CHECKING

import pytest
import time_machine

if TYPE_CHECKING:
    from collections.abc import Iterator

    from programs.models import MeasureVersion
    from tests.test_exports.ask import Ask


@pytest.fixture(autouse=True)
def a_day_in_november() -> "Iterator[time_machine.Traveller]":
    from tests.factories import NOW

    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def version(db: None) -> "MeasureVersion":
    """The measure `people` of the program `rur`: 14,581 people, three of them in the south, published."""
    from reporting.publishing.operations import publish_figures
    from tests.factories import NOW, ProgramFactory, TargetFactory
    from tests.test_publishing.worlds import add_people, measure_of

    made = measure_of(ProgramFactory.create(code="rur"))
    TargetFactory.create(measure_version=made, value=20_000)
    add_people(made, 14_578)
    add_people(made, 3, region="S")
    publish_figures(made.program, at=NOW)
    return made


@pytest.fixture
def ask(version: "MeasureVersion") -> "Ask":
    """Asks the API with a token of the program."""
    from tests.test_exports.ask import Ask

    return Ask.with_token(version.program)
