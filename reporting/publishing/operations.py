"""The one way by which figures leave a program."""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from programs.models import MeasureVersion, Program
from programs.templatetags.figures import number
from reporting.counting.freshness import Freshness, freshness
from reporting.counting.models import counted_versions
from reporting.publishing.cells import CellKey, exact_cells
from reporting.publishing.disclosure import DisclosureRule, Figure, rule_of
from reporting.publishing.models import Publication, PublishedFigure
from reporting.publishing.tables import Table, fixed_tables


@transaction.atomic
def publish_figures(program: Program, *, at: datetime) -> int:
    """Brings the program's published figures up to its counts, by its disclosure rule; answers how many moved.

    Twice is once, and two at the same time wait for each other. A figure is never removed: a cell that has lost its
    people shows what the rule shows for nobody. Raises `UnknownRuleError` if the program's rule does not exist.
    """
    # Not FOR UPDATE: that would make every insert of a row of this program wait.
    locked = Program.objects.select_for_update(of=("self",), no_key=True).get(pk=program.pk)
    rule = rule_of(locked, on=at.astimezone(ZoneInfo(locked.time_zone)).date())
    counted = freshness(locked, at=at)  # read before the counts: what is counted meanwhile makes it more true
    versions = list(counted_versions(locked, only_of_everybody=True))
    rows = moved_rows(locked, versions, rule, at=at)
    PublishedFigure.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["measure_version", "table", "label"],
        update_fields=["people", "shown", "exact_at_change", "rule", "changed_at"],
    )
    _note_publication(locked, rule, counted, has_moved=bool(rows))
    return len(rows)


def moved_rows(
    program: Program, versions: list[MeasureVersion], rule: DisclosureRule, *, at: datetime
) -> list[PublishedFigure]:
    """The figures that read otherwise than before, or under another rule, unsaved."""
    known = {row_key(row): row for row in PublishedFigure.objects.of(program).filter(measure_version__in=versions)}
    exact = exact_cells(versions)
    measures = {version.pk: version.measure.code for version in versions}
    rows = []
    for key in sorted(cells_to_publish(program, versions, known, exact)):
        before = known.get(key)
        figure = rule.figure(
            exact.get(key, 0),
            # Without the version: two versions that count the same people must not be rounded at two points.
            cell=f"{measures[key[0]]}\0{key[1]}\0{key[2]}",
            before=Figure(before.people, before.exact_at_change) if before and before.rule == rule.code else None,
        )
        row = as_row(program, key, figure, rule, at=at)
        if before is None and figure.people is None and key[1] == Table.BY_MONTH:
            continue  # a month is listed once its figure is shown: that it has people is news too
        if before is None or (before.shown, before.rule) != (row.shown, row.rule):
            rows.append(row)
    return rows


def cells_to_publish(
    program: Program, versions: list[MeasureVersion], known: Iterable[CellKey], exact: Iterable[CellKey]
) -> set[CellKey]:
    """Every row of the fixed tables, anybody in it or not, and whatever was published before or is counted."""
    fixed = list(fixed_tables(program).labels())
    return {(version.pk, *row) for version in versions for row in fixed} | {*known} | {*exact}


def row_key(row: PublishedFigure) -> CellKey:
    return row.measure_version_id, row.table, row.label


def as_row(program: Program, key: CellKey, figure: Figure, rule: DisclosureRule, *, at: datetime) -> PublishedFigure:
    return PublishedFigure(
        program=program,
        measure_version_id=key[0],
        table=key[1],
        label=key[2],
        people=figure.people,
        shown=rule.hidden_as if figure.people is None else number(figure.people, program),
        exact_at_change=figure.exact_at_change,
        rule=rule.code,
        changed_at=at,
    )


def _note_publication(program: Program, rule: DisclosureRule, counted: Freshness, *, has_moved: bool) -> None:
    row = Publication(
        program=program,
        rule=rule.code,
        as_of=counted.at,
        counted_until=counted.counted_until,
        changed_at=counted.at,
    )
    moves = ["changed_at"] if has_moved else []
    Publication.objects.bulk_create(
        [row],
        update_conflicts=True,
        unique_fields=["program"],
        update_fields=["rule", "as_of", "counted_until", *moves],
    )
