"""Models are imported inside the fixtures: this file is read before Django is set up."""

from datetime import date
from typing import TYPE_CHECKING

import pytest
from django.test import Client

if TYPE_CHECKING:
    from programs.models import MeasureVersion, Membership


@pytest.fixture
def manager(db: None) -> "Membership":
    """Alice, who manages Ruritania's program."""
    from tests.factories import MembershipFactory

    return MembershipFactory.create()


@pytest.fixture
def client(client: Client, manager: "Membership") -> Client:
    client.force_login(manager.user)
    return client


@pytest.fixture
def version(manager: "Membership") -> "MeasureVersion":
    from tests.factories import MeasureVersionFactory

    return MeasureVersionFactory.create(program=manager.program, measure__code="skills")


@pytest.fixture
def two_partners(version: "MeasureVersion") -> "MeasureVersion":
    """Ten people in the north and five in the south; three of the north were trained by both partners."""
    from tests.factories import PartnerFactory
    from tests.test_dashboards.counts import counted

    big, small = (
        PartnerFactory.create(program=version.program, code=code, name=code.title()) for code in ("big", "small")
    )
    counted(version, 10)
    counted(version, 5, region="S", day=date(2026, 4, 5))
    counted(version, 10, partner=big)
    counted(version, 3, partner=small)
    counted(version, 5, partner=small, region="S", day=date(2026, 4, 5))
    return version
