"""People in cells, as settling would leave them: the whole's two groupings and the partners' grain."""

from datetime import date

from django.db.models import F

from programs.models import MeasureVersion, Partner, Program
from reporting.counting.models import Count, OpenedMeasure
from reporting.publishing.models import PublishedFigure
from tests.factories import NOW, MeasureVersionFactory

Grouping = Count.Grouping


def add_people(
    version: MeasureVersion,
    people: int,
    *,
    day: date = date(2026, 3, 1),
    region: str = "N",
    sector: str = "A",
    partner: Partner | None = None,
) -> None:
    """Adds (or, if negative, takes away) people in one cell, in every grouping that publishing reads."""
    trained_by = partner or Partner.objects.own_courses_of(version.program)
    cells: list[dict[str, object]] = [
        {"grouping": Grouping.DAY_REGION, "day": day, "region": region},
        {"grouping": Grouping.REGION_SECTOR, "region": region, "sector": sector},
        {"grouping": Grouping.PARTNER_MONTH_REGION, "partner": trained_by, "day": day, "region": region},
    ]
    for cell in cells:
        count, _ = Count.objects.get_or_create(
            program=version.program, measure_version=version, **cell, defaults={"people": 0}
        )
        Count.objects.filter(pk=count.pk).update(people=F("people") + people)


def measure_of(program: Program, code: str = "people") -> MeasureVersion:
    """A measure that counts everybody, so that it may be published."""
    version = MeasureVersionFactory.create(program=program, measure__code=code)
    counts_everybody(version)
    return version


def counts_everybody(version: MeasureVersion) -> None:
    OpenedMeasure.objects.create(
        program=version.program, measure_version=version, opened_at=NOW, marked_at=NOW, settled_at=NOW
    )


def shown(version: MeasureVersion, table: str, label: str = "") -> str | None:
    """What is printed in a cell; None where it is not published."""
    row = PublishedFigure.objects.filter(measure_version=version, table=table, label=label).first()
    return row.shown if row else None
