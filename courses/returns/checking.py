"""Cell by cell: what one row of a return means under its profile, or which cell keeps it in quarantine."""

import hmac
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from hashlib import sha256
from typing import NamedTuple
from unicodedata import decimal, normalize

from courses.achievements.operations import fact_key
from courses.catalogue.models import Course
from people.identities import EMAIL, digest, identity_key, normalised
from programs.models import Code, Evidence, Partner, Program

from .models import ReturnRow
from .profiles import DESCRIBING, NO_ACHIEVEMENT, Codes, Definition
from .profiles.definition import LISTED
from .profiles.fitting import PARTNERS_OWN
from .reading import Row

EVIDENCE = {str(level.label): int(level) for level in Evidence} | {NO_ACHIEVEMENT: 0}
EARLIEST = date(1900, 1, 1)
LONGEST_VALUE, LONGEST_IDENTIFIER = 200, 200
LONGEST_SEARCHED = LONGEST_VALUE + LONGEST_IDENTIFIER  # what begins in the part that would be shown
LONGEST = {"employer": 80, "occupation": 20}
TELLING = 4  # characters: a shorter identifier stands in many a cell by chance
TELLING_DIGITS = 4
EMAIL_PATTERN = r"[^@\s]+@[^@\s]+\.[^@\s]+"
DAY_SHAPE = re.compile(r"(1[89]|2[01])\d\d([-./])\d\d?\2\d\d?|\d\d?([-./])\d\d?\3(1[89]|2[01])\d\d", re.ASCII)
HIDDEN = "(hidden: it may identify a person)"


class Staged(NamedTuple):
    """A row as it is copied into the temporary table; the names are that table's columns."""

    number: int
    outcome: str
    column: str = ""
    value: str = ""
    reason: str = ""
    key: bytes | None = None
    said: bytes | None = None
    person: bytes | None = None
    course_id: int | None = None
    evidence: int | None = None
    achieved_on: date | None = None
    region: str = ""
    sector: str = ""
    employer: str = ""
    employer_size: str = ""
    age_band: str = ""
    occupation: str = ""


class CellFaultError(Exception):
    def __init__(self, column: str, cell: str, reason: str) -> None:
        super().__init__(reason)
        self.column, self.cell, self.reason = column, cell, reason


@dataclass(frozen=True)
class Identifiers:
    """How the partner's persons are known. Identifiers leave this class as keyed hashes only."""

    key: bytes
    scheme: str
    name: str
    pattern: re.Pattern[str] | None

    @classmethod
    def of(cls, definition: Definition, program: Program, partner: Partner) -> "Identifiers":
        key = identity_key(program)
        if definition.scheme == PARTNERS_OWN:
            return cls(key, f"partner:{partner.code}", "a number", None)
        if definition.scheme == EMAIL:
            return cls(key, EMAIL, "an e-mail address", re.compile(EMAIL_PATTERN))
        scheme = next(scheme for scheme in program.identity_schemes if scheme["code"] == definition.scheme)
        return cls(key, scheme["code"], scheme["name"], re.compile(scheme["pattern"], re.IGNORECASE | re.ASCII))

    def hashed(self, column: str, cell: str) -> bytes:
        if not cell:
            raise CellFaultError(column, cell, "the person's identifier is missing")
        compact = "".join(normalize("NFKC", cell).split()).replace("-", "")
        if len(compact) > LONGEST_IDENTIFIER or (self.pattern and not self.pattern.fullmatch(compact)):
            raise CellFaultError(column, cell, f"does not look like {self.name}")
        return digest(self.key, self.scheme, cell)

    def shown_in(self, cell: str, identifier: str) -> bool:
        """Whether the cell shows the row's identifier, or anything that could be one, however it is spelt."""
        folded, bare, bare_identifier = normalised(self.scheme, cell), _bare(cell), _bare(identifier)
        is_part = len(bare_identifier) >= TELLING and bare_identifier in bare
        return "@" in folded or is_part or bare == bare_identifier or self._fits_in(folded, bare)

    def _fits_in(self, folded: str, bare: str) -> bool:
        if self.pattern is None:
            return sum(map(str.isdigit, bare)) >= TELLING_DIGITS
        return any(self.pattern.search(form) for form in (folded, bare))


def _bare(text: str) -> str:
    """Only the letters and digits of a text, every digit as 0 to 9: what is left of an identifier in any spelling."""
    folded = normalize("NFKC", text).casefold()
    return "".join(str(decimal(character, character)) for character in folded if character.isalnum())


class RowChecker:
    """Checks the rows of one return. `today` is the last day on which something can have been achieved."""

    def __init__(
        self, definition: Definition, names: list[str], program: Program, partner: Partner, *, today: date
    ) -> None:
        self.definition, self.partner, self.today = definition, partner, today
        self.width = len(names)
        self.at = {column: names.index(column) for column in definition.columns}
        self.identifiers = Identifiers.of(definition, program, partner)
        self.courses = _courses_of(program)
        self.describing = _describing(definition, program)
        # The same few days stand in most rows.
        self.day: Callable[[str], date] = lru_cache(4096)(self._day)

    def check(self, row: Row) -> Staged:
        """The row to stage: accepted so far (whether it is a duplicate is seen later), or in quarantine."""
        if row.fault:
            return Staged(row.number, ReturnRow.Outcome.QUARANTINED, reason=f"the row {row.fault}")
        cells = {column: row.cells[place].strip() for column, place in self.at.items()}
        try:
            return self._accepted(row.number, cells)
        except CellFaultError as fault:
            return self._quarantined(row.number, fault, cells[self.definition.person_column])

    def _accepted(self, number: int, cells: dict[str, str]) -> Staged:
        definition = self.definition
        for column, cell in cells.items():
            if "\0" in cell:
                raise CellFaultError(column, cell, "has a NUL character")
        person = self.identifiers.hashed(definition.person_column, cells[definition.person_column])
        course_id = self._course_id(cells)
        evidence = self._evidence(cells)
        achieved_on = self.day(cells[definition.day_column])
        describing = {name: code_of(cells) for name, code_of in self.describing.items()}
        known_as = cells | {definition.person_column: person.hex()}
        return Staged(
            number, ReturnRow.Outcome.ACCEPTED, "", "", "",
            self._key(known_as, evidence), self._said(known_as),
            person, course_id, evidence, achieved_on, **describing,
        )  # fmt: skip

    def _quarantined(self, number: int, fault: CellFaultError, identifier: str) -> Staged:
        is_hidden = fault.cell and self._may_name_somebody(fault, identifier)
        value = HIDDEN if is_hidden else fault.cell.replace("\0", "␀")[:LONGEST_VALUE]
        return Staged(number, ReturnRow.Outcome.QUARANTINED, fault.column[:LONGEST_VALUE], value, fault.reason)

    def _may_name_somebody(self, fault: CellFaultError, identifier: str) -> bool:
        definition = self.definition
        if fault.column == definition.day_column and DAY_SHAPE.fullmatch(fault.cell):
            return _bare(fault.cell) == _bare(identifier)
        is_course_or_number = fault.column == definition.course.column and definition.scheme == PARTNERS_OWN
        is_person = fault.column == definition.person_column
        return is_person or is_course_or_number or self.identifiers.shown_in(fault.cell[:LONGEST_SEARCHED], identifier)

    def _course_id(self, cells: dict[str, str]) -> int:
        column = self.definition.course.column
        code = self._meaning(self.definition.course, cells[column], "course")
        course = self.courses.get(code)
        if course is None:
            raise CellFaultError(column, cells[column], "unknown course")
        if course.partner_id not in (None, self.partner.pk):
            raise CellFaultError(column, cells[column], "the course belongs to another partner")
        return course.pk

    def _evidence(self, cells: dict[str, str]) -> int:
        column = self.definition.result.column
        return EVIDENCE[self._meaning(self.definition.result, cells[column], "result")]

    @staticmethod
    def _meaning(codes: Codes, cell: str, kind: str) -> str:
        if not cell:
            raise CellFaultError(codes.column, cell, f"the {kind} is missing")
        if codes.values and cell not in codes.values:
            raise CellFaultError(codes.column, cell, f"unknown {kind}")
        return codes.values.get(cell, cell)

    def _day(self, cell: str) -> date:
        column, layout = self.definition.day_column, self.definition.day_format
        if not cell:
            raise CellFaultError(column, cell, "the day is missing")
        try:
            day = datetime.strptime(cell, layout).date()  # noqa: DTZ007 - a day has no time zone
        except ValueError:
            raise CellFaultError(
                column, cell, f"is no day that exists, written as {date(2026, 12, 31):{layout}}"
            ) from None
        if day > self.today:
            raise CellFaultError(column, cell, "the day lies in the future")
        if day < EARLIEST:
            raise CellFaultError(column, cell, "the day lies before 1900")
        return day

    def _key(self, known_as: dict[str, str], evidence: int) -> bytes:
        """What makes the record one: the partner, the partner's own key of it, and the level of evidence.

        The key is made of keyed hashes, so that no identifier can be guessed from it.
        """
        parts = [known_as[column] for column in self.definition.record_key]
        for column, part in zip(self.definition.record_key, parts, strict=True):
            if not part:
                raise CellFaultError(column, part, "is missing, and the record is not known without it")
        return fact_key(self.partner.pk, self._hashed(parts).hex(), evidence)

    def _said(self, known_as: dict[str, str]) -> bytes:
        """Stands for all that the profile reads in the row, wherever its columns stand."""
        return self._hashed([part for item in sorted(known_as.items()) for part in item])

    def _hashed(self, parts: list[str]) -> bytes:
        return hmac.digest(self.identifiers.key, "\0".join(["record", *parts]).encode(), sha256)


def _courses_of(program: Program) -> dict[str, Course]:
    return {course.code: course for course in Course.objects.of(program)}


def _describing(definition: Definition, program: Program) -> dict[str, Callable[[dict[str, str]], str]]:
    """For each thing that describes a person on the day: how to read it from a row."""
    readers: dict[str, Callable[[dict[str, str]], str]] = {}
    for name in DESCRIBING:
        if name in definition.describing:
            known = _known_codes(name, program)
            readers[name] = _code_reader(name, definition.describing[name], known)
        elif name in definition.constants:
            readers[name] = _constant(definition.constants[name])
    return readers


def _known_codes(name: str, program: Program) -> frozenset[str] | None:
    if name not in LISTED:
        return None
    return frozenset(Code.objects.of(program, name).values_list("code", flat=True))


def _constant(code: str) -> Callable[[dict[str, str]], str]:
    return lambda cells: code


def _code_reader(name: str, codes: Codes, known: frozenset[str] | None) -> Callable[[dict[str, str]], str]:
    words = name.replace("_", " ")

    def read(cells: dict[str, str]) -> str:
        cell = cells[codes.column]
        if not cell:
            return ""
        code = codes.values.get(cell, "") if codes.values else cell
        if known is not None and code not in known:
            raise CellFaultError(codes.column, cell, f"unknown {words}")
        if len(code) > LONGEST.get(name, LONGEST_VALUE):
            raise CellFaultError(codes.column, cell, f"is longer than {LONGEST[name]} characters")
        return code

    return read
