"""What the dashboard shows of one selection; it holds figures that were read and asks the database nothing."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from programs.locales import digit_locale, word_locale
from programs.models import Code, Partner, Target
from reporting.dashboards.charts import Chart, curve_chart
from reporting.dashboards.figures import NOT_STATED, Daily, Totals
from reporting.dashboards.months import FinancialYear, financial_years, months_of
from reporting.dashboards.selection import Selection
from reporting.pacing.pace import Pace, pace_of, recent_since


@dataclass(frozen=True, slots=True)
class Row:
    """A region or a partner with its people; `link` chooses it, or lets it go if it is chosen; `ledger_link` leads to
    how its number came to be."""

    code: str
    name: str
    people: int
    share: float | None
    link: str | None = None
    ledger_link: str | None = None
    is_chosen: bool = False
    committed: int | None = None


@dataclass(frozen=True, slots=True)
class TargetCard:
    target: Target
    share: float
    pace: Pace | None


@dataclass(frozen=True, slots=True)
class Dashboard:
    """One selection with its figures. Targets and pace are of the whole: they stand only where nothing is filtered."""

    selection: Selection
    totals: Totals
    daily: Daily
    today: date

    @property
    def region(self) -> str | None:
        return self.selection.region.code if self.selection.region else None

    @property
    def people(self) -> int:
        return self.daily.people

    @property
    def is_by_month(self) -> bool:
        """A partner's people are counted by month, so its curve has a step at the end of each."""
        return self.selection.partner is not None

    @property
    def people_recently(self) -> int:
        return self.daily.since(recent_since(self.today), self.today)

    @property
    def is_empty(self) -> bool:
        return not self.totals.cells

    @property
    def whole(self) -> int:
        """People of the whole in the region shown, each once."""
        return self.totals.of_whole(self.region)

    @property
    def parts(self) -> int:
        return self.totals.of_parts(self.region)

    @property
    def excess(self) -> int:
        return self.totals.excess(self.region)

    @property
    def share_of_all(self) -> float | None:
        """The selection's share of everybody whom the measure counts, each once."""
        return share(self.people, self.totals.of_whole(None))

    @property
    def target_cards(self) -> list[TargetCard]:
        if not self.selection.is_whole:
            return []
        targets = self.selection.own_targets
        return [TargetCard(target, self.people / target.value, self.pace(target)) for target in targets]

    @property
    def leading_pace(self) -> Pace | None:
        """The pace of the first target that has one: the line in the chart."""
        return next((card.pace for card in self.target_cards if card.pace), None)

    @property
    def regions(self) -> list[Row]:
        """Every region in official order, then people of no stated region if there are any."""
        people = self.totals.by_region(self.selection.partner)
        rows = [self.region_row(code, people) for code in self.selection.regions]
        if unstated := people.get(NOT_STATED, 0):
            rows.append(Row(NOT_STATED, _("Not stated"), unstated, share(unstated, sum(people.values()))))
        return rows

    def region_row(self, code: Code, people: dict[str, int]) -> Row:
        number, is_chosen = people.get(code.code, 0), code == self.selection.region
        link = self.selection.link(region=None if is_chosen else code)
        ledger_link = self.selection.link("ledger", region=code)
        return Row(code.code, code.name, number, share(number, sum(people.values())), link, ledger_link, is_chosen)

    @property
    def partners(self) -> list[Row]:
        """Every partner, those with most people first; shares are of what they have committed to."""
        people = self.totals.by_partner(self.region)
        rows = [self.partner_row(partner, people.get(partner.pk, 0)) for partner in self.selection.partners]
        return sorted(rows, key=lambda row: -row.people)

    @property
    def busy_partners(self) -> list[Row]:
        """Those with people or a commitment, and the one that is chosen."""
        return [row for row in self.partners if row.people or row.committed or row.is_chosen]

    @property
    def idle_partners(self) -> list[Row]:
        return [row for row in self.partners if not (row.people or row.committed or row.is_chosen)]

    def partner_row(self, partner: Partner, people: int) -> Row:
        is_chosen = partner == self.selection.partner
        link = self.selection.link(partner=None if is_chosen else partner)
        ledger_link = self.selection.link("ledger", partner=partner)
        committed = partner.committed_people
        return Row(
            partner.code, partner.name, people, share(people, committed), link, ledger_link, is_chosen, committed
        )

    @property
    def most_of_a_region(self) -> int:
        """The length of the longest bar, at least 1."""
        return max(1, *(row.people for row in self.regions))

    @property
    def most_of_a_partner(self) -> int:
        return max(1, *(row.people for row in self.partners))

    @property
    def has_commitments(self) -> bool:
        return any(partner.committed_people for partner in self.selection.partners)

    @property
    def years(self) -> list[FinancialYear]:
        starts_in = self.selection.program.financial_year_month
        return financial_years(months_of(self.daily, self.leading_pace), starts_in=starts_in)

    @property
    def chart(self) -> Chart:
        """The running total, with the plan of the first target that has a due date."""
        return curve_chart(
            self.daily.running(),
            title=_("%(measure)s: people counted until each day") % {"measure": self.selection.version.measure.name},
            locale=digit_locale(self.selection.program),
            words=word_locale(self.selection.program),
            today=self.last_day,
            plan=self.leading_pace,
        )

    @property
    def last_day(self) -> date:
        """Where the curve ends: today, or the last day with people when that was more than a year ago."""
        last = max((day for day, _people in self.daily.days), default=self.today)
        has_ended = self.leading_pace is None and last < self.today - timedelta(365)
        return last if has_ended else self.today

    def pace(self, target: Target) -> Pace | None:
        return pace_of(
            target=target.value, starts_on=target.starts_on, due_on=target.due_on,
            people=self.people, people_recently=self.people_recently, today=self.today,
        )  # fmt: skip


def share(part: int, whole: int | None) -> float | None:
    return part / whole if whole else None
