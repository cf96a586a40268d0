"""Checks rows column by column: every different cell is judged once, and every row gets what its cells mean."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from courses.returns.formats import Block, Broken
from courses.returns.profiles import Definition
from people.identities import Hasher
from people.keys import IdentityKeys, identity_keys
from programs.models import Partner, Program

from . import judges
from .cells import Cells, Mask
from .faults import CellFaultError, Held
from .hiding import Curtain
from .identifiers import Identifiers
from .judges import Judge, Values
from .losses import Losses
from .placeholders import Placeholders
from .record_keys import RecordKeys

MOST_KEPT = 100_000  # different cells of a column whose meaning is kept for the next block
MANY, SHARE = 5, 100  # people, and one row of so many, that have a cell which is nobody's name or number
MISSING_KEY = "is missing, and the record is not known without it"


@dataclass(frozen=True)
class Checked:
    """The rows of a block: those that are right, as they are staged, and those for the quarantine."""

    staged: pa.RecordBatch
    held: list[Held]


class Column:
    """A column of a block; knows what is wrong with each cell."""

    def __init__(self, name: str, cells: Cells) -> None:
        self.name, self.cells = name, cells
        self.fit: Mask = np.ones(len(cells), np.bool_)
        self.faults: dict[str, CellFaultError] = {}
        self.common: npt.NDArray[np.bool_] | None = None

    def is_common(self, row: int, persons: Cells) -> bool:
        """Whether many people have the row's cell, and a good part of the rows."""
        if self.common is None:
            self.common = self._are_common(persons)
        return bool(self.common[self.cells.at[row].as_py()])

    def _are_common(self, persons: Cells) -> Mask:
        """The same for each different cell."""
        at, people = self.cells.at.to_numpy(), persons.at.to_numpy()
        common: Mask = np.bincount(at, minlength=len(self.cells.different)) >= max(MANY, len(at) / SHARE)
        for place in np.flatnonzero(common):
            common[place] = len(np.unique(people[at == place])) >= MANY
        return common

    def fault(self, row: int) -> CellFaultError | None:
        if self.fit[row]:
            return None
        return self.faults.get(self.cells[row])


class Checker:
    """Checks the rows of one return. `today` is the last day on which something can have been achieved.

    Placeholders are no fault here: their rows are marked, and a rule decides.
    """

    def __init__(
        self, definition: Definition, program: Program, partner: Partner, *, today: date,
        placeholders: Placeholders | None = None,
    ) -> None:  # fmt: skip
        self.definition, self.placeholders = definition, placeholders
        self.identifiers = Identifiers.of(definition, program, partner)
        self.reference = Identifiers.own_of(partner)
        keys = identity_keys(program)
        self.judges = list(_judges(definition, program, partner, keys, today))
        self.words = {judge.column: judge.words for judge in self.judges if judge.words}
        self.curtain = Curtain(definition, self.identifiers, self.words)
        self.losses = Losses()
        self.known: list[dict[str, Values | CellFaultError]] = [{} for _ in self.judges]
        self.hashers = {
            "person": keys.hasher(self.identifiers.scheme),
            "reference": keys.hasher(self.reference.scheme),
        }
        self.record_keys = RecordKeys(definition, partner, keys.record_hasher)

    @property
    def notes(self) -> list[str]:
        """In words, how cells were read that are not plain, and what was left out."""
        return sorted(note for words in self.words.values() for note in words.notes) + self.losses.notes

    def check(self, block: Block) -> Checked:
        """What the rows mean; one that is right is accepted so far: whether it is a duplicate is seen later.

        Raises `FileRefusedError` when so many rows have been at fault that the file is at fault.
        """
        rows = len(block.numbers)
        trimmed = {name: Cells.of(cells) for name, cells in block.columns.items()}
        columns, staged = self._persons(trimmed)
        for judge, known in zip(self.judges, self.known, strict=True):
            column = Column(judge.column, trimmed[judge.column])
            staged |= _judged(judge, known, column)
            columns.append(column)
        columns += self._key_columns(trimmed)
        staged["key"] = self.record_keys.of(self._as_words(trimmed), staged["evidence"])
        if self.placeholders:
            staged["suspect"] = self.placeholders.marks(trimmed)
        good = np.logical_and.reduce([np.ones(rows, np.bool_), *(column.fit for column in columns)])
        batch = pa.RecordBatch.from_pydict({"number": block.numbers, **staged})
        self.losses.count(len(block), broken=len(block.broken))
        faulty = [column for column in columns if not column.fit.all()]
        held = [self._held(block, trimmed, faulty, int(row)) for row in np.flatnonzero(~good)]
        held += [self._broken(row) for row in block.broken]
        return Checked(batch if good.all() else batch.filter(pa.array(good)), self.losses.kept(held))

    def _as_words(self, trimmed: dict[str, Cells]) -> dict[str, Cells]:
        """The columns of the record's key, the coded ones as the words that they stand for."""
        columns = self.definition.record_key
        return {name: self.words[name].read(trimmed[name]) if name in self.words else trimmed[name] for name in columns}

    def _persons(self, trimmed: dict[str, Cells]) -> tuple[list[Column], dict[str, pa.Array]]:
        """By whom a row is known: `person` by the profile's scheme, `reference` by the partner's own number."""
        definition = self.definition
        column = Column(definition.person_column, trimmed[definition.person_column])
        staged = {"person": _identified(self.identifiers, self.hashers["person"], column)}
        if not definition.reference:
            return [column], staged
        own = Column(definition.reference, trimmed[definition.reference])
        staged["reference"] = _identified(self.reference, self.hashers["reference"], own)
        _allow_one_empty(column, own)
        return [column, own], staged

    def _key_columns(self, trimmed: dict[str, Cells]) -> list[Column]:
        columns = [Column(name, trimmed[name]) for name in self.definition.record_key]
        for column in columns:
            different = column.cells.different
            fit = pc.and_(pc.not_equal(different, ""), pc.invert(pc.match_substring(different, "\0")))
            column.fit = column.cells.mask(fit)
            bad = [cell for cell in different.filter(pc.invert(fit)).to_pylist() if cell]
            faults = [CellFaultError(column.name, cell, "has a NUL character") for cell in bad]
            column.faults = {fault.cell: fault for fault in [CellFaultError(column.name, "", MISSING_KEY), *faults]}
        return columns

    def _held(self, block: Block, trimmed: dict[str, Cells], columns: Sequence[Column], row: int) -> Held:
        """The row with everything that is wrong with it; column and value are those of the first fault."""
        faults: dict[str, CellFaultError] = {}
        for column in columns:
            fault = column.fault(row)
            # Who has neither identifier lacks one, not two.
            if fault and (fault.cell or not faults or column.name != self.definition.reference):
                faults.setdefault(column.name, fault)
        first, *others = faults.values()
        persons = trimmed[self.definition.person_column]
        column = next(column for column in columns if column.name == first.column)
        value = self.curtain.shown(first, persons[row], lambda: column.is_common(row, persons))
        reason = "; ".join([first.reason, *(f"{fault.column}: {fault.reason}" for fault in others)])
        column_name = first.column[: judges.LONGEST_VALUE]
        return Held(block.numbers[row].as_py(), column_name, value, reason, block.cells_of(row))

    def _broken(self, row: Broken) -> Held:
        cells = row.cells or [*[""] * len(self.definition.columns), row.sent]
        return Held(row.number, "", "", f"the row {row.fault}", cells)


def _judges(
    definition: Definition, program: Program, partner: Partner, keys: IdentityKeys, today: date
) -> "chain[Judge]":
    zone = ZoneInfo(program.time_zone)
    first = [
        judges.course_judge(definition, program, partner),
        judges.evidence_judge(definition),
        judges.day_judge(definition, today, zone),
    ]
    return chain(
        first, judges.code_judges(definition, program), judges.time_judges(definition, today, zone),
        judges.personal_judges(definition, keys, today),
    )  # fmt: skip


def _identified(identifiers: Identifiers, hasher: Hasher, column: Column) -> pa.StringArray:
    """Keyed hashes of the identifiers of a column, as hexadecimal text; none where there is nothing to identify."""
    texts, fit = identifiers.judged_together(column.cells.different)
    doubtful = np.flatnonzero(~fit)
    if len(doubtful):
        texts = _judged_singly(identifiers, column, texts, fit, doubtful)
    column.fit = column.cells.mask(fit)
    return column.cells.spread(hashed(hasher, texts))


def _judged_singly(
    identifiers: Identifiers, column: Column, texts: pa.StringArray, fit: Mask, places: npt.NDArray[np.int64]
) -> pa.StringArray:
    """`texts` with what is compared of the doubtful cells; `fit` is corrected where they are fit after all."""
    values = texts.to_numpy(zero_copy_only=False).copy()
    values[places] = ""
    for place in map(int, places):
        cell = column.cells.different[place].as_py()
        try:
            if "\0" in cell:
                raise CellFaultError(column.name, cell, "has a NUL character")
            values[place] = identifiers.judged(column.name, cell)
            fit[place] = True
        except CellFaultError as fault:
            column.faults[cell] = fault
    return pa.array(values, pa.string())


def hashed(hasher: Hasher, texts: pa.StringArray) -> pa.StringArray:
    """The keyed hash of each text, as PostgreSQL reads it; nothing for an empty one."""
    different = texts.to_pylist()
    digests = hasher.digests(different)
    found = [f"\\x{digest.hex()}" if text else None for text, digest in zip(different, digests, strict=True)]
    return pa.array(found, pa.string())


def _allow_one_empty(column: Column, own: Column) -> None:
    """A row names its person by one identifier or by both."""
    for one, other in ((column, own), (own, column)):
        empty = one.cells.mask(pc.equal(one.cells.different, ""))
        filled = other.cells.mask(pc.not_equal(other.cells.different, ""))
        one.fit = one.fit | (empty & filled)


def _judged(judge: Judge, known: dict[str, Values | CellFaultError], column: Column) -> dict[str, pa.Array]:
    """What the judge says of every row; also of those at fault, for which it is nothing."""
    if len(known) > MOST_KEPT:
        known.clear()
    answers = [known.get(cell) or _answer(judge, known, cell) for cell in column.cells.different.to_pylist()]
    column.faults = {answer.cell: answer for answer in answers if isinstance(answer, CellFaultError)}
    if column.faults:
        fit = np.array([not isinstance(answer, CellFaultError) for answer in answers], np.bool_)
        column.fit = column.cells.mask(fit)
    nothing: Values = (None,) * len(judge.targets)
    rows = [nothing if isinstance(answer, CellFaultError) else answer for answer in answers]
    made: dict[str, pa.Array] = {}
    for place, (target, kind) in enumerate(judge.targets.items()):
        values: list[Any] = [row[place] for row in rows]
        made[target] = column.cells.spread(pa.array(values, kind))
    return made


def _answer(judge: Judge, known: dict[str, Values | CellFaultError], cell: str) -> Values | CellFaultError:
    try:
        if "\0" in cell:
            raise CellFaultError(judge.column, cell, "has a NUL character")
        known[cell] = judge.values_of(cell)
    except CellFaultError as fault:
        known[cell] = fault
    return known[cell]
