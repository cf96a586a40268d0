from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from programs.access import OPERATOR, ProgramRequest, for_roles
from programs.models import MeasureVersion, Program, Role, Target
from reporting.counting.models import counted_versions
from reporting.publishing.definitions import definition_of
from reporting.publishing.disclosure import RULES
from reporting.publishing.models import Publication, PublishedFigure
from reporting.publishing.tables import HEADINGS, TITLES, FixedTables, Table, fixed_tables


@dataclass(frozen=True)
class ShownTable:
    code: str
    title: str
    heading: str
    """Of the column of names."""
    rows: list[tuple[str, str]]
    """Name and what is printed."""


@dataclass(frozen=True)
class ShownMeasure:
    version: MeasureVersion
    targets: list[Target]
    total: str
    tables: list[ShownTable]

    @property
    def definition(self) -> str:
        return definition_of(self.version)


@for_roles(Role.MINISTRY, Role.PROGRAM_MANAGER, OPERATOR)
def figures(request: ProgramRequest) -> HttpResponse:
    """Published figures only: exact ones are on the dashboard of those who run the program."""
    program = request.program
    publication = Publication.objects.of(program)
    rule = RULES.get(publication.rule if publication else program.disclosure_rule)
    return render(
        request,
        "publishing/figures.html",
        {
            "publication": publication,
            "rule": rule(b"") if rule else None,
            "measures": shown_measures(program),
        },
    )


def shown_measures(program: Program) -> list[ShownMeasure]:
    tables = fixed_tables(program)
    figures = tables.in_order(PublishedFigure.objects.of_current_measures(program))
    targets = list(Target.objects.of(program))
    return [
        shown_measure(
            version,
            [target for target in targets if target.measure_version.measure_id == version.measure_id],
            [figure for figure in figures if figure.measure_version_id == version.pk],
            tables,
        )
        for version in counted_versions(program)
    ]


def shown_measure(
    version: MeasureVersion, targets: list[Target], figures: Iterable[PublishedFigure], names: FixedTables
) -> ShownMeasure:
    rows: dict[str, list[tuple[str, str]]] = {table: [] for table in TITLES}
    for figure in figures:
        shown = figure.shown if figure.people is not None else gettext(figure.shown)
        rows[figure.table].append((names.name(figure.table, figure.label), shown))
    total = rows.pop(Table.TOTAL)
    return ShownMeasure(
        version,
        targets,
        total[0][1] if total else "",
        [
            ShownTable(table, str(TITLES[Table(table)]), str(HEADINGS[Table(table)]), lines)
            for table, lines in rows.items()
            if lines
        ],
    )
