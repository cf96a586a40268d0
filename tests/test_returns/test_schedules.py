"""Schedules are set, ended and kept; that there is nothing to report is said once and can be taken back."""

from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from courses.returns.due import standing_of
from courses.returns.models import NothingToReport, ReportingSchedule
from courses.returns.operations import (
    ScheduleRefusedError,
    end_schedule,
    load_return_now,
    say_nothing_to_report,
    set_schedule,
    withdraw_nothing_to_report,
)
from programs.models import Partner
from tests.factories import NOW, PartnerFactory, UserFactory
from tests.test_returns.school import School, file_of, row

MONTHLY: dict[str, Any] = {"months": 1, "begins_on": date(2026, 9, 1), "due_after_days": 15}
SEPTEMBER = MONTHLY["begins_on"]


def monthly(partner: Partner, **changes: Any) -> ReportingSchedule:
    return set_schedule(partner, **(MONTHLY | changes), at=NOW, by=None)


def states(partner: Partner) -> list[str]:
    return [period.state for period in standing_of(partner, today=partner.program.day_of(NOW)).periods]


def test_setting_a_schedule_twice_is_setting_it_once(school: School) -> None:
    assert monthly(school.partner) == monthly(school.partner)
    monthly(school.partner, due_after_days=20)
    kept = ReportingSchedule.objects.of_partner(school.partner)
    assert [schedule.due_after_days for schedule in kept] == [20, 15]


def test_an_ended_schedule_leaves_nothing_due_and_stays_in_the_log(school: School) -> None:
    assert end_schedule(school.partner, at=NOW, by=None) is None
    monthly(school.partner)
    end_schedule(school.partner, at=NOW, by=None)
    end_schedule(school.partner, at=NOW, by=None)
    assert states(school.partner) == []
    assert [str(each) for each in ReportingSchedule.objects.of_partner(school.partner)] == [
        "nothing is due", "every month, due 15 days after its end",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"months": 2}, "every 1, 3, 6 or 12 months"),
        ({"begins_on": date(2026, 9, 2)}, "choose its first day"),
        ({"begins_on": date(1999, 12, 1)}, "not before 2000-01-01"),
        ({"due_after_days": -1}, "0 to 366 days"),
        ({"due_after_days": 367}, "0 to 366 days"),
    ],
)
def test_a_schedule_that_cannot_be_is_refused(school: School, changes: dict[str, Any], why: str) -> None:
    with pytest.raises(ScheduleRefusedError, match=why):
        monthly(school.partner, **changes)
    assert not ReportingSchedule.objects.exists()


def test_the_courses_taken_here_are_never_due(school: School) -> None:
    with pytest.raises(ScheduleRefusedError, match="sends no returns"):
        monthly(Partner.objects.own_courses_of(school.program))


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"months": 5}, "rhythm_is_known"),
        ({"begins_on": None}, "whole_or_none"),
        ({"begins_on": date(2026, 9, 2)}, "begins_with_a_month"),
        ({"due_after_days": 400}, "a_year_at_most"),
    ],
)
def test_the_database_refuses_it_too(school: School, changes: dict[str, Any], rule: str) -> None:
    of = {"program": school.program, "partner": school.partner, "set_at": NOW}
    with pytest.raises(IntegrityError, match=rule):
        ReportingSchedule.objects.create(**(MONTHLY | changes), **of)


def test_the_database_refuses_to_change_what_was_set(school: School) -> None:
    monthly(school.partner)
    with pytest.raises(DatabaseError), transaction.atomic():
        ReportingSchedule.objects.update(due_after_days=90)


def test_nothing_to_report_closes_a_period_and_can_be_taken_back(school: School) -> None:
    monthly(school.partner)
    said = say_nothing_to_report(school.partner, SEPTEMBER, at=NOW, by=UserFactory())
    assert say_nothing_to_report(school.partner, SEPTEMBER, at=NOW, by=UserFactory()) == said
    assert states(school.partner) == ["running", "due" if NOW.day <= 15 else "overdue", "nothing"]

    assert withdraw_nothing_to_report(said, at=NOW, by=UserFactory())
    assert not withdraw_nothing_to_report(said, at=NOW, by=UserFactory())
    assert states(school.partner)[-1] == "overdue"
    assert say_nothing_to_report(school.partner, SEPTEMBER, at=NOW, by=UserFactory()) != said
    assert NothingToReport.objects.count() == 2


def test_a_return_that_comes_after_all_reports_the_period(school: School) -> None:
    monthly(school.partner)
    say_nothing_to_report(school.partner, SEPTEMBER, at=NOW, by=UserFactory())
    kept = school.keep(file_of([row(ended="2026-09-03")]))
    load_return_now(kept.pk, at=NOW)
    assert states(school.partner)[-1] == "reported"
    with pytest.raises(ScheduleRefusedError, match="No period"):
        say_nothing_to_report(school.partner, date(2026, 9, 2), at=NOW, by=UserFactory())


@pytest.mark.parametrize(
    ("first_on", "why"), [(date(2026, 11, 1), "not over"), (date(2026, 8, 1), "No period"), (SEPTEMBER, "already")]
)
def test_nothing_can_be_said_of_a_period_that_runs_or_is_none_or_is_reported(
    school: School, first_on: date, why: str
) -> None:
    monthly(school.partner)
    school.report(row(ended="2026-09-03"))
    with pytest.raises(ScheduleRefusedError, match=why):
        say_nothing_to_report(school.partner, first_on, at=NOW, by=UserFactory())


def test_the_database_keeps_one_word_of_a_period_and_no_other_program(school: School) -> None:
    given = {"first_on": SEPTEMBER, "last_on": date(2026, 9, 30), "said_at": NOW, "said_by": UserFactory()}
    NothingToReport.objects.create(program=school.program, partner=school.partner, **given)
    with pytest.raises(IntegrityError, match="said_once"), transaction.atomic():
        NothingToReport.objects.create(program=school.program, partner=school.partner, **given)
    NothingToReport.objects.create(program=school.program, partner=PartnerFactory(), **given)
    with pytest.raises(IntegrityError, match="same_program"):
        connection.check_constraints()
