"""The lists of a program from which a figure is chosen, and the names of what it is made of."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self, TypeVar

from babel.dates import format_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from programs.locales import word_locale
from programs.models import Code, Evidence, MeasureVersion, Partner, Program, Target
from reporting.counting.history import Figure

Named = TypeVar("Named")
NOT_STATED = gettext_lazy("Not stated")


class UnknownCodeError(LookupError):
    """The program has no such measure, version, region, sector or partner; the message names those that it has."""

    def __init__(self, kind: str, code: str, allowed: Iterable[object]) -> None:
        known = ", ".join(str(one) for one in allowed) or "none"
        super().__init__(f"There is no {kind} “{code[:40]}”. The program has: {known}.")


@dataclass(frozen=True, slots=True)
class Choices:
    """All versions of all measures in the order in which the program lists them, codes in official order, partners."""

    program: Program
    versions: list[MeasureVersion]
    targets: list[Target]
    codes: list[Code]
    partners: list[Partner]

    @classmethod
    def of(cls, program: Program) -> Self:
        versions = MeasureVersion.objects.of(program).select_related("measure")
        return cls(
            program=program,
            versions=list(versions.order_by("measure__position", "measure", "-number")),
            targets=list(Target.objects.of(program)),
            codes=list(Code.objects.filter(program=program).order_by("position")),
            partners=list(Partner.objects.filter(program=program)),
        )

    @property
    def measures(self) -> list[MeasureVersion]:
        """The newest version of each measure."""
        newest: dict[int, MeasureVersion] = {}
        for version in self.versions:
            newest.setdefault(version.measure_id, version)
        return list(newest.values())

    def figure(
        self, *, measure: str = "", version: str = "", region: str = "", sector: str = "", partner: str = ""
    ) -> Figure:
        """The figure that the codes name; an empty one chooses the leading measure, its newest version, or no filter.

        Raises `UnknownCodeError`; of a program without any measure too.
        """
        return Figure(
            version=self.version(measure, version),
            region=chosen("region", region, self.names(Code.Kind.REGION)) and region,
            sector=chosen("sector", sector, self.names(Code.Kind.SECTOR)) and sector,
            partner=chosen("partner", partner, {row.code: row for row in self.partners}),
        )

    def version(self, measure: str, number: str) -> MeasureVersion:
        newest = {row.measure.code: row for row in self.measures}
        if not newest:
            raise UnknownCodeError("measure", measure, newest)
        shown = chosen("measure", measure, newest) or leading_measure(self.measures, self.targets)
        return chosen("version", number, {str(row.number): row for row in self.versions_of(shown)}) or shown

    def versions_of(self, version: MeasureVersion) -> list[MeasureVersion]:
        """All versions of its measure, the newest first."""
        return [row for row in self.versions if row.measure_id == version.measure_id]

    def names(self, kind: Code.Kind) -> dict[str, str]:
        """Name by code, in official order."""
        return {code.code: code.name for code in self.codes if code.kind == kind}

    def listed(self, kind: Code.Kind, found: Iterable[str]) -> dict[str, str]:
        """Name by code of those that were found, in official order; what no list has stands last under its code."""
        names, wanted = self.names(kind), set(found)
        known = {code: name for code, name in names.items() if code in wanted}
        return known | {code: code or str(NOT_STATED) for code in sorted(wanted - set(names), reverse=True)}

    def definition(self, version: MeasureVersion) -> str:
        """What counts, in words."""
        sizes = [name for code, name in self.names(Code.Kind.EMPLOYER_SIZE).items() if code in version.employer_sizes]
        return definition_in_words(version, sizes, word_locale(self.program))


def definition_in_words(version: MeasureVersion, sizes: list[str], locale: str) -> str:
    """What counts; `sizes` are the names of the employer sizes to which it is limited, empty for all."""
    first, last = (format_date(day, "medium", locale) if day else "" for day in (version.starts_on, version.ends_on))
    conditions = [
        _(", of a course tagged “%(tag)s”") % {"tag": version.tag} if version.tag else "",
        _(", from %(day)s") % {"day": first} if first else "",
        _(", until %(day)s") % {"day": last} if last else "",
        _(", with an employer of one of these sizes: %(sizes)s") % {"sizes": ", ".join(sizes)} if sizes else "",
    ]
    # Translators: "evidence" is such as "assessed"; "conditions" may be empty or such as ", from 1 Jan 2026"; "place"
    # is such as "where the person lived when they first achieved what counts".
    return _(
        "%(measure)s (version %(number)s): a person counts once, on the day of the first completion that is at least"
        " %(evidence)s%(conditions)s. The region is %(place)s."
    ) % {
        "measure": version.measure,
        "number": version.number,
        "evidence": Evidence(version.evidence).label,
        "conditions": "".join(conditions),
        "place": MeasureVersion.Geography(version.geography).label,
    }


def chosen(kind: str, code: str, rows: dict[str, Named]) -> Named | None:
    """The row with this code; None if none is asked for."""
    if not code:
        return None
    if code not in rows:
        raise UnknownCodeError(kind, code, rows)
    return rows[code]


def leading_measure(measures: list[MeasureVersion], targets: list[Target]) -> MeasureVersion:
    """The measure of the first target that is set on a current version, else the first measure."""
    rows = {version.pk: version for version in measures}
    return next(
        (rows[target.measure_version_id] for target in targets if target.measure_version_id in rows), measures[0]
    )
