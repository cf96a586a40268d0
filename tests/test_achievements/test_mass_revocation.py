"""Two people revoke what one partner reported for a period, and undo it."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db.models import Q

from accounts.models import User
from courses.achievements.models import Achievement, MassRevocation
from courses.achievements.operations import (
    MassRevocationRefusedError,
    NumberChangedError,
    approve_mass_revocation,
    carry_out_mass_revocation,
    fact_key,
    propose_undo,
    refuse_mass_revocation,
    restore_achievement,
    revoke_achievement,
    withdraw_mass_revocation,
)
from programs.models import Membership, Role
from tests.factories import NOW, MembershipFactory, PartnerFactory, PersonFactory, UserFactory, marked_dirty
from tests.test_achievements.orders import FIRST, LAST, Office

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def test_proposing_changes_nothing(office: Office) -> None:
    office.achieve()

    order = office.propose()

    assert (order.is_open, order.takes().reach()) == (True, (1, 1))
    assert office.standing() == 1


def test_both_days_are_included_and_no_others(office: Office) -> None:
    facts = {on: office.achieve(on=on) for on in (FIRST - DAY, FIRST, LAST, LAST + DAY)}

    order = office.carry_out(office.propose())

    assert (order.achievements, order.people) == (2, 2)
    assert set(Achievement.objects.revoked()) == {facts[FIRST], facts[LAST]}


def test_other_partners_and_programs_keep_theirs(office: Office) -> None:
    taken = office.achieve()
    office.achieve(partner=PartnerFactory(program=office.program), person=taken.person)

    office.carry_out(office.propose())

    assert Achievement.objects.revoked().get() == taken


def test_people_are_counted_once(office: Office) -> None:
    person = PersonFactory(program=office.program)
    for _ in range(3):
        office.achieve(person=person)

    order = office.carry_out(office.propose())

    assert (order.achievements, order.people) == (3, 1)
    assert marked_dirty() == [person.pk]


def test_the_facts_say_why_and_by_which_order(office: Office) -> None:
    fact = office.achieve(region="S", sector="B")

    order = office.carry_out(office.propose())

    made = fact.later_facts.get()
    assert (made.kind, made.turn, made.reason, made.source, made.source_id) == (
        *("revoked", 1, "Wrong results", "mass", order.pk),
    )
    assert (made.person, made.region, made.sector, made.achieved_on) == (fact.person, "S", "B", FIRST)
    assert bytes(made.fact_key) == fact_key("later", fact.pk, 1)


def test_what_is_revoked_already_is_not_taken(office: Office) -> None:
    office.achieve()
    revoke_achievement(office.achieve(), reason="alone", recorded_at=NOW)

    assert office.carry_out(office.propose()).achievements == 1
    assert office.standing() == 0


def test_what_was_restored_can_be_taken_again(office: Office) -> None:
    fact = office.achieve()
    revoke_achievement(fact, reason="alone", recorded_at=NOW)
    restore_achievement(fact, reason="alone", recorded_at=NOW)

    office.carry_out(office.propose())

    assert [later.kind for later in fact.later_facts.order_by("turn")] == ["revoked", "restored", "revoked"]


def test_what_is_recorded_later_is_not_touched(office: Office) -> None:
    office.achieve()
    office.carry_out(office.propose())

    late = office.achieve()

    assert Achievement.objects.standing().get() == late


def test_carrying_out_twice_is_once(office: Office) -> None:
    office.achieve()
    order = office.carry_out(office.propose())

    carry_out_mass_revocation(order.pk, at=NOW + DAY)

    order.refresh_from_db()
    assert order.carried_out_at == NOW
    assert Achievement.objects.count() == 2


@pytest.mark.parametrize("state", ["proposed", "refused"])
def test_what_is_not_approved_is_not_carried_out(office: Office, state: str) -> None:
    office.achieve()
    order = office.propose()
    if state == "refused":
        refuse_mass_revocation(order, refused_by=office.bela, at=NOW)

    carry_out_mass_revocation(order.pk, at=NOW)

    assert office.standing() == 1


def test_who_proposed_it_cannot_approve_it(office: Office) -> None:
    office.achieve()
    order = office.propose()

    with pytest.raises(MassRevocationRefusedError, match="Another person"):
        office.approve(order, by=office.anna)


def test_what_was_proposed_by_somebody_who_lost_the_role_cannot_be_approved(office: Office) -> None:
    office.achieve()
    order = office.propose()
    Membership.objects.filter(user=office.anna).delete()

    with pytest.raises(MassRevocationRefusedError, match="neither a program manager"):
        office.approve(order)


def test_the_approver_approves_the_number_that_is_true_now(office: Office) -> None:
    office.achieve()
    order = office.propose()
    office.achieve()

    with pytest.raises(NumberChangedError, match="not 1 achievements now, but 2 of 2 people"):
        approve_mass_revocation(order, approved_by=office.bela, seen=1, at=NOW)

    assert approve_mass_revocation(order, approved_by=office.bela, seen=2, at=NOW).approved == 2


def test_nothing_is_approved_where_nothing_is_left(office: Office) -> None:
    fact = office.achieve()
    order = office.propose()
    revoke_achievement(fact, reason="alone", recorded_at=NOW)

    with pytest.raises(MassRevocationRefusedError, match="Nothing"):
        office.approve(order)


def test_deciding_twice_is_once_and_nobody_decides_otherwise(office: Office) -> None:
    office.achieve()
    order = office.propose()
    first = refuse_mass_revocation(order, refused_by=office.bela, at=NOW)

    assert refuse_mass_revocation(order, refused_by=office.bela, at=NOW + DAY).decided_at == first.decided_at
    with pytest.raises(MassRevocationRefusedError, match="has decided already: refused"):
        office.approve(order)
    with pytest.raises(MassRevocationRefusedError, match="has decided already"):
        withdraw_mass_revocation(order, withdrawn_by=office.anna, at=NOW)


def test_only_who_proposed_it_withdraws_it(office: Office) -> None:
    office.achieve()
    order = office.propose()

    with pytest.raises(MassRevocationRefusedError, match="Refuse it"):
        withdraw_mass_revocation(order, withdrawn_by=office.bela, at=NOW)
    with pytest.raises(MassRevocationRefusedError, match="Withdraw it"):
        refuse_mass_revocation(order, refused_by=office.anna, at=NOW)
    assert withdraw_mass_revocation(order, withdrawn_by=office.anna, at=NOW).decision == "withdrawn"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"first_on": LAST, "last_on": FIRST}, "last_on"),
        ({"last_on": date(2026, 11, 23)}, "last_on"),
        ({"reason": " \n"}, "reason"),
        ({"first_on": date(2020, 1, 1), "last_on": date(2020, 1, 1)}, None),
    ],
)
def test_what_makes_no_sense_is_refused(office: Office, changes: dict[str, Any], field: str | None) -> None:
    office.achieve()

    with pytest.raises(MassRevocationRefusedError) as refusal:
        office.propose(**changes)

    assert refusal.value.field == field
    assert not MassRevocation.objects.exists()


def test_another_programs_partner_is_refused(office: Office) -> None:
    with pytest.raises(MassRevocationRefusedError, match="is no partner of"):
        office.propose(partner=PartnerFactory())


@pytest.mark.parametrize("role", [None, Role.MINISTRY, Role.LEARNER])
def test_nobody_else_orders_or_decides(office: Office, role: str | None) -> None:
    office.achieve()
    user: User = UserFactory()
    if role:
        MembershipFactory(program=office.program, user=user, role=role)

    with pytest.raises(MassRevocationRefusedError, match="neither a program manager"):
        office.propose(proposed_by=user)
    order = office.propose()
    with pytest.raises(MassRevocationRefusedError, match="neither a program manager"):
        office.approve(order, by=user)


def test_a_manager_of_another_program_or_one_who_left_decides_nothing(office: Office) -> None:
    office.achieve()
    order = office.propose()
    elsewhere = MembershipFactory(role=Role.PROGRAM_MANAGER).user
    office.bela.is_active = False
    office.bela.save()

    for user in (elsewhere, office.bela):
        with pytest.raises(MassRevocationRefusedError, match="neither a program manager"):
            office.approve(order, by=user)


def test_an_operator_may_decide(office: Office) -> None:
    office.achieve()

    assert office.approve(office.propose(), by=UserFactory(is_staff=True, is_superuser=True)).decision == "approved"


def test_proposing_the_same_again_answers_the_first_while_it_is_open(office: Office) -> None:
    office.achieve()
    first = office.propose()

    assert office.propose(reason="Another reason") == first
    with pytest.raises(MassRevocationRefusedError, match=f"decide on number {first.pk}"):
        office.propose(proposed_by=office.bela)
    withdraw_mass_revocation(first, withdrawn_by=office.anna, at=NOW)
    assert office.propose() != first


def test_an_undo_restores_exactly_what_the_order_revoked(office: Office) -> None:
    alone, taken = office.achieve(), office.achieve()
    revoke_achievement(alone, reason="alone", recorded_at=NOW)
    order = office.carry_out(office.propose())

    undo = office.carry_out_undo(order)

    assert (undo.achievements, undo.people) == (1, 1)
    assert Achievement.objects.standing().get() == taken
    assert [(later.kind, later.reason) for later in taken.later_facts.order_by("turn")] == [
        ("revoked", "Wrong results"),
        ("restored", "They were right"),
    ]


def test_an_undo_leaves_what_was_changed_since_then(office: Office) -> None:
    fact, _ = office.achieve(), office.achieve()
    order = office.carry_out(office.propose())
    for change in (restore_achievement, revoke_achievement):
        change(fact, reason="alone", recorded_at=NOW)

    assert office.carry_out_undo(order).achievements == 1
    assert Achievement.objects.revoked().get() == fact


def test_an_undo_leaves_what_another_order_revoked(office: Office) -> None:
    first, second = office.achieve(on=FIRST), office.achieve(on=LAST)
    office.carry_out(office.propose(last_on=FIRST))
    order = office.carry_out(office.propose())

    assert office.carry_out_undo(order).achievements == 1
    assert (Achievement.objects.revoked().get(), Achievement.objects.standing().get()) == (first, second)


def test_an_undo_needs_two_people_too(office: Office) -> None:
    office.achieve()
    undo = office.undo(office.carry_out(office.propose()))

    with pytest.raises(MassRevocationRefusedError, match="Another person"):
        office.approve(undo, by=office.bela)
    assert office.standing() == 0


def test_an_order_is_undone_once(office: Office) -> None:
    office.achieve()
    order = office.carry_out(office.propose())
    first = office.undo(order)

    assert office.undo(order) == first
    with pytest.raises(MassRevocationRefusedError, match=f"decide on number {first.pk}"):
        propose_undo(order, reason="x", proposed_by=office.anna, at=NOW)
    withdraw_mass_revocation(first, withdrawn_by=office.bela, at=NOW)
    second = office.carry_out_undo(order)
    with pytest.raises(MassRevocationRefusedError, match=f"undone already: see number {second.pk}"):
        office.undo(order)


def test_only_what_was_carried_out_is_undone_and_never_an_undo(office: Office) -> None:
    office.achieve()
    order = office.propose()

    with pytest.raises(MassRevocationRefusedError, match="was carried out"):
        office.undo(order)
    undo = office.carry_out_undo(office.carry_out(order))
    with pytest.raises(MassRevocationRefusedError, match="was carried out"):
        office.undo(undo)


def test_an_undo_says_why_and_has_something_to_restore(office: Office) -> None:
    fact = office.achieve()
    order = office.carry_out(office.propose())

    with pytest.raises(MassRevocationRefusedError, match="Say why"):
        office.undo(order, reason=" ")
    restore_achievement(fact, reason="alone", recorded_at=NOW)
    with pytest.raises(MassRevocationRefusedError, match="Nothing is left"):
        office.undo(order)


def test_after_an_undo_the_same_period_can_be_revoked_again(office: Office) -> None:
    office.achieve()
    office.carry_out_undo(office.carry_out(office.propose()))

    assert office.carry_out(office.propose()).achievements == 1
    assert office.standing() == 0


def test_the_orders_of_a_program_say_which_were_undone(office: Office) -> None:
    office.achieve()
    undone = office.carry_out(office.propose())
    office.carry_out_undo(undone)

    assert MassRevocation.objects.of(office.program).get(Q(is_undone=True)) == undone
