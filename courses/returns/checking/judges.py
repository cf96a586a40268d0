"""What a cell means: one judge for each column that a profile reads. All raise `CellFaultError`."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pyarrow as pa

from courses.catalogue.models import Course
from courses.returns.profiles import DESCRIBING, NO_ACHIEVEMENT, Codes, Days, Definition
from courses.returns.profiles.definition import LISTED
from people.identities import Hasher, normalised, without_marks
from people.keys import IdentityKeys
from programs.models import Code, Evidence, Partner, Program

from .faults import CellFaultError
from .vocabulary import Vocabulary, vocabulary

EVIDENCE = {level.name.lower(): int(level) for level in Evidence} | {NO_ACHIEVEMENT: 0}
EARLIEST = date(1900, 1, 1)
LONGEST_VALUE = 200
LONGEST = {"employer": 80, "occupation": 20, "name": 200}
MOST_MINUTES = 10_000_000
MOST_EMPLOYEES = 10_000_000
CONTACTS = ("email", "phone", "account")
MIDNIGHT = 10  # characters of 2026-12-31, behind which a time may stand
Values = tuple[object, ...]


class Judge(NamedTuple):
    """Reads a column: what the staged columns `targets`, of these types, get for a cell. `words` are those of codes."""

    column: str
    targets: dict[str, pa.DataType]
    values_of: Callable[[str], Values]
    words: Vocabulary | None = None


def course_judge(definition: Definition, program: Program, partner: Partner) -> Judge:
    """A course is named by its code, or by its title if the partner may report it."""
    courses = {course.code: course for course in Course.objects.of(program)}
    ours = (None, partner.pk)
    titles = {code: [course.title] if course.partner_id in ours else [] for code, course in courses.items()}
    words = vocabulary(definition.course, titles)

    def values_of(cell: str) -> Values:
        course = courses.get(_stated(words, cell, "course"))
        if course is None:
            raise CellFaultError(words.column, cell, "unknown course")
        if course.partner_id not in ours:
            raise CellFaultError(words.column, cell, "the course belongs to another partner")
        return (course.pk,)

    return Judge(words.column, {"course_id": pa.int64()}, values_of, words)


def evidence_judge(definition: Definition) -> Judge:
    words = vocabulary(definition.result, dict.fromkeys(EVIDENCE, ()))

    def values_of(cell: str) -> Values:
        return (EVIDENCE[_stated(words, cell, "result")],)

    return Judge(words.column, {"evidence": pa.int16()}, values_of, words)


def _stated(words: Vocabulary, cell: str, kind: str) -> str:
    if not cell:
        raise CellFaultError(words.column, cell, f"the {kind} is missing")
    return words.meaning(cell, kind)


@dataclass(frozen=True)
class Moments:
    """Days, with a time or without. 2026-12-31 is always understood, also with T or a space and the time behind it.

    A time without a zone is the place's own. One with a zone is a moment, which has its day and hour in `zone`; without
    a `zone`, as of birth dates, the day is the one that is written.
    """

    days: Days
    today: date
    zone: ZoneInfo | None = None

    def read(self, cell: str) -> tuple[date, datetime | None]:
        """The day, and the moment if the cell says the time."""
        moment, has_time = self._parsed(cell, without_marks(cell))
        if moment.date() > self.today:
            raise CellFaultError(self.days.column, cell, "the day lies in the future")
        if moment.date() < EARLIEST:
            raise CellFaultError(self.days.column, cell, "the day lies before 1900")
        return moment.date(), moment if has_time else None

    def _parsed(self, cell: str, text: str) -> tuple[datetime, bool]:
        try:
            return self._local(datetime.strptime(text, self.days.format)), "%H" in self.days.format  # noqa: DTZ007
        except (ValueError, OverflowError):
            pass
        try:
            return self._local(datetime.fromisoformat(text)), len(text) > MIDNIGHT
        except (ValueError, OverflowError):
            raise CellFaultError(self.days.column, cell, self._unreadable(cell)) from None

    def _local(self, moment: datetime) -> datetime:
        return (moment.astimezone(self.zone) if moment.tzinfo and self.zone else moment).replace(tzinfo=None)

    def _unreadable(self, cell: str) -> str:
        if cell.isascii() and cell.isdecimal() and len(cell) == len("46000"):
            return "is Excel's count of days: format the column as a date before you save it as CSV"
        return f"is no day that exists, written as {date(2026, 12, 31):{self.days.format}}"


def day_judge(definition: Definition, today: date, zone: ZoneInfo) -> Judge:
    moments = Moments(definition.day, today, zone)

    def values_of(cell: str) -> Values:
        if not cell:
            raise CellFaultError(definition.day.column, cell, "the day is missing")
        return moments.read(cell)

    return Judge(definition.day.column, {"achieved_on": pa.date32(), "finished_at": pa.timestamp("s")}, values_of)


def time_judges(definition: Definition, today: date, zone: ZoneInfo) -> Iterator[Judge]:
    """Of how long a course took, and of how many people work for the employer."""
    if definition.started:
        yield started_judge(definition.started, today, zone)
    if definition.minutes:
        yield number_judge(definition.minutes, "minutes", MOST_MINUTES)
    if definition.employees:
        yield number_judge(definition.employees, "employees", MOST_EMPLOYEES)


def personal_judges(definition: Definition, keys: IdentityKeys, today: date) -> Iterator[Judge]:
    """Of what helps to tell persons apart."""
    columns = definition.particulars
    if "name" in columns:
        yield name_judge(columns["name"])
    if "born_on" in columns:
        yield born_on_judge(Days(columns["born_on"], definition.born_on_format), today)
    for name in CONTACTS:
        if name in columns:
            yield contact_judge(name, columns[name], keys.hasher(name))


def started_judge(days: Days, today: date, zone: ZoneInfo) -> Judge:
    moments = Moments(days, today, zone)

    def values_of(cell: str) -> Values:
        return (moments.read(cell)[1] if cell else None,)

    return Judge(days.column, {"started_at": pa.timestamp("s")}, values_of)


def born_on_judge(days: Days, today: date) -> Judge:
    moments = Moments(days, today)

    def values_of(cell: str) -> Values:
        return (moments.read(cell)[0] if cell else None,)

    return Judge(days.column, {"born_on": pa.date32()}, values_of)


def number_judge(column: str, target: str, most: int) -> Judge:
    """A whole number; an empty cell is not stated."""

    def values_of(cell: str) -> Values:
        if not cell:
            return (None,)
        if not (cell.isascii() and cell.isdecimal() and len(cell) <= len(str(most)) and int(cell) <= most):
            raise CellFaultError(column, cell, f"is no whole number from 0 to {most:,}")
        return (int(cell),)

    return Judge(column, {target: pa.int32()}, values_of)


def code_judges(definition: Definition, program: Program) -> list[Judge]:
    """Of each thing that describes a person on the day and has a column."""
    given = {name: definition.describing[name] for name in DESCRIBING if name in definition.describing}
    return [
        code_judge(name, codes, _known_codes(name, program)) if name in LISTED else text_judge(name, codes.column)
        for name, codes in given.items()
    ]


def _known_codes(name: str, program: Program) -> dict[str, list[str]]:
    """The codes of a list, each with its names in the program's languages."""
    return {code.code: list(code.names.values()) for code in Code.objects.of(program, name)}


def code_judge(name: str, codes: Codes, known: Mapping[str, list[str]]) -> Judge:
    words, kind = vocabulary(codes, known), name.replace("_", " ")

    def values_of(cell: str) -> Values:
        code = words.meaning(cell, kind) if cell else ""
        if code and code not in known:
            raise CellFaultError(codes.column, cell, f"unknown {kind}")
        return (code,)

    return Judge(codes.column, {name: pa.string()}, values_of, words)


def text_judge(name: str, column: str) -> Judge:
    """What describes a person in the partner's own words; empty is not stated."""

    def values_of(cell: str) -> Values:
        return (within_length(name, column, cell, cell),)

    return Judge(column, {name: pa.string()}, values_of)


def within_length(name: str, column: str, cell: str, text: str) -> str:
    longest = LONGEST.get(name, LONGEST_VALUE)
    if len(text) > longest:
        raise CellFaultError(column, cell, f"is longer than {longest} characters")
    return text


def name_judge(column: str) -> Judge:
    def values_of(cell: str) -> Values:
        return (within_length("name", column, cell, " ".join(cell.split())),)

    return Judge(column, {"name": pa.string()}, values_of)


def contact_judge(name: str, column: str, hasher: Hasher) -> Judge:
    """An e-mail address, telephone or account, of which only a keyed hash goes on; empty is not stated."""

    def values_of(cell: str) -> Values:
        text = within_length(name, column, cell, normalised(name, cell))
        return (f"\\x{hasher.digests([text])[0].hex()}" if text else None,)

    return Judge(column, {name: pa.string()}, values_of)
