"""All partners of a program beside each other: who owes returns, what came last, and how good it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from programs.models import Partner, Program

from .due import Standing, standings_of
from .models import ReportingSchedule, Return
from .quality import Quality, qualities_of


@dataclass(frozen=True)
class Line:
    """One partner. The standing has only what is open; no schedule means that none was ever set."""

    partner: Partner
    schedule: ReportingSchedule | None
    standing: Standing
    quality: Quality
    last: Return | None

    @property
    def need(self) -> tuple[int, int, date, int, str]:
        """By which partners are sorted: overdue the longest, then the most, due the soonest, the lowest score."""
        soonest = self.standing.next_due.due_on if self.standing.next_due else date.max
        score = 101 if self.quality.score is None else self.quality.score
        return -self.standing.days_overdue, -len(self.standing.overdue), soonest, score, self.partner.name

    @property
    def is_scheduled(self) -> bool:
        return self.schedule is not None and self.schedule.months is not None


def overview_of(program: Program, partners: Sequence[Partner], *, at: datetime) -> list[Line]:
    """A line a partner, who needs most first. The number of queries does not depend on how many there are."""
    ids = [partner.pk for partner in partners]
    schedules = ReportingSchedule.objects.filter(partner__in=ids).order_by("partner_id", "-pk").distinct("partner_id")
    sent = Return.objects.filter(partner__in=ids, is_trial=False).order_by("partner_id", "-received_at", "-pk")
    holds = {schedule.partner_id: schedule for schedule in schedules}
    last = {each.partner_id: each for each in sent.distinct("partner_id").defer("failure", "notes", "facts", "months")}
    standings = standings_of(program, partners, today=program.day_of(at), only_open=True)
    qualities = qualities_of(partners, at=at)
    lines = [
        Line(each, holds.get(each.pk), standings[each.pk], qualities[each.pk], last.get(each.pk)) for each in partners
    ]
    return sorted(lines, key=lambda line: line.need)
