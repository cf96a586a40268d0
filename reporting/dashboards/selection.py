"""What a reader of the dashboard has chosen to see: a measure, and perhaps one region, one partner, or both."""

from dataclasses import dataclass
from typing import Any, Self, TypeVar
from urllib.parse import urlencode

from django.http import Http404, QueryDict
from django.urls import reverse

from programs.locales import word_locale
from programs.models import Code, MeasureVersion, Partner, Program, Target
from reporting.counting.choices import definition_in_words, leading_measure

KINDS = [Code.Kind.REGION, Code.Kind.EMPLOYER_SIZE]
Named = TypeVar("Named")


@dataclass(frozen=True, slots=True)
class Selection:
    """The choice, and the lists that it was made from: codes in official order, partners by name."""

    program: Program
    measures: list[MeasureVersion]
    targets: list[Target]
    codes: list[Code]
    partners: list[Partner]
    version: MeasureVersion
    region: Code | None = None
    partner: Partner | None = None

    @classmethod
    def from_query(cls, program: Program, query: QueryDict) -> Self | None:
        """The selection that the query names, by codes; None if the program has no measure at all.

        Without `measure` it is that of the first target, else the first. Raises Http404 for a code that the program
        does not have; an empty `region` or `partner` chooses nothing.
        """
        measures = list(MeasureVersion.objects.of(program).current())
        if not measures:
            return None
        targets = list(Target.objects.of(program))
        codes = list(Code.objects.filter(program=program, kind__in=KINDS).order_by("position"))
        partners = list(Partner.objects.filter(program=program))
        version = named(query.get("measure"), {row.measure.code: row for row in measures})
        region = named(query.get("region"), {row.code: row for row in codes if row.kind == Code.Kind.REGION})
        partner = named(query.get("partner"), {row.code: row for row in partners})
        version = version or leading_measure(measures, targets)
        return cls(program, measures, targets, codes, partners, version, region, partner)

    @property
    def is_whole(self) -> bool:
        return self.region is None and self.partner is None

    @property
    def regions(self) -> list[Code]:
        return [code for code in self.codes if code.kind == Code.Kind.REGION]

    @property
    def definition(self) -> str:
        """What the measure counts, in words."""
        sizes = [code for code in self.codes if code.kind == Code.Kind.EMPLOYER_SIZE]
        limited_to = [code.name for code in sizes if code.code in self.version.employer_sizes]
        return definition_in_words(self.version, limited_to, word_locale(self.program))

    @property
    def own_targets(self) -> list[Target]:
        """The targets that are set on the measure version shown."""
        return [target for target in self.targets if target.measure_version == self.version]

    @property
    def older_targets(self) -> list[Target]:
        """The targets that are still set on an earlier version of this measure; its count is another."""
        return [
            target
            for target in self.targets
            if target.measure_version.measure == self.version.measure and target.measure_version != self.version
        ]

    def link(self, page: str = "dashboard", **changes: Code | Partner | MeasureVersion | None) -> str:
        """The address of this selection with `version`, `region` or `partner` changed; None takes a filter away."""
        chosen: dict[str, Any] = {"version": self.version, "region": self.region, "partner": self.partner} | changes
        query = {"measure": chosen["version"].measure.code}
        query |= {name: chosen[name].code for name in ("region", "partner") if chosen[name]}
        return f"{reverse(page, args=[self.program.code])}?{urlencode(query)}"

    @property
    def link_to_ledger(self) -> str:
        """How the number that is shown came to be."""
        return self.link("ledger")

    @property
    def link_to_all_regions(self) -> str:
        return self.link(region=None)

    @property
    def link_to_all_partners(self) -> str:
        return self.link(partner=None)

    @property
    def link_to_the_whole(self) -> str:
        return self.link(region=None, partner=None)

    @property
    def measure_links(self) -> list[tuple[MeasureVersion, str]]:
        return [(version, self.link(version=version)) for version in self.measures]


def named(code: str | None, rows: dict[str, Named]) -> Named | None:
    """The row with this code; None if none is asked for. Raises Http404 if there is no such row."""
    if not code:
        return None
    if code not in rows:
        raise Http404
    return rows[code]
