"""How one figure came to be: all that stands behind it, read once, for the page and the command that show it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple, Self

from django.utils.translation import gettext as _

from programs.models import Code, MeasureVersion, Partner, Program
from reporting.counting.choices import Choices
from reporting.counting.freshness import Freshness, freshness
from reporting.counting.history import Booked, Change, Figure, Key
from reporting.counting.models import Cause, Posting, Recount


class CauseLine(NamedTuple):
    label: str
    change: Change


class Part(NamedTuple):
    """A partner's people, and how many of them count in the whole there: the others were first with another partner."""

    partner: Partner
    people: int
    first: int

    @property
    def elsewhere(self) -> int:
        return self.people - self.first


class Grid(NamedTuple):
    """People by two lists of codes. A row is its code, its name, its cells in the order of the columns, and its sum."""

    columns: dict[str, str]
    rows: list[tuple[str, str, list[int], int]]

    def turned(self) -> "Grid":
        """The same with rows as columns."""
        lines = []
        for place, (code, name) in enumerate(self.columns.items()):
            people = [cells[place] for _, _, cells, _ in self.rows]
            lines.append((code, name, people, sum(people)))
        return Grid({code: name for code, name, _, _ in self.rows}, lines)


@dataclass(frozen=True, slots=True)
class Standing:
    """What a reader must know of any figure of the program: how fresh it is, and what the last recount found."""

    freshness: Freshness
    recount: Recount | None

    @classmethod
    def of(cls, program: Program, *, at: datetime) -> Self:
        return cls(freshness(program, at=at), Recount.objects.latest_of(program))


@dataclass(frozen=True, slots=True)
class Explanation:
    """A figure as of a moment: its people, and the same people by cause, cell, month, size and age, and partner."""

    choices: Choices
    figure: Figure
    until: datetime
    people: int
    causes: list[CauseLine]
    cells: Grid
    months: list[tuple[date, int]]
    sizes: Grid
    parts: list[Part]
    versions: list[tuple[MeasureVersion, int]]
    last_posting: Posting | None

    @classmethod
    def of(cls, figure: Figure, choices: Choices, *, until: datetime) -> Self:
        """Three statements: the figure with its tables, the other versions of its measure, the last posting."""
        (causes, cells, months, sizes, partners) = figure.tables(
            ("cause",), ("region", "sector"), ("month",), ("size", "age"), ("partner",), until=until
        )
        lines = cause_lines({cause: figure.change_in(booked) for (cause,), booked in causes.items()})
        people = sum(line.change.net for line in lines)
        return cls(
            choices=choices,
            figure=figure,
            until=until,
            people=people,
            causes=lines,
            cells=grid(choices, Code.Kind.REGION, Code.Kind.SECTOR, net(figure, cells)),
            months=sorted((month, people) for (month,), people in net(figure, months).items()),
            sizes=grid(choices, Code.Kind.EMPLOYER_SIZE, Code.Kind.AGE_BAND, net(figure, sizes)),
            parts=parts(choices, partners),
            versions=by_version(figure, choices, until=until, people=people),
            last_posting=Posting.objects.of(choices.program).filter(posted_at__lte=until).order_by("-number").first(),
        )

    @property
    def is_part(self) -> bool:
        return self.figure.partner is not None

    @property
    def parts_together(self) -> int:
        return sum(part.people for part in self.parts)

    @property
    def excess(self) -> int:
        """By how many the parts exceed the whole: who was trained by several partners counts with each."""
        return sum(part.elsewhere for part in self.parts)

    @property
    def all_causes(self) -> Change:
        return Change(sum(line.change.gained for line in self.causes), sum(line.change.lost for line in self.causes))

    @property
    def place(self) -> str:
        """Which people of the measure it counts, in words."""
        return place_in_words(self.figure, self.choices)


def place_in_words(figure: Figure, choices: Choices) -> str:
    region = choices.names(Code.Kind.REGION).get(figure.region or "", _("all regions"))
    sector = choices.names(Code.Kind.SECTOR).get(figure.sector or "", _("all sectors"))
    if not figure.partner:
        # Translators: "region" and "sector" are names, or "all regions" and "all sectors"
        whole = _("the whole, each person once, in %(region)s and %(sector)s")
        return whole % {"region": region, "sector": sector}
    # Translators: "region" and "sector" are names, or "all regions" and "all sectors"
    part = _("the part of %(partner)s, in %(region)s and %(sector)s")
    return part % {"partner": figure.partner.name, "region": region, "sector": sector}


def cause_lines(changes: dict[str, Change]) -> list[CauseLine]:
    """In the order in which causes are declared; those that changed nothing are left out."""
    return [CauseLine(str(cause.label), changes[cause]) for cause in Cause if any(changes.get(cause, ()))]


def by_version(figure: Figure, choices: Choices, *, until: datetime, people: int) -> list[tuple[MeasureVersion, int]]:
    """The figure, known to be `people`, under every version of its measure, the newest first."""
    versions = choices.versions_of(figure.version)
    others = [version for version in versions if version != figure.version]
    known = {figure.version.pk: people} | (figure.of_versions(others, until) if others else {})
    return [(version, known.get(version.pk, 0)) for version in versions]


def net(figure: Figure, table: dict[Key, Booked]) -> dict[Key, int]:
    people = {key: figure.change_in(booked).net for key, booked in table.items()}
    return {key: number for key, number in people.items() if number}


def grid(choices: Choices, down: Code.Kind, across: Code.Kind, cells: dict[Key, int]) -> Grid:
    """Codes in official order; rows and columns without anybody are left out."""
    rows, columns = (choices.listed(kind, (key[place] for key in cells)) for place, kind in ((0, down), (1, across)))
    lines = []
    for code, name in rows.items():
        people = [cells.get((code, column), 0) for column in columns]
        lines.append((code, name, people, sum(people)))
    return Grid(columns, lines)


def parts(choices: Choices, table: dict[Key, Booked]) -> list[Part]:
    """Partners with anybody, those with most people first."""
    found = [
        Part(partner, table[partner.pk,].part.net, table[partner.pk,].whole.net)
        for partner in choices.partners
        if (partner.pk,) in table
    ]
    return sorted((part for part in found if part.people), key=lambda part: -part.people)
