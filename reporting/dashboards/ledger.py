"""A figure's explanation as a page shows it: each part of it leads to its own explanation."""

from dataclasses import dataclass
from datetime import UTC
from typing import NamedTuple

from programs.locales import word_locale
from programs.models import MeasureVersion
from reporting.counting.explanation import Explanation, Part
from reporting.dashboards.drawing import written_month
from reporting.dashboards.question import Question


class VersionRow(NamedTuple):
    version: MeasureVersion
    definition: str
    people: int
    link: str
    is_shown: bool


class PlaceRow(NamedTuple):
    """`link` is empty where nothing can be chosen, as for people of no stated region."""

    name: str
    people: int
    link: str = ""


@dataclass(frozen=True, slots=True)
class LedgerPage:
    question: Question
    explained: Explanation

    @property
    def moment(self) -> str:
        """The moment of the figure as the address takes it."""
        return self.explained.until.astimezone(UTC).isoformat().replace("+00:00", "Z")

    @property
    def link_for_ever(self) -> str:
        return self.question.link(as_of=self.moment, version=str(self.explained.figure.version.number))

    @property
    def link_since_then(self) -> str:
        return self.question.link("ledger-revision", since=self.moment, as_of="")

    @property
    def versions(self) -> list[VersionRow]:
        choices, shown = self.question.choices, self.explained.figure.version
        return [
            VersionRow(
                version=version,
                definition=choices.definition(version),
                people=people,
                link=self.question.link(version=str(version.number)),
                is_shown=version == shown,
            )
            for version, people in self.explained.versions
        ]

    @property
    def parts(self) -> list[tuple[Part, str]]:
        return [(part, self.question.link(partner=part.partner.code)) for part in self.explained.parts]

    @property
    def regions(self) -> list[PlaceRow]:
        known = dict(self.question.regions)
        return [
            PlaceRow(name, people, self.question.link(region=code) if code in known else "")
            for code, name, _, people in self.explained.cells.rows
        ]

    @property
    def sectors(self) -> list[PlaceRow]:
        known = dict(self.question.sectors)
        return [
            PlaceRow(name, people, self.question.link(sector=code) if code in known else "")
            for code, name, _, people in self.explained.cells.turned().rows
        ]

    @property
    def months(self) -> list[PlaceRow]:
        locale = word_locale(self.question.choices.program)
        return [PlaceRow(written_month(month, locale), people) for month, people in self.explained.months]
