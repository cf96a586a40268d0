"""The demonstration has partners that report late, that are due, and that owe returns."""

from datetime import date

import pytest

from config.demo.population import QUIET, ensure_partners
from config.demo.schedules import SCHEDULES, ensure_schedules, months_before
from courses.returns.due import standing_of
from courses.returns.models import ReportingSchedule
from courses.returns.operations import end_schedule
from programs.models import Partner
from tests.factories import NOW, ProgramFactory

pytestmark = pytest.mark.django_db


def test_every_partner_of_the_demonstration_has_a_schedule_once() -> None:
    program = ProgramFactory.create()
    ensure_partners(program)
    ensure_schedules(program, at=NOW)
    ensure_schedules(program, at=NOW)
    assert sorted(row.partner.code for row in ReportingSchedule.objects.all()) == sorted(SCHEDULES)


def test_what_a_program_manager_ended_stays_ended() -> None:
    program = ProgramFactory.create()
    ensure_partners(program)
    ensure_schedules(program, at=NOW)
    agency = Partner.objects.get(program=program, code="demo-agency")
    end_schedule(agency, at=NOW, by=None)
    ensure_schedules(program, at=NOW)
    assert ReportingSchedule.objects.of_partner(agency)[0].months is None


@pytest.mark.parametrize("today", [date(2026, 1, 1), date(2026, 3, 31), date(2026, 11, 23)])
def test_on_every_day_the_partner_that_sends_nothing_is_due_and_overdue(today: date) -> None:
    program = ProgramFactory.create()
    ensure_partners(program)
    ensure_schedules(program, at=NOW.replace(year=today.year, month=today.month, day=today.day))
    quiet = Partner.objects.get(program=program, code__in=QUIET)
    states = [period.state for period in standing_of(quiet, today=today).periods]
    assert (states[0], states[-1], len(states)) == ("running", "overdue", 4)


def test_months_before_cross_the_year() -> None:
    assert months_before(date(2026, 3, 31), 3) == date(2025, 12, 1)
    assert months_before(date(2026, 3, 31), 0) == date(2026, 3, 1)
