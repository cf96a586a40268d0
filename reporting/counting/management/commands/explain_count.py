from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_skeleton, format_timedelta
from babel.numbers import format_decimal
from django.core.management.base import BaseCommand, CommandError, CommandParser

from programs.models import Program
from reporting.counting.choices import Choices, UnknownCodeError
from reporting.counting.clock import database_now
from reporting.counting.explanation import Explanation, Grid, Standing, cause_lines
from reporting.counting.history import Change, Figure
from reporting.counting.moments import MomentRefusedError, closed_moment, refuse_reversed


class Command(BaseCommand):
    help = "Says how a count came to be, as of any moment: its measure, cells, partners and causes. Names no person."

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:  # noqa: ANN401
        # Here --version is that of a measure; Django's own is still `manage.py version`.
        return super().create_parser(prog_name, subcommand, conflict_handler="resolve", **kwargs)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("program", help="code of the program")
        parser.add_argument("measure", nargs="?", default="", help="code of the measure; else that of the first target")
        parser.add_argument("--version", default="", dest="number", help="number of its version; else the newest")
        parser.add_argument("--region", default="", help="code of a region")
        parser.add_argument("--sector", default="", help="code of a sector")
        parser.add_argument("--partner", default="", help="code of a partner: its part instead of the whole")
        parser.add_argument("--as-of", default="", help="a date (its end) or a moment; else now")
        parser.add_argument("--since", default="", help="with --until: what changed the figure after this date")
        parser.add_argument("--until", default="", help="the end of the revision; else the moment of --as-of")

    def handle(self, *, program: str, **options: Any) -> None:  # noqa: ANN401
        try:
            self.explain(found(program), options)
        except (UnknownCodeError, MomentRefusedError) as error:
            raise CommandError(str(error)) from None

    def explain(self, program: Program, options: dict[str, Any]) -> None:
        choices = Choices.of(program)
        codes = {name: options[name] for name in ("measure", "region", "sector", "partner")}
        figure = choices.figure(**codes, version=options["number"])
        until = closed_moment(program, options["as_of"])
        period = period_of(program, options["since"], options["until"], until_else=until)
        self.program = program
        self.show_figure(Explanation.of(figure, choices, until=until))
        if period:
            self.show_revision(figure, *period)
        self.show_standing(Standing.of(program, at=database_now()))

    def show_figure(self, shown: Explanation) -> None:
        self.stdout.write(self.number(shown.people) + " people")
        self.stdout.write(f"as of {self.moment(shown.until)}")
        self.stdout.write(f"of {shown.place}")
        self.stdout.write(shown.choices.definition(shown.figure.version))
        if posting := shown.last_posting:
            self.stdout.write(
                f"The last posting until then is number {posting.number}, {self.moment(posting.posted_at)}."
            )
        versions = [(f"version {version.number}", self.number(people)) for version, people in shown.versions]
        self.show_table("Under every version of the measure", ["people"], versions)
        self.show_causes("By cause", shown.causes)
        self.show_table(
            "By month of the achievement", ["people"],
            [(format_skeleton("yMMM", month, locale=self.locale), self.number(n)) for month, n in shown.months],
        )  # fmt: skip
        self.show_partners(shown)
        self.show_grid("By employer size and age", shown.sizes)
        self.show_grid("By region and sector", shown.cells)

    def show_partners(self, shown: Explanation) -> None:
        rows = [
            (part.partner.name, self.number(part.people), self.number(part.first), self.number(part.elsewhere))
            for part in shown.parts
        ]
        self.show_table("By partner", ["people", "of whom first here", "first elsewhere"], rows)
        if not shown.is_part:
            self.stdout.write(
                f"The parts add up to {self.number(shown.parts_together)}: {self.number(shown.excess)} more than the"
                " whole, for people whom several partners trained."
            )

    def show_revision(self, figure: Figure, since: datetime, until: datetime) -> None:
        title = f"Booked after {self.moment(since)}, until {self.moment(until)}"
        self.show_causes(title, cause_lines(figure.by_cause(until, since=since)))

    def show_standing(self, standing: Standing) -> None:
        fresh, recount = standing.freshness, standing.recount
        self.stdout.write(
            f"\nCounted until {self.moment(fresh.counted_until)}: {self.waiting(fresh.waiting, fresh.behind)}"
        )
        if recount is None:
            self.stdout.write("It has not been compared with a count from scratch yet: manage.py recount")
        else:
            self.stdout.write(
                f"Compared with a count from scratch {self.moment(recount.counted_at)}:"
                f" {self.number(recount.differences) if recount.differences else 'no'} differences."
            )

    def waiting(self, people: int, behind: timedelta) -> str:
        if not people:
            return "every fact until then is in these figures."
        return f"{self.number(people)} people wait, for {format_timedelta(behind, locale=self.locale)} at most."

    def show_causes(self, title: str, lines: Sequence[tuple[str, Change]]) -> None:
        rows = [(label, *self.amounts(change)) for label, change in lines]
        together = Change(sum(change.gained for _, change in lines), sum(change.lost for _, change in lines))
        self.show_table(title, ["gained", "lost", "net"], [*rows, ("together", *self.amounts(together))])

    def show_grid(self, title: str, grid: Grid) -> None:
        rows: list[tuple[str, str]] = []
        for _, name, cells, together in grid.rows:
            rows.append((name, self.number(together)))
            people = zip(grid.columns.values(), cells, strict=True)
            rows += [(f"    {column}", self.number(number)) for column, number in people if number]
        self.show_table(title, ["people"], rows)

    def show_table(self, title: str, heads: list[str], rows: Iterable[Sequence[str]]) -> None:
        lines = [("", *heads), *rows]
        widths = [max(len(line[place]) for line in lines) for place in range(len(heads) + 1)]
        self.stdout.write(f"\n{title}")
        for line in lines:
            cells = [line[0].ljust(widths[0]), *(c.rjust(w) for c, w in zip(line[1:], widths[1:], strict=True))]
            self.stdout.write("  " + "  ".join(cells).rstrip())

    def amounts(self, change: Change) -> tuple[str, str, str]:
        return self.number(change.gained), self.number(-change.lost), self.number(change.net)

    def number(self, value: int) -> str:
        return format_decimal(value, locale=self.locale)

    def moment(self, value: datetime) -> str:
        return value.astimezone(ZoneInfo(self.program.time_zone)).isoformat(sep=" ")

    @property
    def locale(self) -> str:
        return self.program.number_locale


def found(code: str) -> Program:
    program = Program.objects.filter(code=code).first()
    if program is None:
        raise UnknownCodeError("program", code, Program.objects.values_list("code", flat=True))
    return program


def period_of(program: Program, since: str, until: str, *, until_else: datetime) -> tuple[datetime, datetime] | None:
    """The two moments of a revision; None if none is asked for."""
    if not since:
        if until:
            raise MomentRefusedError("--until needs --since: a revision leads from one date to another.")
        return None
    period = closed_moment(program, since), closed_moment(program, until) if until else until_else
    refuse_reversed(*period)
    return period
