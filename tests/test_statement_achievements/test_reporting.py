"""Statements become rows of a return, and achievements like those of any file."""

from datetime import date, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from courses.achievements.models import Achievement
from courses.returns.models import Piece, Return
from courses.returns.operations import load_profile, load_return_now
from courses.returns.profiles import parsed
from courses.statements.models import ENOUGH, PAUSE, Arrival
from courses.statements.operations import report_statements, report_waiting_statements
from courses.statements.tasks import report_waiting_statements as task
from people.models import Identity, Particulars, Person
from programs.models import Evidence, Role
from tests.factories import MembershipFactory, PartnerFactory, marked_dirty
from tests.test_statement_achievements.academy import OWN, Academy, academy_of, counts, learner, passed, said
from tests.test_statements.lms import BEN, COURSE, TEAM, full, new_id, reference_to, small

COMPLETED, ASSESSED = Evidence.COMPLETED, Evidence.ASSESSED


def test_a_passed_course_is_an_achievement(academy: Academy) -> None:
    academy.send(passed(timestamp="2026-03-01T10:00:00Z"))
    fact = Achievement.objects.get()
    assert (fact.course.code, fact.evidence, fact.partner) == ("first-steps", ASSESSED, academy.partner)
    assert (fact.achieved_on, fact.source, fact.source_id) == (date(2026, 3, 1), "return", academy.last().pk)
    assert marked_dirty() == [fact.person_id]
    assert counts(academy.last()) == (1, 1, 0, 0)
    assert academy.last().file_name.startswith("xAPI statements, 20")


def test_completed_and_passed_are_two_facts(academy: Academy) -> None:
    academy.send(said("completed"), said("passed"))
    assert academy.standing() == [("first-steps", COMPLETED), ("first-steps", ASSESSED)]
    assert Person.objects.count() == 1


@pytest.mark.parametrize("words", [("failed", "passed"), ("passed", "failed")])
def test_who_failed_once_and_passed_once_has_passed(academy: Academy, words: tuple[str, str]) -> None:
    for word in words:
        academy.send(said(word))
    assert academy.standing() == [("first-steps", ASSESSED)]
    assert sum(sent.accepted for sent in Return.objects.all()) == 2


def test_passing_twice_is_no_contradiction(academy: Academy) -> None:
    academy.send(passed(timestamp="2026-03-01T10:00:00Z"), passed(timestamp="2026-04-01T10:00:00Z"))
    assert counts(academy.last()) == (2, 2, 0, 0)
    assert Person.objects.count() == 1


def test_the_day_is_that_of_the_programs_time_zone(academy: Academy) -> None:
    academy.send(
        passed(timestamp="2026-03-01T23:30:00.123456789Z"),  # the second of March in Vienna
        passed(timestamp="2026-06-01T01:30:00+05:00"),
        passed(timestamp="2026-07-01T23:30:00"),  # xAPI 1.0.3 lets the zone be missing: UTC
    )
    assert [fact.achieved_on for fact in Achievement.objects.order_by("achieved_on")] == [
        date(2026, 3, 2), date(2026, 5, 31), date(2026, 7, 2),
    ]  # fmt: skip


def test_a_statement_without_a_moment_has_that_of_its_storing(academy: Academy) -> None:
    academy.send(passed())
    assert abs(Achievement.objects.get().achieved_on - timezone.localdate()) <= timedelta(days=1)


def test_learners_are_known_by_account_or_mailbox(academy: Academy) -> None:
    ben = {"name": "Ben", "mbox": "mailto:ben@mine.ruritania"}
    academy.send(passed("anna"), passed(actor=ben), passed("Anna"), passed(actor=ben))
    assert Person.objects.count() == 2
    assert set(Identity.objects.values_list("scheme", flat=True)) == {"partner:academy"}
    known = Particulars.objects.exclude(name="").get()
    assert (known.name, known.email is not None) == ("Ben", True)


def test_another_partners_learner_of_that_name_is_somebody_else(academy: Academy) -> None:
    other = PartnerFactory.create(program=academy.program)
    academy.send(passed())
    Academy(academy.program, other, type(academy.lms).of(other)).send(passed())
    assert Person.objects.count() == 2


@pytest.mark.parametrize(
    "statement",
    [said("experienced"), small(verb={"id": "https://other.example/passed"}), small(verb={"id": "a:completed"})],
)
def test_other_verbs_are_no_rows_and_no_faults(academy: Academy, statement: dict[str, Any]) -> None:
    academy.send(statement)
    assert not Return.objects.exists()
    assert not Arrival.objects.waiting().exists()
    academy.send(statement, passed(), statement)
    assert counts(academy.last()) == (1, 1, 0, 0)


@pytest.mark.parametrize(
    ("statement", "column", "reason"),
    [
        (passed(object={"id": "https://academy.example/courses/cooking"}), "activity", "unknown course"),
        (passed(actor=TEAM), "learner", "the person's identifier is missing"),
        (passed(object=BEN), "activity", "the course is missing"),
        (reference_to(new_id(), verb=said("passed")["verb"]), "activity", "the course is missing"),
        (passed(timestamp="2126-01-01T00:00:00Z"), "timestamp", "the day lies in the future"),
        (passed(timestamp="1066-10-14T09:00:00Z"), "timestamp", "the day lies before 1900"),
        (passed("x" * 201), "learner", "does not look like a number"),
    ],
)
def test_what_is_at_fault_lies_in_quarantine(
    academy: Academy, statement: dict[str, Any], column: str, reason: str
) -> None:
    academy.send(passed(), statement)
    assert counts(academy.last()) == (2, 1, 0, 1)
    held = academy.last().held_rows.get()
    assert (held.number, held.column, held.reason) == (2, column, reason)


def test_a_statement_that_is_too_long_lies_in_quarantine(academy: Academy) -> None:
    long = full(verb=said("passed")["verb"], object={"id": COURSE, "definition": {"name": {"en": "x" * 300_000}}})
    academy.send(passed(), long)
    assert counts(academy.last()) == (2, 1, 0, 1)
    assert "is longer than 65,536 characters" in academy.last().held_rows.get().reason


def test_the_same_statement_again_changes_nothing(academy: Academy) -> None:
    statement = passed(id=new_id())
    for _ in range(3):
        academy.send(statement)
    assert Return.objects.count() == Achievement.objects.count() == 1


@pytest.mark.django_db
def test_without_a_profile_statements_wait_for_one() -> None:
    other = academy_of(PartnerFactory.create(code="academy"), sources=[])
    other.send(passed())
    assert not Return.objects.exists()
    assert report_statements(other.partner, at=other.moment()) == 0
    load_profile(parsed(OWN), other.program)
    other.work()
    assert other.standing() == [("first-steps", ASSESSED)]


def test_a_partners_own_profile_comes_before_the_standard(academy: Academy) -> None:
    own = OWN.replace('"activity"', '"object.id"\nvalues = { "urn:9" = "first-steps" }')
    load_profile(parsed(own), academy.program)
    academy.send(passed(object={"id": "urn:9"}))
    assert academy.last().profile.code == "own-statements"
    other = PartnerFactory.create(program=academy.program)
    elsewhere = Academy(academy.program, other, type(academy.lms).of(other))
    elsewhere.send(passed())
    assert elsewhere.last().profile.code == "standard-statements"


def test_first_statements_go_at_once_and_the_next_are_gathered(academy: Academy) -> None:
    at = timezone.now()
    academy.store(passed("a"))
    report_waiting_statements(at=at)
    assert Return.objects.count() == 1
    for name in "bcd":
        academy.store(passed(name))
        report_waiting_statements(at=at + PAUSE / 2)
    assert Return.objects.count() == 1
    report_waiting_statements(at=at + PAUSE)
    academy.work()
    assert sorted(sent.accepted for sent in Return.objects.all()) == [1, 3]


def test_enough_statements_do_not_wait(academy: Academy) -> None:
    academy.send(passed())
    at = academy.moment() - PAUSE
    academy.store(*[passed(f"learner {number}") for number in range(ENOUGH)])
    report_waiting_statements(at=at)
    assert Return.objects.count() == 2


def test_many_statements_become_several_returns(academy: Academy, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(5):
        academy.store(passed(f"a{number}"), passed(f"b{number}"))
    assert [report_statements(academy.partner, at=academy.moment(), most=5) for _ in range(4)] == [4, 4, 2, 0]
    for sent in Return.objects.all():
        load_return_now(sent.pk, at=academy.moment())
    assert sorted(sent.accepted for sent in Return.objects.all()) == [2, 4, 4]


def test_statements_that_are_too_large_together_are_divided(academy: Academy, settings: Any) -> None:
    for number in range(4):
        academy.store(passed(f"learner {number}" + "x" * 100))
    settings.MAX_RETURN_BYTES = 1_000
    assert report_statements(academy.partner, at=academy.moment(), most=4) == 2
    assert Return.objects.count() == 1


def test_a_fault_of_one_partner_stops_no_other(academy: Academy, settings: Any, caplog: Any) -> None:
    academy.store(passed("x" * 900))
    other = academy_of(PartnerFactory.create())
    other.store(passed())
    settings.MAX_RETURN_BYTES = 800
    report_waiting_statements(at=academy.moment())
    assert [sent.partner for sent in Return.objects.all()] == [other.partner]
    assert f"statements of partner {academy.partner.pk} could not be reported: FileRefusedError" in caplog.text
    assert Arrival.objects.waiting().count() == 1


def test_the_file_has_no_more_than_the_profile_reads(academy: Academy) -> None:
    academy.store(full(verb=said("passed")["verb"]))
    report_statements(academy.partner, at=academy.moment())
    content = bytes(Piece.objects.get().content)
    assert b"anna" in content
    assert b"carla" not in content


def test_the_task_run_twice_does_the_work_once(academy: Academy) -> None:
    academy.store(passed(), said("completed", actor=learner("ben")))
    task()
    task()
    load_return_now(academy.last().pk, at=timezone.now())
    assert Return.objects.count() == 1
    assert Achievement.objects.count() == 2


def test_statements_of_a_refused_return_wait_again(academy: Academy) -> None:
    academy.store(passed(), passed("ben"))
    report_waiting_statements(at=academy.moment())
    Return.objects.update(status=Return.Status.REFUSED, refusal="our own software failed")
    refused = academy.last()
    call_command("report_again", refused.pk, stdout=StringIO())
    academy.work()
    assert counts(academy.last()) == (2, 2, 0, 0)
    for number in (refused.pk, academy.last().pk, 0):
        with pytest.raises(CommandError, match=f"{number} is no refused return of xAPI statements"):
            call_command("report_again", number)


def test_nobody_is_asked_to_send_a_refused_return_of_statements_again(academy: Academy, client: Client) -> None:
    academy.store(passed())
    report_waiting_statements(at=academy.moment())
    Return.objects.update(status=Return.Status.REFUSED, refusal="our own software failed")
    program = academy.partner.program
    client.force_login(MembershipFactory(program=program, role=Role.PARTNER_MANAGER, partner=academy.partner).user)
    page = client.get(reverse("return", args=[program.code, academy.last().pk])).content.decode()
    assert "Tell the operators its number" in page
    assert "send it again" not in page
