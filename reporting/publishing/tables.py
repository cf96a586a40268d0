"""The fixed list of published tables: which rows each has, in which order, and what the rows are called."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from babel.dates import format_date
from django.utils.translation import gettext_lazy as _

from programs.locales import word_locale
from programs.models import Code, Partner, Program
from reporting.publishing.models import PublishedFigure

Table = PublishedFigure.Table
TITLES = {
    Table.TOTAL: _("Everyone"),
    Table.BY_MONTH: _("By month of first achievement"),
    Table.BY_REGION: _("By region"),
    Table.BY_SECTOR: _("By sector"),
    Table.BY_PARTNER: _("By partner"),
}
HEADINGS = {
    Table.TOTAL: "",
    Table.BY_MONTH: _("Month"),
    Table.BY_REGION: _("Region"),
    Table.BY_SECTOR: _("Sector"),
    Table.BY_PARTNER: _("Partner"),
}
NOT_STATED = _("Not stated")


@dataclass(frozen=True)
class FixedTables:
    """Label and name of every row that is published whether or not anybody is in it, by table.

    Months are not among them: which months have people is itself news, so a month is listed once its figure is shown.
    """

    program: Program
    rows: dict[str, dict[str, str]] = field(repr=False)

    def labels(self) -> Iterator[tuple[str, str]]:
        return ((table, label) for table, rows in self.rows.items() for label in rows)

    def name(self, table: str, label: str) -> str:
        """The row's name in the reader's language; the code itself for a row whose code is no longer in its list."""
        if table == Table.BY_MONTH:
            return format_date(date.fromisoformat(f"{label}-01"), "LLLL y", locale=word_locale(self.program))
        return self.rows[table].get(label, label)

    def in_order(self, figures: Iterable[PublishedFigure]) -> list[PublishedFigure]:
        """Tables in their fixed order, rows in the order of the program's lists, months by time."""
        tables = list(Table.values)
        places = {key: place for place, key in enumerate(self.labels())}
        end = len(places)
        return sorted(figures, key=lambda f: (tables.index(f.table), places.get((f.table, f.label), end), f.label))


def fixed_tables(program: Program) -> FixedTables:
    lists: dict[str, dict[str, str]] = {Code.Kind.REGION: {}, Code.Kind.SECTOR: {}}
    for code in Code.objects.filter(program=program, kind__in=list(lists)).order_by("position", "pk"):
        lists[code.kind][code.code] = code.name
    partners = dict(Partner.objects.filter(program=program).order_by("name", "code").values_list("code", "name"))
    not_stated = {"": str(NOT_STATED)}
    return FixedTables(
        program,
        {
            Table.TOTAL: {"": str(TITLES[Table.TOTAL])},
            Table.BY_REGION: lists[Code.Kind.REGION] | not_stated,
            Table.BY_SECTOR: lists[Code.Kind.SECTOR] | not_stated,
            Table.BY_PARTNER: partners,
        },
    )
