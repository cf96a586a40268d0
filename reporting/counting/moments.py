"""Moments as of which figures are asked for: how they are written, and what makes a figure as of one of them final."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from programs.models import Program
from reporting.counting.clock import Clocks, clocks_of
from reporting.counting.operations import close_ledger

FIRST = datetime(1970, 1, 2, tzinfo=UTC)
DAY, LONGEST = len("2026-11-22"), len("2026-11-22T17:30:00.000000+01:00")


class MomentRefusedError(ValueError):
    """The ledger cannot answer as of what was asked for; the message says what it takes."""


def closed_moment(program: Program, text: str = "") -> datetime:
    """The moment that the text names, after which nothing will ever be booked at or before it.

    A date is the end of that day in the program's time zone, or now as long as the day lasts; a moment is written as in
    2026-11-22T17:30, in the program's time zone unless it names another; an empty text is now. Raises
    `MomentRefusedError` for the future and for anything else.
    """
    moment = moment_in(program, text.strip(), clocks_of(program))
    close_ledger(program, until=moment)
    return moment


def moment_in(program: Program, text: str, clocks: Clocks) -> datetime:
    zone, now = ZoneInfo(program.time_zone), clocks.ledger
    if not text:
        return now
    try:
        if len(text) == DAY:
            return end_of_day(date.fromisoformat(text), zone, clocks)
        if len(text) > LONGEST or text[DAY : DAY + 1] not in ("T", " "):
            raise ValueError(text)
        moment = datetime.fromisoformat(text)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=zone)
        moment = moment.astimezone(zone)
    except (ValueError, OverflowError) as error:
        if isinstance(error, MomentRefusedError):
            raise
        raise MomentRefusedError(
            _("“%(text)s” is no date: write it as %(day)s, a moment as %(moment)s.")
            % {
                "text": text[:40],
                "day": now.astimezone(zone).date(),
                "moment": f"{now.astimezone(zone):%Y-%m-%dT%H:%M}",
            }
        ) from None
    if moment < FIRST:
        raise MomentRefusedError(
            _("%(text)s lies before any ledger: none begins before %(first)s.") % {"text": text, "first": FIRST.date()}
        )
    return refuse_future(moment, text, now=now)


def end_of_day(day: date, zone: ZoneInfo, clocks: Clocks) -> datetime:
    """The last microsecond of the day there, or now as long as the day lasts.

    Where the ledger is ahead of the clock, all that is booked belongs to today.
    """
    today, last = (moment.astimezone(zone).date() for moment in (clocks.database, clocks.ledger))
    if today <= day <= last:
        return clocks.ledger
    if day > last:
        raise MomentRefusedError(
            _("%(day)s is still to come: the ledger answers until today, %(last)s.") % {"day": day, "last": last}
        )
    if day < FIRST.date():
        raise MomentRefusedError(
            _("%(day)s lies before any ledger: none begins before %(first)s.") % {"day": day, "first": FIRST.date()}
        )
    return datetime.combine(day + timedelta(1), time(), zone) - timedelta(microseconds=1)


def refuse_future(moment: datetime, text: str, *, now: datetime) -> datetime:
    if moment > now:
        raise MomentRefusedError(
            _("%(text)s is still to come: the ledger answers until now, %(moment)s.")
            % {"text": text, "moment": f"{now:%Y-%m-%dT%H:%M%z}"}
        )
    return moment


def refuse_reversed(since: datetime, until: datetime) -> None:
    """Raises `MomentRefusedError` unless `since` comes before `until`."""
    if since >= until:
        raise MomentRefusedError(_("The first date must be earlier than the second."))
