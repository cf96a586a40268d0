from collections.abc import Iterable, Iterator
from datetime import date
from itertools import groupby, islice
from operator import attrgetter, itemgetter
from typing import Any, NamedTuple

from django.db import migrations

from programs.tenancy import AppendOnly, SameProgram

BLOCK = 20_000  # rows read, and lines written, at a time

# Every moment at which something was booked becomes a posting.
OPEN_THE_BOOKS = """
    INSERT INTO counting_ledger (program_id, number, closed_until)
    SELECT program.id, 0, coalesce(max(old.booked_at), '1970-01-01+00')
    FROM programs_program program LEFT JOIN counting_oldentry old ON old.program_id = program.id GROUP BY program.id;

    INSERT INTO counting_lane (program_id, number)
    SELECT program.id, number FROM programs_program program, generate_series(0, 7) number;

    INSERT INTO counting_posting (program_id, number, posted_at, people, reason)
    SELECT program_id, row_number() OVER (PARTITION BY program_id ORDER BY booked_at), booked_at,
           count(DISTINCT person_id), ''
    FROM counting_oldentry GROUP BY program_id, booked_at;

    UPDATE counting_ledger SET number = last.number
    FROM (SELECT program_id, max(number) AS number FROM counting_posting GROUP BY program_id) last
    WHERE last.program_id = counting_ledger.program_id;
"""

# Everybody is looked at again: the new ledger knows more than the old one did.
COUNT_AND_MARK = """
    DROP TABLE counting_oldentry;

    INSERT INTO counting_count
        (program_id, measure_version_id, grouping, partner_id, day, region, people)
    SELECT program_id, measure_version_id, 'partner-month-region', partner_id, date_trunc('month', day)::date, region,
           sum(people)
    FROM counting_count WHERE grouping = 'partner-day-region'
    GROUP BY program_id, measure_version_id, partner_id, date_trunc('month', day), region;

    DELETE FROM counting_count WHERE grouping = 'partner-day-region';

    INSERT INTO achievements_dirtyperson (program_id, person_id, marked_at)
    SELECT DISTINCT program_id, person_id, now() FROM achievements_achievement;

    SET CONSTRAINTS ALL IMMEDIATE;
"""

# An entry of the whole comes with the partner of the achievement that decided it.
OLD_ENTRIES = """
    SELECT old.program_id, old.measure_version_id, old.person_id, posting.id,
           coalesce(old.partner_id, fact.partner_id), old.partner_id IS NULL, old.achievement_id,
           old.day, old.region, old.sector, old.employer_size, old.age_band, old.quantity, old.cause
    FROM counting_oldentry old
    JOIN counting_posting posting ON posting.program_id = old.program_id AND posting.posted_at = old.booked_at
    LEFT JOIN achievements_achievement fact ON fact.id = old.achievement_id AND old.partner_id IS NULL
    ORDER BY old.program_id, old.measure_version_id, old.person_id, old.booked_at, old.id
"""
NEW_LINES = """
    COPY counting_ledgerentry
        (program_id, measure_version_id, person_id, posting_id, partner_id, step, achievement_id,
         day, region, sector, employer_size, age_band, part, whole, cause)
    FROM STDIN
"""


class OddBookingError(Exception):
    """What was booked for somebody cannot have come about by settling, so nobody can say what it meant."""


class Cell(NamedTuple):
    day: date
    region: str
    sector: str
    employer_size: str
    age_band: str


class OldEntry(NamedTuple):
    """One booking of the old ledger, of a partner's part or of the whole."""

    posting: int
    partner: int
    is_whole: bool
    achievement: int
    cell: Cell
    quantity: int
    cause: str


class Line(NamedTuple):
    """One entry of the new ledger."""

    posting: int
    partner: int
    step: int
    achievement: int
    cell: Cell
    part: int
    whole: int
    cause: str


class Standing(NamedTuple):
    """Where one person counts in one measure version: by partner with which achievement, and the whole."""

    parts: dict[int, tuple[int, Cell]]
    cell: Cell | None  # of the whole
    first: int | None  # the partner at whom the whole stands

    def after(self, entries: list[OldEntry]) -> "Standing":
        """What stands after the entries of one moment."""
        parts, cell, deciding = dict(self.parts), self.cell, None
        for entry in entries:
            was = cell if entry.is_whole else parts.get(entry.partner, (0, None))[1]
            if was != (None if entry.quantity > 0 else entry.cell):
                raise OddBookingError(f"enters or leaves {entry.cell} while counting in {was}")
            if entry.is_whole:
                cell, deciding = (entry.cell, entry.partner) if entry.quantity > 0 else (None, None)
            elif entry.quantity > 0:
                parts[entry.partner] = entry.achievement, entry.cell
            else:
                del parts[entry.partner]
        return Standing(parts, cell, _first(parts, cell, deciding, self.first))


def _first(
    parts: dict[int, tuple[int, Cell]], cell: Cell | None, deciding: int | None, before: int | None
) -> int | None:
    """The partner of the achievement that decides the whole; else the one where it stood; else any in its cell."""
    there = sorted(partner for partner, (_, own) in parts.items() if own == cell)
    if cell is not None and not there:
        raise OddBookingError(f"counts in the whole in {cell}, and there with no partner")
    return next((partner for partner in (deciding, before) if partner in there), there[0] if there else None)


def rebook(entries: Iterable[OldEntry]) -> Iterator[Line]:
    """The lines that book what the old entries of one person and measure version booked, moment by moment.

    The entries come in the order of booking. The old ledger booked nothing where another achievement came to decide the
    same cell, so who leaves does so with the achievement with which they came. Raises `OddBookingError`.
    """
    stands, steps = Standing({}, None, None), dict[int, int]()
    for posting, group in groupby(entries, attrgetter("posting")):
        moment = list(group)
        then = stands.after(moment)
        for line in _differences(stands, then, moment):
            steps[line.partner] = steps.get(line.partner, 0) + 1
            yield line._replace(posting=posting, step=steps[line.partner])
        stands = then


def _differences(before: Standing, after: Standing, moment: list[OldEntry]) -> Iterator[Line]:
    """What takes a person from `before` to `after`, without number of posting and step.

    What changes the whole says why the whole changed: its own cause, or why its partner left the cell.
    """
    causes = {None if entry.is_whole else entry.partner: entry.cause for entry in moment}
    why_whole = causes.get(None) or causes.get(before.first)
    for partner in sorted(before.parts.keys() | after.parts.keys()):
        was, now = before.parts.get(partner), after.parts.get(partner)
        lost, gained = int(partner == before.first), int(partner == after.first)
        if was and was != now:
            yield Line(0, partner, 0, *was, -1, -lost, why_whole if lost else causes[partner])
        if now and was != now:
            yield Line(0, partner, 0, *now, 1, gained, why_whole if gained else causes[partner])
        elif now and lost != gained:
            yield Line(0, partner, 0, *now, 0, gained - lost, why_whole)


def book_again(apps: Any, schema_editor: Any) -> None:  # noqa: ANN401
    """Reads the old ledger in order and writes the new one, in blocks: while one is written nothing can be read."""
    with schema_editor.connection.chunked_cursor() as old, schema_editor.connection.cursor() as cursor:
        old.execute(OLD_ENTRIES)
        lines = _all_lines(iter(lambda: old.fetchmany(BLOCK), []))
        while block := list(islice(lines, BLOCK)):
            with cursor.copy(NEW_LINES) as copy:
                for line in block:
                    copy.write_row(line)


def _all_lines(blocks: Iterable[list[tuple[Any, ...]]]) -> Iterator[tuple[Any, ...]]:
    rows = (row for block in blocks for row in block)
    for whose, own in groupby(rows, itemgetter(0, 1, 2)):
        entries = (OldEntry(*row[3:7], Cell(*row[7:12]), *row[12:]) for row in own)
        try:
            for line in rebook(entries):
                yield *whose, *line[:4], *line.cell, *line[5:]
        except OddBookingError as odd:
            raise OddBookingError(f"Program {whose[0]}, measure version {whose[1]}: person {whose[2]} {odd}.") from odd


class Migration(migrations.Migration):
    """What the old ledger booked is booked again, so that every figure as of every moment stays what it was.

    It had a line for each change of a part and one for each of the whole; the new one books both in one line.
    """

    dependencies = [
        ("counting", "0006_entries_book_part_and_whole"),
        ("achievements", "0004_turns_and_lanes"),
        ("programs", "0003_append_only"),
    ]
    run_before = [("achievements", "0007_dirty_people")]  # it marks people in the queue as it was

    operations = [
        migrations.RunSQL(OPEN_THE_BOOKS),
        migrations.RunPython(book_again),
        migrations.RunSQL(COUNT_AND_MARK),
        SameProgram("counting_recount", "repaired_by_id", "counting_posting"),
        AppendOnly("counting_posting"),
        AppendOnly("counting_ledgerentry"),
    ]
