"""When returns are due, and that there is nothing to report."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from courses.returns.due import Period, standing_of
from courses.returns.models import NothingToReport, ReportingSchedule
from programs.models import Partner

EARLIEST = date(2000, 1, 1)
MOST_DAYS = 366


class ScheduleRefusedError(Exception):
    """The schedule, or that there is nothing to report, cannot be set so; the message says why."""


@transaction.atomic
def set_schedule(
    partner: Partner, *, months: int, begins_on: date, due_after_days: int, at: datetime, by: User | None
) -> ReportingSchedule:
    """Makes returns of the partner due: for each period of `months`, so many days after its last day.

    Without a difference nothing is written. Raises `ScheduleRefusedError` for a rhythm that cannot be.
    """
    _check(partner, months, begins_on, due_after_days)
    return _set(partner, months=months, begins_on=begins_on, due_after_days=due_after_days, at=at, by=by)


@transaction.atomic
def end_schedule(partner: Partner, *, at: datetime, by: User | None) -> ReportingSchedule | None:
    """From now on nothing of the partner is due. Answers nothing where no schedule was ever set."""
    if not ReportingSchedule.objects.of_partner(partner).exists():
        return None
    return _set(partner, months=None, begins_on=None, due_after_days=None, at=at, by=by)


@transaction.atomic
def say_nothing_to_report(partner: Partner, first_on: date, *, at: datetime, by: User) -> NothingToReport:
    """Closes the partner's period that begins on the day, as one of which there is nothing to report. Twice is once.

    Raises `ScheduleRefusedError` if there is no such period, it is not over, or returns reported it already.
    """
    _lock(partner)
    periods = standing_of(partner, today=partner.program.day_of(at)).periods
    period = next((period for period in periods if period.first_on == first_on), None)
    if period is None:
        raise ScheduleRefusedError(
            _("No period of %(partner)s begins on %(first_on)s. Load the page again.")
            % {"partner": partner, "first_on": first_on}
        )
    if period.nothing_id:
        return NothingToReport.objects.get(pk=period.nothing_id)
    _check_missing(period)
    return NothingToReport.objects.create(
        program=partner.program, partner=partner, first_on=period.first_on, last_on=period.last_on, said_at=at,
        said_by=by,
    )  # fmt: skip


@transaction.atomic
def withdraw_nothing_to_report(said: NothingToReport, *, at: datetime, by: User) -> bool:
    """Takes the partner's word back, so that the period is open again; answers whether it stood until now."""
    standing = NothingToReport.objects.standing().filter(pk=said.pk)
    return standing.update(withdrawn_at=at, withdrawn_by=by) > 0


def _check(partner: Partner, months: int, begins_on: date, due_after_days: int) -> None:
    if partner.kind == Partner.Kind.OWN:
        raise ScheduleRefusedError(_("%(partner)s sends no returns, so that none can be due.") % {"partner": partner})
    if months not in ReportingSchedule.Every.values:
        raise ScheduleRefusedError(_("Choose how often the partner reports: every 1, 3, 6 or 12 months."))
    if begins_on.day != 1 or begins_on < EARLIEST:
        raise ScheduleRefusedError(
            _("A first period begins with a month, not before %(earliest)s: choose its first day.")
            % {"earliest": EARLIEST}
        )
    if not 0 <= due_after_days <= MOST_DAYS:
        raise ScheduleRefusedError(
            _("Returns are due 0 to %(most)s days after the end of a period.") % {"most": MOST_DAYS}
        )


def _check_missing(period: Period) -> None:
    if period.state == "reported":
        raise ScheduleRefusedError(_("Returns have reported this period already."))
    if period.state == "running":
        raise ScheduleRefusedError(
            _("This period is not over before %(last_on)s has passed.") % {"last_on": period.last_on}
        )


def _set(
    partner: Partner, *, months: int | None, begins_on: date | None, due_after_days: int | None, at: datetime,
    by: User | None,
) -> ReportingSchedule:  # fmt: skip
    _lock(partner)
    wanted = {"months": months, "begins_on": begins_on, "due_after_days": due_after_days}
    holds = ReportingSchedule.objects.of_partner(partner).first()
    if holds and all(getattr(holds, name) == value for name, value in wanted.items()):
        return holds
    return ReportingSchedule.objects.create(program=partner.program, partner=partner, set_at=at, set_by=by, **wanted)


def _lock(partner: Partner) -> None:
    Partner.objects.select_for_update(of=("self",), no_key=True).get(pk=partner.pk)
