"""What the API answers, built from published figures; exact ones are beside them for a token that may see them."""

from dataclasses import dataclass
from typing import NotRequired, TypedDict
from zoneinfo import ZoneInfo

from django.urls import reverse

from programs.models import MeasureVersion, Program, Target
from reporting.counting.models import counted_versions
from reporting.pacing.pace import Pace, pace_of
from reporting.publishing.cells import exact_cells
from reporting.publishing.definitions import definition_of
from reporting.publishing.disclosure import RULES
from reporting.publishing.models import Publication, PublishedFigure
from reporting.publishing.tables import Table, fixed_tables

NOT_FOR_PUBLICATION = "not for publication"
NOT_PUBLISHED = "not published"


class Row(TypedDict):
    table: str
    code: str
    name: str
    people: int | None
    shown: str
    exact: NotRequired[int]


@dataclass(frozen=True)
class Rule:
    code: str
    explanation: tuple[str, ...]


@dataclass(frozen=True)
class MeasureEntry:
    version: MeasureVersion
    targets: list[Target]

    @property
    def definition(self) -> str:
        return definition_of(self.version)

    @property
    def figures_url(self) -> str:
        return reverse("api-figures", args=[self.version.measure.program.code, self.version.measure.code])


@dataclass(frozen=True)
class ProgramDocument:
    program: Program
    rule: Rule
    publication: Publication | None
    measures: list[MeasureEntry]


@dataclass(frozen=True)
class TargetEntry:
    target: Target
    pace: Pace | None
    """From the published total; None without a due date, and where the total is hidden or not yet published."""


@dataclass(frozen=True)
class FiguresDocument:
    program: Program
    measure: MeasureEntry
    targets: list[TargetEntry]
    rule: Rule
    publication: Publication | None
    figures: list[Row]


def program_document(program: Program) -> ProgramDocument:
    publication = Publication.objects.of(program)
    versions = counted_versions(program).select_related("measure__program")
    targets = list(Target.objects.of(program))
    measures = [measure_entry(version, targets) for version in versions]
    return ProgramDocument(program, rule_shown(program, publication), publication, measures)


def figures_document(
    program: Program, version: MeasureVersion, *, tables: list[str], with_exact: bool
) -> FiguresDocument:
    """The measure's published figures, all tables or those named. Exact ones are of the moment of the question."""
    publication = Publication.objects.of(program)
    entry = measure_entry(version, list(Target.objects.of(program)))
    rows = with_exact_people(program, version) if with_exact else published_rows(program, version)
    total = next((row["people"] for row in rows if row["table"] == Table.TOTAL), None)
    return FiguresDocument(
        program=program,
        measure=entry,
        targets=[TargetEntry(target, pace_shown(target, total, publication)) for target in entry.targets],
        rule=rule_shown(program, publication),
        publication=publication,
        figures=[row for row in rows if not tables or row["table"] in tables],
    )


def measure_entry(version: MeasureVersion, targets: list[Target]) -> MeasureEntry:
    return MeasureEntry(version, [row for row in targets if row.measure_version.measure_id == version.measure_id])


def rule_shown(program: Program, publication: Publication | None) -> Rule:
    code = publication.rule if publication else program.disclosure_rule
    return Rule(code, RULES[code](b"").explanation if code in RULES else ())


def pace_shown(target: Target, people: int | None, publication: Publication | None) -> Pace | None:
    """Against the straight line on the day of the figures. The recent pace is no published figure: it has no part."""
    if people is None or publication is None:
        return None
    return pace_of(
        target=target.value,
        starts_on=target.starts_on,
        due_on=target.due_on,
        people=people,
        people_recently=0,
        today=publication.as_of.astimezone(ZoneInfo(target.program.time_zone)).date(),
    )


def published_rows(program: Program, version: MeasureVersion) -> list[Row]:
    names = fixed_tables(program)
    return [
        Row(table=row.table, code=row.label, name=names.name(row.table, row.label), people=row.people, shown=row.shown)
        for row in names.in_order(PublishedFigure.objects.of(program).filter(measure_version=version))
    ]


def with_exact_people(program: Program, version: MeasureVersion) -> list[Row]:
    """The published rows with the exact people beside them, and rows that have people but are not published."""
    names, exact = fixed_tables(program), exact_cells([version])
    known = {(row.table, row.label): row for row in PublishedFigure.objects.of(program).filter(measure_version=version)}
    unpublished = [
        PublishedFigure(table=table, label=label, people=None, shown=NOT_PUBLISHED)
        for _, table, label in exact
        if (table, label) not in known
    ]
    return [
        Row(
            table=row.table,
            code=row.label,
            name=names.name(row.table, row.label),
            people=row.people,
            shown=row.shown,
            exact=exact.get((version.pk, row.table, row.label), 0),
        )
        for row in names.in_order([*known.values(), *unpublished])
    ]
