"""What people decide of flagged rows: released, dismissed, undone; twice is once, and the sums always add up."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from accounts.models import User
from courses.achievements.models import Achievement
from courses.returns.models import HeldRow, Piece, QuarantineDecision, Return
from courses.returns.operations import (
    QuarantineRefusedError,
    dismiss_rows,
    forget_cells,
    forget_decided_cells,
    forget_faulty_cells,
    release_rows,
    release_waiting_rows,
    undo_quarantine_decision,
)
from courses.returns.rejected import rejected_csv
from courses.returns.tasks import release_waiting_rows as release_waiting_rows_task
from people.models import Person
from tests.factories import NOW, PartnerFactory, UserFactory, marked_dirty
from tests.test_returns.anomaly_world import academy_of, file_of_lines, line
from tests.test_returns.decisions import (
    LATER,
    WHY,
    fresh,
    group_of,
    manager_of,
    send_shared,
    shared_file,
    standing,
    states,
)
from tests.test_returns.school import School, counts


def test_released_rows_go_in_under_their_own_return_and_numbers(academy: School, alice: User) -> None:
    sent, group = send_shared(academy)
    assert counts(sent) == (4, 1, 0, 3)
    made = release_rows(academy.program, group, because=WHY, at=LATER, by=alice)
    assert (made.rows, made.because, made.decided_by, states(sent)) == (3, WHY, alice, ["releasing"] * 3)
    release_waiting_rows(at=LATER)
    assert counts(fresh(sent)) == (4, 4, 0, 0)
    assert fresh(sent).facts == {"3": 4}
    assert states(sent) == ["released"] * 3
    rows = Achievement.objects.filter(source_id=sent.pk).order_by("source_row")
    assert list(rows.values_list("source_row", flat=True)) == [2, 3, 4, 5]
    assert set(Person.objects.values_list("pk", flat=True)) <= set(marked_dirty())


def test_releasing_twice_is_releasing_once(academy: School, alice: User) -> None:
    sent, group = send_shared(academy)
    first = release_rows(academy.program, group, because=WHY, at=LATER, by=alice)
    release_waiting_rows(at=LATER)
    assert release_rows(academy.program, group, because=WHY, at=LATER, by=alice) == first
    for _ in range(2):
        release_waiting_rows_task()
    assert counts(fresh(sent)) == (4, 4, 0, 0)
    assert Achievement.objects.count() == 4


def test_one_row_of_a_group_can_be_released_alone(academy: School, alice: User) -> None:
    sent, group = send_shared(academy)
    release_rows(academy.program, group, because=WHY, at=LATER, by=alice, row=sent.held_rows.get(number=3))
    release_waiting_rows(at=LATER)
    assert states(sent) == ["waiting", "released", "waiting"]
    assert counts(fresh(sent)) == (4, 2, 0, 2)


def test_a_group_spans_the_returns_of_a_partner(academy: School, alice: User) -> None:
    first, group = send_shared(academy)
    second = academy.send(file_of_lines([line("C", account="GB01"), line("D", account="GB01")]))
    assert group_of(second) == group
    assert release_rows(academy.program, group, because=WHY, at=LATER, by=alice).rows == 5
    release_waiting_rows(at=LATER)
    assert [counts(fresh(sent)) for sent in (first, second)] == [(4, 4, 0, 0), (2, 2, 0, 0)]


def test_a_row_that_came_twice_is_taken_once(academy: School, alice: User) -> None:
    first, group = send_shared(academy)
    second, _ = send_shared(academy)
    release_rows(academy.program, group, because=WHY, at=LATER, by=alice)
    release_waiting_rows(at=LATER)
    assert [counts(fresh(sent)) for sent in (first, second)] == [(4, 4, 0, 0), (4, 0, 4, 0)]
    assert states(second) == ["known"] * 3


def test_a_released_row_with_a_fault_by_now_is_faulty(academy: School, alice: User) -> None:
    sent, group = send_shared(academy)
    definition = dict(academy.profile.definition)
    definition["result"] = {"column": "result", "values": {"Absent": "none"}}
    type(academy.profile).objects.update(definition=definition)
    release_rows(academy.program, group, because=WHY, at=LATER, by=alice)
    release_waiting_rows(at=LATER)
    assert counts(fresh(sent)) == (4, 1, 0, 3)
    assert set(sent.held_rows.values_list("state", "reason", "rule")) == {("faulty", "unknown result", "")}


def test_the_cells_of_faulty_rows_go_after_ninety_days_and_those_that_wait_stay(academy: School) -> None:
    sent = academy.send(file_of_lines([line("A", result="Won"), line("B", name="TEST")]))
    assert forget_faulty_cells(at=NOW + timedelta(days=89)) == 0
    assert [forget_cells(at=NOW + timedelta(days=90)) for _ in range(2)] == [1, 0]
    kept = sent.held_rows.in_file_order().values_list("state", "reason", "sealed")
    assert [(state, sealed is None) for state, _, sealed in kept] == [("faulty", True), ("waiting", False)]
    assert b"no longer kept" in b"".join(rejected_csv(sent))


def test_dismissed_rows_stay_out_and_their_cells_go_after_thirty_days(academy: School, alice: User) -> None:
    sent, group = send_shared(academy)
    made = dismiss_rows(academy.program, group, because="invented", at=LATER, by=alice)
    assert dismiss_rows(academy.program, group, because="invented", at=LATER, by=alice) == made
    assert states(sent) == ["dismissed"] * 3
    assert counts(fresh(sent)) == (4, 1, 0, 3)
    assert forget_decided_cells(at=LATER + timedelta(days=29)) == 0
    assert [forget_decided_cells(at=LATER + timedelta(days=30)) for _ in range(2)] == [3, 0]
    with pytest.raises(QuarantineRefusedError, match="let go"):
        undo_quarantine_decision(made, because="oh", at=LATER, by=alice)


def test_undoing_a_dismissal_lets_the_rows_wait_again(academy: School, alice: User) -> None:
    sent, group = send_shared(academy)
    made = dismiss_rows(academy.program, group, because="invented", at=LATER, by=alice)
    undone = undo_quarantine_decision(made, because="they exist", at=LATER, by=alice)
    assert undo_quarantine_decision(made, because="they exist", at=LATER, by=alice) == undone
    assert states(sent) == ["waiting"] * 3
    assert not QuarantineDecision.objects.standing().exists()


def test_undoing_a_release_revokes_its_facts_and_releasing_again_restores_them(academy: School, alice: User) -> None:
    sent, group = send_shared(academy)
    for turn in range(3):
        made = release_rows(academy.program, group, because=f"{WHY} {turn}", at=LATER, by=alice)
        release_waiting_rows(at=LATER)
        assert (counts(fresh(sent)), fresh(sent).facts, standing(academy)) == ((4, 4, 0, 0), {"3": 4}, 4)
        undo_quarantine_decision(made, because="a mistake", at=LATER, by=alice)
        assert (counts(fresh(sent)), fresh(sent).facts, standing(academy)) == ((4, 1, 0, 3), {"3": 1}, 1)
    revoked = Achievement.objects.filter(kind="revoked").order_by("-pk").first()
    assert revoked
    assert revoked.reason.startswith("A release from quarantine was undone (decision ")
    assert Achievement.objects.filter(kind="achieved").count() == 4


def test_a_release_can_be_undone_before_a_worker_came(academy: School, alice: User) -> None:
    sent, group = send_shared(academy)
    made = release_rows(academy.program, group, because=WHY, at=LATER, by=alice)
    undo_quarantine_decision(made, because="a slip", at=LATER, by=alice)
    release_waiting_rows(at=LATER)
    assert counts(fresh(sent)) == (4, 1, 0, 3)


def test_what_was_decided_otherwise_is_refused(academy: School, alice: User) -> None:
    _, group = send_shared(academy)
    made = dismiss_rows(academy.program, group, because="invented", at=LATER, by=alice)
    with pytest.raises(QuarantineRefusedError, match="Undo that first"):
        release_rows(academy.program, group, because=WHY, at=LATER, by=alice)
    undone = undo_quarantine_decision(made, because="oh", at=LATER, by=alice)
    with pytest.raises(QuarantineRefusedError, match="Nothing"):
        undo_quarantine_decision(undone, because="oh", at=LATER, by=alice)


def test_outsiders_and_reasons_that_are_missing_are_refused(academy: School, alice: User) -> None:
    _, group = send_shared(academy)
    with pytest.raises(QuarantineRefusedError, match="no program manager"):
        release_rows(academy.program, group, because=WHY, at=LATER, by=UserFactory.create())
    with pytest.raises(QuarantineRefusedError, match="Say why"):
        dismiss_rows(academy.program, group, because="  ", at=LATER, by=alice)
    other = manager_of(academy_of(PartnerFactory()))
    with pytest.raises(QuarantineRefusedError, match="no program manager"):
        dismiss_rows(academy.program, group, because="mine", at=LATER, by=other)


def test_rows_read_by_other_columns_are_not_released(academy: School, alice: User) -> None:
    sent, group = send_shared(academy)
    Return.objects.filter(pk=sent.pk).update(columns=[])
    with pytest.raises(QuarantineRefusedError, match="columns"):
        release_rows(academy.program, group, because=WHY, at=LATER, by=alice)


def test_rows_of_a_dry_run_cannot_be_decided(academy: School, alice: User) -> None:
    tried = academy.send(shared_file(), is_trial=True)
    with pytest.raises(QuarantineRefusedError, match="No row"):
        dismiss_rows(academy.program, group_of(tried), because=WHY, at=LATER, by=alice)


def test_the_file_itself_is_not_kept_for_a_release(academy: School, alice: User) -> None:
    _, group = send_shared(academy)
    assert not Piece.objects.exists()
    release_rows(academy.program, group, because=WHY, at=LATER, by=alice)
    release_waiting_rows(at=LATER)
    assert standing(academy) == 4


@pytest.mark.parametrize(
    "change", [{"state": "waiting", "rule": ""}, {"state": "released"}, {"state": "dismissed"}, {"state": "lost"}]
)
def test_the_database_refuses_a_row_that_cannot_be(academy: School, change: dict[str, str]) -> None:
    sent, _ = send_shared(academy)
    with pytest.raises(DatabaseError), transaction.atomic():
        HeldRow.objects.filter(of_return=sent).update(**change)


def test_decisions_are_only_ever_added(academy: School, alice: User) -> None:
    _, group = send_shared(academy)
    dismiss_rows(academy.program, group, because=WHY, at=LATER, by=alice)
    for change in (QuarantineDecision.objects.all().delete, lambda: QuarantineDecision.objects.update(because="x")):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
