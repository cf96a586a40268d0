"""What the database itself refuses, whoever writes to it."""

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from courses.achievements.models import MassRevocation
from programs.models import Program
from tests.factories import NOW, PartnerFactory
from tests.test_achievements.orders import FIRST, LAST, Office

pytestmark = pytest.mark.django_db


def order_with(office: Office, **changes: Any) -> MassRevocation:
    said = {"program": office.program, "partner": office.partner, "first_on": FIRST, "last_on": LAST, "reason": "x"}
    return MassRevocation.objects.create(**{**said, "proposed_by": office.anna, "proposed_at": NOW, **changes})


def approved_by(office: Office, name: str) -> dict[str, Any]:
    return {"decision": "approved", "decided_by": getattr(office, name), "decided_at": NOW, "approved": 1}


def test_nobody_approves_their_own_proposal(office: Office) -> None:
    order_with(office, **approved_by(office, "bela"))
    with pytest.raises(IntegrityError, match="is_approved_by_another_person"):
        order_with(office, **approved_by(office, "anna"))


def test_nobody_becomes_the_proposer_afterwards(office: Office) -> None:
    order = order_with(office)
    with pytest.raises(IntegrityError, match="never rewritten"):
        MassRevocation.objects.filter(pk=order.pk).update(proposed_by=office.bela)


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"first_on": LAST, "last_on": FIRST}, "period_is_not_reversed"),
        ({"reason": ""}, "says_why"),
        ({"decision": "approved", "approved": 1}, "decision_has_a_person_and_a_moment"),
        ({"decided_at": NOW}, "decision_has_a_person_and_a_moment"),
        ({"approved": 1}, "is_approved_with_a_number"),
        ({"carried_out_at": NOW, "achievements": 1, "people": 1}, "is_carried_out_once_approved"),
        ({"achievements": 1}, "is_carried_out_once_approved"),
    ],
)
def test_the_database_refuses(office: Office, changes: dict[str, Any], rule: str) -> None:
    with pytest.raises(IntegrityError, match=rule):
        order_with(office, **changes)


def test_only_the_proposer_withdraws(office: Office) -> None:
    order_with(office, decision="withdrawn", decided_by=office.anna, decided_at=NOW)
    with pytest.raises(IntegrityError, match="is_withdrawn_by_who_proposed_it"):
        order_with(office, decision="withdrawn", decided_by=office.bela, decided_at=NOW)


@pytest.mark.parametrize(
    "change",
    [{"reason": "y"}, {"first_on": LAST}, {"decision": ""}, {"approved": 2}, {"achievements": 2}, {"people": 2}],
)
def test_what_was_said_decided_and_done_is_never_rewritten(office: Office, change: dict[str, Any]) -> None:
    done = {"carried_out_at": NOW, "achievements": 1, "people": 1}
    order = order_with(office, **approved_by(office, "bela"), **done)
    with pytest.raises(IntegrityError, match="never rewritten"):
        MassRevocation.objects.filter(pk=order.pk).update(**change)


def test_an_order_is_never_deleted(office: Office) -> None:
    order = order_with(office)
    with pytest.raises(IntegrityError, match="never rewritten or deleted"), transaction.atomic():
        order.delete()


def test_an_order_has_one_undo_that_is_in_force(office: Office) -> None:
    order = order_with(office)
    order_with(office, undoes=order, decision="refused", decided_by=office.bela, decided_at=NOW)
    order_with(office, undoes=order, **approved_by(office, "bela"))
    with pytest.raises(IntegrityError, match="is_undone_once"):
        order_with(office, undoes=order)


def test_a_period_has_one_open_proposal(office: Office) -> None:
    order_with(office)
    with pytest.raises(IntegrityError, match="of_a_period_is_proposed_once"):
        order_with(office, proposed_by=office.bela)


def test_order_and_partner_belong_to_the_same_program(office: Office) -> None:
    stranger = PartnerFactory()
    assert Program.objects.count() == 2
    order_with(office, partner=stranger)
    with pytest.raises(IntegrityError, match="partner_id_same_program"):
        connection.check_constraints()
