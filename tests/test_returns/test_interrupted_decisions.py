"""Releases that fail or are cut off, and people who decide at one moment."""

import threading

import pytest
from django.db import OperationalError, connection

from accounts.models import User
from courses.achievements.models import Achievement
from courses.returns.models import QuarantineDecision
from courses.returns.operations import (
    QuarantineRefusedError,
    dismiss_rows,
    loading,
    release_rows,
    release_waiting_rows,
    undo_quarantine_decision,
)
from tests.factories import PartnerFactory
from tests.test_returns.anomaly_world import academy_of, file_of_lines, line
from tests.test_returns.decisions import (
    LATER,
    WHY,
    fresh,
    manager_of,
    send_shared,
    standing,
    states,
)
from tests.test_returns.school import School, counts


def test_a_failure_of_our_own_lets_the_rows_wait_again(academy: School, alice: User) -> None:
    sent, group = send_shared(academy)
    release_rows(academy.program, group, because=WHY, at=LATER, by=alice)
    sent.held_rows.update(sealed=b"not what was sealed under any key")
    release_waiting_rows(at=LATER)
    assert states(sent) == ["waiting"] * 3
    assert counts(fresh(sent)) == (4, 1, 0, 3)


def fail_at_row(number: int) -> None:
    """Makes our own software fail when the fact of this row is recorded."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'failed'; END $$;"
            "CREATE TRIGGER fail BEFORE INSERT ON achievements_achievement FOR EACH ROW"
            f" WHEN (NEW.source_row = {number} AND NEW.kind = 'achieved') EXECUTE FUNCTION fail()"
        )


def mend() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER fail ON achievements_achievement; DROP FUNCTION fail")


def test_what_a_failed_release_has_booked_is_released_and_only_the_rest_waits_again(
    academy: School, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "CHUNK", 2)
    sent, group = send_shared(academy, 5)
    release_rows(academy.program, group, because=WHY, at=LATER, by=alice)
    fail_at_row(5)
    release_waiting_rows(at=LATER)

    assert states(sent) == ["released"] * 3 + ["waiting"] * 2
    assert (counts(fresh(sent)), standing(academy)) == ((6, 4, 0, 2), 4)
    assert sum(fresh(sent).facts.values()) == 4
    mend()
    dismiss_rows(academy.program, group, because="invented", at=LATER, by=alice)
    assert (states(sent), standing(academy)) == (["released"] * 3 + ["dismissed"] * 2, 4)


def test_what_an_undone_release_brought_waits_when_the_next_release_fails(
    academy: School, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent, group = send_shared(academy)
    made = release_rows(academy.program, group, because=WHY, at=LATER, by=alice)
    release_waiting_rows(at=LATER)
    undo_quarantine_decision(made, because="invented", at=LATER, by=alice)
    release_rows(academy.program, group, because=WHY, at=LATER, by=alice)
    sent.held_rows.update(sealed=b"not what was sealed under any key")
    release_waiting_rows(at=LATER)

    assert (states(sent), standing(academy)) == (["waiting"] * 3, 1)
    assert counts(fresh(sent)) == (4, 1, 0, 3)


def test_a_return_refused_half_way_shows_and_counts_what_was_taken(
    academy: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "CHUNK", 2)
    fail_at_row(5)
    content = file_of_lines(line(f"A{number}") for number in range(5))
    sent = academy.send(content)

    assert (sent.status, counts(sent), standing(academy)) == ("refused", (3, 3, 0, 0), 3)
    assert "3 of its rows were taken and count" in sent.refusal
    assert sent.facts == {"3": 3}
    mend()
    assert counts(academy.send(content)) == (5, 2, 3, 0)


def test_a_release_that_was_cut_off_goes_on(academy: School, alice: User) -> None:
    """The database goes away behind the facts and before the rows are counted."""
    sent, group = send_shared(academy)
    release_rows(academy.program, group, because=WHY, at=LATER, by=alice)
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION go_away() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION 'gone' USING ERRCODE = 'admin_shutdown'; END $$;"
            "CREATE TRIGGER go_away BEFORE UPDATE ON returns_heldrow FOR EACH STATEMENT EXECUTE FUNCTION go_away()"
        )
    with pytest.raises(OperationalError):
        release_waiting_rows(at=LATER)
    assert (Achievement.objects.count(), states(sent)) == (4, ["releasing"] * 3)
    assert counts(fresh(sent)) == (4, 1, 0, 3)
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER go_away ON returns_heldrow")
    release_waiting_rows(at=LATER)
    assert (counts(fresh(sent)), Achievement.objects.count()) == ((4, 4, 0, 0), 4)


@pytest.mark.django_db(transaction=True)
def test_deciders_at_one_moment_make_one_decision() -> None:
    academy = academy_of(PartnerFactory())
    sent, group = send_shared(academy, 40)
    users = [manager_of(academy) for _ in range(6)]
    answers: list[str] = []

    def decide(place: int) -> None:
        operation = release_rows if place % 2 else dismiss_rows
        try:
            made = operation(academy.program, group, because=WHY, at=LATER, by=users[place])
            answers.append(made.verdict)
        except QuarantineRefusedError:
            answers.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=decide, args=(place,)) for place in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    decision = QuarantineDecision.objects.get()
    assert decision.rows == 40
    assert answers.count("refused") == 3 == answers.count(decision.verdict)
    assert set(states(sent)) == {"releasing" if decision.verdict == "release" else "dismissed"}


@pytest.mark.django_db(transaction=True)
def test_a_release_cannot_be_undone_while_it_is_taken_in() -> None:
    from courses.returns.operations.loading import locked_partner

    academy = academy_of(PartnerFactory())
    alice = manager_of(academy)
    _, group = send_shared(academy)
    made = release_rows(academy.program, group, because=WHY, at=LATER, by=alice)
    refusals: list[str] = []

    def undo() -> None:
        try:
            undo_quarantine_decision(made, because="stop", at=LATER, by=alice)
        except QuarantineRefusedError as refusal:
            refusals.append(str(refusal))
        finally:
            connection.close()

    with locked_partner(academy.partner.pk, wait=True):
        thread = threading.Thread(target=undo)
        thread.start()
        thread.join()
    assert "just now" in refusals[0]
