"""The real figures: a provider is revoked and restored, and every earlier moment still reads as it did."""

from datetime import date, timedelta

import pytest

from courses.achievements.operations import (
    approve_mass_revocation,
    carry_out_mass_revocation,
    propose_mass_revocation,
    propose_undo,
)
from programs.models import MeasureVersion, Partner, Program
from reporting.counting.history import Figure
from tests.factories import NOW, MembershipFactory
from tests.open_university import PROVIDERS, content_of, needs_the_data, send, united_kingdom
from tests.test_counting.cast import assert_equals_recount, settle_now

pytestmark = [needs_the_data, pytest.mark.django_db]
LOADED, REVOKED, RESTORED = (NOW + timedelta(hours=hours) for hours in (1, 2, 3))
A_WHILE = timedelta(minutes=1)  # each lane is posted a moment later than the one before


@pytest.fixture
def program() -> Program:
    made = united_kingdom()
    for provider in PROVIDERS:
        send(made, provider, content_of(provider))
    settle_now(LOADED - A_WHILE)
    return made


def test_a_provider_is_revoked_and_restored(program: Program) -> None:
    version = MeasureVersion.objects.of(program).current().get(measure__code="open-university")
    first, second = (MembershipFactory.create(program=program).user for _ in range(2))
    fff = Partner.objects.get(program=program, code="ou-fff")
    figure = Figure(version=version)

    order = propose_mass_revocation(
        program, fff, first_on=date(2013, 1, 1), last_on=date(2015, 12, 31), reason="exams were not supervised",
        proposed_by=first, at=NOW,
    )  # fmt: skip
    approve_mass_revocation(order, approved_by=second, seen=order.takes().reach().achievements, at=NOW)
    carry_out_mass_revocation(order.pk, at=NOW)
    settle_now(REVOKED - A_WHILE)

    assert [figure.people(moment) for moment in (LOADED, REVOKED)] == [14_581, 11_128]
    revision = figure.by_cause(REVOKED, since=LOADED)
    assert {cause: change.net for cause, change in revision.items()} == {"revoked": -3_453}

    undo = propose_undo(order, reason="they were", proposed_by=second, at=NOW)
    approve_mass_revocation(undo, approved_by=first, seen=undo.takes().reach().achievements, at=NOW)
    carry_out_mass_revocation(undo.pk, at=NOW)
    settle_now(RESTORED - A_WHILE)

    assert [figure.people(moment) for moment in (LOADED, REVOKED, RESTORED)] == [14_581, 11_128, 14_581]
    assert {cause: change.net for cause, change in figure.by_cause(RESTORED, since=REVOKED).items()} == {
        "restored": 3_453
    }
    assert figure.by_region_and_sector(LOADED) == figure.by_region_and_sector(RESTORED)
    assert figure.by_day(LOADED) == figure.by_day(RESTORED)
    assert figure.by_partner(LOADED) == figure.by_partner(RESTORED)
    assert_equals_recount(version)
