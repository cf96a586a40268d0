"""What a reader asks the ledger: one figure, as of one moment or between two. The address says all of it."""

from dataclasses import dataclass
from typing import Self
from urllib.parse import urlencode

from django.http import Http404, QueryDict
from django.urls import reverse

from programs.models import Code, Program
from reporting.counting.choices import Choices, UnknownCodeError
from reporting.counting.explanation import place_in_words
from reporting.counting.history import Figure

FILTERS = ("measure", "version", "region", "sector", "partner")


@dataclass(frozen=True, slots=True)
class Question:
    """A figure by the codes of the address, with the lists that it was chosen from; an empty `as_of` is now."""

    choices: Choices
    figure: Figure
    as_of: str

    @classmethod
    def from_query(cls, program: Program, query: QueryDict) -> Self | None:
        """None if the program has no measure at all. Raises Http404 for a code that the program does not have."""
        choices = Choices.of(program)
        if not choices.versions:
            return None
        try:
            figure = choices.figure(**{name: query.get(name, "") for name in FILTERS})
        except UnknownCodeError:
            raise Http404 from None
        return cls(choices, figure, query.get("as_of", ""))

    @property
    def asked(self) -> dict[str, str]:
        """The address's parameters, without those that choose nothing."""
        figure, version = self.figure, self.figure.version
        asked = {
            "measure": version.measure.code,
            "version": str(version.number) if self.is_older_version else "",
            "region": figure.region,
            "sector": figure.sector,
            "partner": figure.partner.code if figure.partner else "",
            "as_of": self.as_of,
        }
        return {name: value for name, value in asked.items() if value}

    def link(self, page: str = "ledger", **changes: str) -> str:
        """The address of this question on a page of the ledger, with parameters changed; an empty one goes away."""
        asked = {name: value for name, value in (self.asked | changes).items() if value}
        return f"{reverse(page, args=[self.choices.program.code])}?{urlencode(asked)}"

    @property
    def is_older_version(self) -> bool:
        return self.choices.versions_of(self.figure.version)[0] != self.figure.version

    @property
    def is_now(self) -> bool:
        return self.as_of in ("", self.choices.program.today().isoformat())

    @property
    def place(self) -> str:
        return place_in_words(self.figure, self.choices)

    @property
    def ledger_link(self) -> str:
        return self.link()

    @property
    def revision_link(self) -> str:
        return self.link("ledger-revision")

    @property
    def postings_link(self) -> str:
        return self.link("ledger-postings")

    @property
    def regions(self) -> list[tuple[str, str]]:
        return list(self.choices.names(Code.Kind.REGION).items())

    @property
    def sectors(self) -> list[tuple[str, str]]:
        return list(self.choices.names(Code.Kind.SECTOR).items())
