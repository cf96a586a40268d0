"""A statement that is voided brings nothing, whenever that is said; and what it has brought is taken back once."""

from typing import Any

import pytest
from django.utils import timezone

from courses.achievements.models import Achievement
from courses.achievements.operations import restore_achievement, revoke_achievement
from courses.returns.models import Group, HeldRow, Return
from courses.returns.operations import (
    dismiss_rows,
    load_waiting_returns,
    release_rows,
    release_waiting_rows,
    undo_quarantine_decision,
)
from courses.statements.models import Voiding
from courses.statements.operations import carry_out_voidings, report_waiting_statements
from tests.factories import MembershipFactory, PartnerFactory, UserFactory, marked_dirty
from tests.test_achievements.orders import office_of
from tests.test_statement_achievements.academy import Academy, counts, passed, said
from tests.test_statement_achievements.others import another_connection_loads
from tests.test_statements.lms import LearningSystem, new_id, voiding

IN_MARCH = "2026-03-01T10:00:00Z"
UNKNOWN = {"id": "https://academy.example/courses/cooking"}
FLAGGED = {"name": "Test", "account": {"homePage": "https://academy.example", "name": "someone"}}


def test_voiding_revokes_what_the_statement_brought(academy: Academy) -> None:
    first, _ = academy.send(passed("anna"), passed("ben"))
    academy.send(voiding(first))
    assert len(academy.standing()) == 1
    later = Achievement.objects.get(kind=Achievement.Kind.REVOKED)
    assert later.reason == "Its statement was voided by the partner"
    assert marked_dirty().count(later.person_id) == 2
    sent = Return.objects.get()
    assert counts(sent) == (2, 2, 0, 0)
    assert sent.recorded_at == later.recorded_at


def test_voiding_takes_back_that_statement_alone(academy: Academy) -> None:
    first, *_ = academy.send(passed(), passed(), said("completed"))
    academy.send(voiding(first))
    assert len(academy.standing()) == 2


@pytest.mark.parametrize("order", ["before", "after"])
def test_a_statement_that_was_voided_before_it_was_taken_is_no_row(academy: Academy, order: str) -> None:
    statement = passed(id=new_id())
    pair = [statement, voiding(statement["id"])]
    for each in pair if order == "after" else pair[::-1]:
        academy.store(each)
    academy.work()
    assert not Return.objects.exists()
    assert not Voiding.objects.exists()


def test_a_voiding_that_was_taken_before_its_statement_came_still_holds(academy: Academy) -> None:
    number = new_id()
    academy.send(voiding(number))
    academy.send(passed(id=number), passed("ben"))
    assert counts(academy.last()) == (1, 1, 0, 0)


def test_voiding_while_the_return_waits_to_be_loaded(academy: Academy) -> None:
    number = academy.store(passed())[0]
    report_waiting_statements(at=academy.moment())
    academy.store(voiding(number))
    report_waiting_statements(at=academy.moment())
    carry_out_voidings(at=academy.moment())
    assert Voiding.objects.get().carried_out_at is None
    academy.work()
    assert academy.standing() == []
    assert academy.changes() == ["revoked"]


def test_voiding_twice_revokes_once(academy: Academy) -> None:
    number = academy.send(passed())[0]
    for _ in range(2):
        academy.send(voiding(number), voiding(number))
        academy.work()
    assert academy.changes() == ["revoked"]
    assert Voiding.objects.count() == 1


def test_what_was_revoked_before_is_not_revoked_again(academy: Academy) -> None:
    number = academy.send(passed())[0]
    revoke_achievement(Achievement.objects.get(), reason="wrong", recorded_at=timezone.now())
    academy.send(voiding(number))
    assert academy.changes() == ["revoked"]
    assert Voiding.objects.get().carried_out_at


def test_a_restoration_by_hand_stands(academy: Academy) -> None:
    number = academy.send(passed())[0]
    academy.send(voiding(number))
    restore_achievement(Achievement.objects.get(kind="achieved"), reason="asked them", recorded_at=timezone.now())
    academy.work()
    assert len(academy.standing()) == 1


def test_the_undo_of_a_mass_revocation_does_not_bring_it_back(academy: Academy) -> None:
    number, _ = academy.send(passed("anna", timestamp=IN_MARCH), passed("ben", timestamp=IN_MARCH))
    office = office_of(academy.partner)
    order = office.carry_out(office.propose())
    assert academy.standing() == []
    academy.send(voiding(number))
    assert academy.standing() == []
    office.carry_out_undo(order)
    assert len(academy.standing()) == 1


def test_voiding_what_failed_changes_nothing(academy: Academy) -> None:
    number = academy.send(said("failed"), passed())[0]
    academy.send(voiding(number))
    assert academy.changes() == []
    assert Voiding.objects.get().carried_out_at


def test_voiding_what_is_no_row_changes_nothing(academy: Academy) -> None:
    number, _ = academy.send(said("experienced"), passed())
    academy.send(voiding(number))
    assert not Voiding.objects.exists()
    assert len(academy.standing()) == 1


def test_a_row_in_quarantine_leaves(academy: Academy) -> None:
    number, *_ = academy.send(passed(object=UNKNOWN), passed("ben", object=UNKNOWN), passed())
    assert counts(academy.last()) == (3, 1, 0, 2)
    academy.send(voiding(number))
    assert counts(academy.last()) == (2, 1, 0, 1)
    assert [row.number for row in academy.last().held_rows.all()] == [2]


def flagged(academy: Academy) -> tuple[str, Group]:
    number = academy.send(passed(actor=FLAGGED))[0]
    row = HeldRow.objects.get()
    return number, Group(academy.partner.pk, row.rule, row.group, row.also)


def decide(academy: Academy, decision: Any, group: Group) -> Any:
    user = UserFactory.create()
    MembershipFactory.create(program=academy.program, user=user)
    return decision(academy.program, group, because="asked", at=timezone.now(), by=user)


def test_a_row_that_waits_for_a_decision_leaves(academy: Academy) -> None:
    number, _ = flagged(academy)
    academy.send(voiding(number))
    assert counts(academy.last()) == (0, 0, 0, 0)
    assert not HeldRow.objects.exists()


def test_a_row_that_was_dismissed_leaves(academy: Academy) -> None:
    number, group = flagged(academy)
    decide(academy, dismiss_rows, group)
    academy.send(voiding(number))
    assert counts(academy.last()) == (0, 0, 0, 0)


def test_what_was_released_is_revoked_and_cannot_come_back(academy: Academy) -> None:
    number, group = flagged(academy)
    decided = decide(academy, release_rows, group)
    release_waiting_rows(at=timezone.now())
    assert (len(academy.standing()), counts(academy.last())) == (1, (1, 1, 0, 0))
    academy.send(voiding(number))
    assert (academy.standing(), counts(academy.last())) == ([], (1, 1, 0, 0))
    with pytest.raises(Exception, match="Nothing of this decision is left to undo"):
        undo_quarantine_decision(decided, because="no", at=timezone.now(), by=decided.decided_by)


def test_voiding_before_a_release_is_carried_out_keeps_the_row_out(academy: Academy) -> None:
    number, group = flagged(academy)
    decide(academy, release_rows, group)
    academy.send(voiding(number))
    release_waiting_rows(at=timezone.now())
    assert (academy.standing(), counts(academy.last())) == ([], (0, 0, 0, 0))


def test_a_new_statement_counts_after_a_voided_one(academy: Academy) -> None:
    number = academy.send(passed(timestamp="2026-03-01T10:00:00Z"))[0]
    academy.send(voiding(number), passed(timestamp="2026-02-01T10:00:00Z"))
    assert len(academy.standing()) == 1
    assert Achievement.objects.standing().get().achieved_on.month == 2


def test_a_partner_voids_nothing_of_another(academy: Academy) -> None:
    number = academy.send(passed())[0]
    other = PartnerFactory.create(program=academy.program)
    elsewhere = Academy(academy.program, other, LearningSystem.of(other))
    elsewhere.send(passed(id=number))
    elsewhere.send(voiding(number))
    assert [fact.partner for fact in Achievement.objects.standing()] == [academy.partner]


def test_voidings_wait_while_a_return_of_the_partner_is_loaded(academy: Academy) -> None:
    number = academy.send(passed())[0]
    academy.store(voiding(number))
    report_waiting_statements(at=academy.moment())
    with another_connection_loads(academy.partner):
        carry_out_voidings(at=academy.moment())
        assert academy.changes() == []
    carry_out_voidings(at=academy.moment())
    assert academy.changes() == ["revoked"]
    load_waiting_returns(at=academy.moment())
