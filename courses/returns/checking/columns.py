"""Checks rows column by column: every different cell is judged once, and every row gets what its cells mean."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from courses.returns.formats import Block
from courses.returns.profiles import Definition
from people.identities import Hasher, identity_key
from programs.models import Partner, Program

from . import judges
from .faults import CellFaultError, Held
from .hiding import Curtain
from .identifiers import Identifiers
from .judges import Judge, Values
from .placeholders import Placeholders

MOST_KEPT = 100_000  # different cells of a column whose meaning is kept for the next block
SEPARATOR = "\x1f"  # between the cells of a record's key
MISSING_KEY = "is missing, and the record is not known without it"
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Checked:
    """The rows of a block: those that are right, as they are staged, and those for the quarantine."""

    staged: pa.RecordBatch
    held: list[Held]


class Column:
    """A column of a block, its cells without the spaces around them; knows what is wrong with each."""

    def __init__(self, name: str, cells: pa.StringArray) -> None:
        self.name, self.cells = name, cells
        self.fit: Mask = np.ones(len(cells), np.bool_)
        self.faults: dict[str, CellFaultError] = {}

    def fault(self, row: int) -> CellFaultError | None:
        if self.fit[row]:
            return None
        cell = self.cells[row].as_py()
        return self.faults.get(cell)


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
        self.curtain = Curtain(definition, self.identifiers)
        self.judges = list(_judges(definition, program, partner, today))
        self.known: list[dict[str, Values | CellFaultError]] = [{} for _ in self.judges]
        persons = (definition.person_column, definition.reference)
        key = identity_key(program)
        self.hashers = {
            "person": Hasher(key, self.identifiers.scheme),
            "reference": Hasher(key, self.reference.scheme),
            "record": Hasher(key, "record"),
        }
        self.key_columns = [column for column in definition.record_key if column not in persons]

    def check(self, block: Block) -> Checked:
        """What the rows mean; one that is right is accepted so far: whether it is a duplicate is seen later."""
        rows = len(block.numbers)
        trimmed = {name: _plain(pc.utf8_trim_whitespace(cells)) for name, cells in block.columns.items()}
        columns, staged = self._persons(trimmed)
        for judge, known in zip(self.judges, self.known, strict=True):
            column = Column(judge.column, trimmed[judge.column])
            staged |= _judged(judge, known, column)
            columns.append(column)
        columns += self._key_columns(trimmed)
        staged["record"] = self._record(trimmed, rows)
        if self.placeholders:
            staged["suspect"] = self.placeholders.marks(trimmed)
        good = np.logical_and.reduce([np.ones(rows, np.bool_), *(column.fit for column in columns)])
        batch = pa.RecordBatch.from_pydict({"number": block.numbers, **staged})
        held = [self._held(block, trimmed, columns, int(row)) for row in np.flatnonzero(~good)]
        broken = [Held(row.number, "", "", f"the row {row.fault}", row.cells) for row in block.broken]
        return Checked(batch if good.all() else batch.filter(pa.array(good)), [*held, *broken])

    def _persons(self, trimmed: dict[str, pa.StringArray]) -> tuple[list[Column], dict[str, pa.Array]]:
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

    def _key_columns(self, trimmed: dict[str, pa.StringArray]) -> list[Column]:
        columns = [Column(name, trimmed[name]) for name in self.definition.record_key]
        for column in columns:
            fit = pc.and_(pc.not_equal(column.cells, ""), pc.invert(pc.match_substring(column.cells, "\0")))
            column.fit = fit.to_numpy(zero_copy_only=False)
            bad = [cell for cell in column.cells.filter(pc.invert(fit)).to_pylist() if cell]
            faults = [CellFaultError(column.name, cell, "has a NUL character") for cell in bad]
            column.faults = {fault.cell: fault for fault in [CellFaultError(column.name, "", MISSING_KEY), *faults]}
        return columns

    def _record(self, trimmed: dict[str, pa.StringArray], rows: int) -> pa.Array:
        """A keyed hash of the cells that make the record one, besides those that name the person."""
        cells = [trimmed[name] for name in self.key_columns]
        if not cells:
            return pa.array([""] * rows, pa.string())
        joined = pc.binary_join_element_wise(*cells, SEPARATOR) if len(cells) > 1 else cells[0]
        return hashed(self.hashers["record"], joined)

    def _held(self, block: Block, trimmed: dict[str, pa.StringArray], columns: Sequence[Column], row: int) -> Held:
        fault = next(fault for column in columns if (fault := column.fault(row)))
        identifier = trimmed[self.definition.person_column][row].as_py()
        value = self.curtain.shown(fault, identifier)
        number = block.numbers[row].as_py()
        return Held(number, fault.column[: judges.LONGEST_VALUE], value, fault.reason, block.cells_of(row))


def _judges(definition: Definition, program: Program, partner: Partner, today: date) -> "chain[Judge]":
    first = [
        judges.course_judge(definition, program, partner),
        judges.evidence_judge(definition),
        judges.day_judge(definition, today),
    ]
    return chain(
        first, judges.code_judges(definition, program), judges.time_judges(definition, today),
        judges.personal_judges(definition, identity_key(program), today),
    )  # fmt: skip


def _plain(cells: pa.StringArray) -> pa.StringArray:
    """Without what spreadsheets, and we ourselves, put around a cell so that nobody takes it for something else.

    An apostrophe before what looks like a formula, and a text written as the formula ="0012".
    """
    if not pc.any(pc.match_substring_regex(cells, "^['=]"), min_count=0).as_py():
        return cells
    cells = pc.replace_substring_regex(cells, "^'([=+@-])", r"\1")
    return pc.replace_substring_regex(cells, '^="([^"]*)"$', r"\1")


def _identified(identifiers: Identifiers, hasher: Hasher, column: Column) -> pa.StringArray:
    """Keyed hashes of the identifiers of a column, as hexadecimal text; none where there is nothing to identify."""
    texts, column.fit = identifiers.judged_together(column.cells)
    doubtful = np.flatnonzero(~column.fit)
    if len(doubtful):
        texts = _judged_singly(identifiers, column, texts, doubtful)
    return hashed(hasher, texts)


def _judged_singly(
    identifiers: Identifiers, column: Column, texts: pa.StringArray, rows: npt.NDArray[np.int64]
) -> pa.StringArray:
    values = texts.to_numpy(zero_copy_only=False).copy()
    values[rows] = ""
    for row in map(int, rows):
        cell = column.cells[row].as_py()
        try:
            if "\0" in cell:
                raise CellFaultError(column.name, cell, "has a NUL character")
            values[row] = identifiers.judged(column.name, cell)
            column.fit[row] = True
        except CellFaultError as fault:
            column.faults[cell] = fault
    return pa.array(values, pa.string())


def hashed(hasher: Hasher, texts: pa.StringArray) -> pa.StringArray:
    """The keyed hash of each text, as PostgreSQL reads it; nothing for an empty one."""
    encoded = pc.dictionary_encode(texts)
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.combine_chunks()
    different = encoded.dictionary.to_pylist()
    digests: list[str | None] = [f"\\x{digest.hex()}" for digest in hasher.digests(different)]
    if "" in different:
        digests[different.index("")] = None
    return pa.array(digests, pa.string()).take(encoded.indices)


def _allow_one_empty(column: Column, own: Column) -> None:
    """A row names its person by one identifier or by both."""
    for one, other in ((column, own), (own, column)):
        empty = pc.equal(one.cells, "").to_numpy(zero_copy_only=False)
        filled = pc.not_equal(other.cells, "").to_numpy(zero_copy_only=False)
        one.fit = one.fit | (empty & filled)


def _judged(judge: Judge, known: dict[str, Values | CellFaultError], column: Column) -> dict[str, pa.Array]:
    """What the judge says of every row; also of those at fault, for which it is nothing."""
    encoded = pc.dictionary_encode(column.cells)
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.combine_chunks()
    if len(known) > MOST_KEPT:
        known.clear()
    answers = [known.get(cell) or _answer(judge, known, cell) for cell in encoded.dictionary.to_pylist()]
    at = encoded.indices
    column.faults = {answer.cell: answer for answer in answers if isinstance(answer, CellFaultError)}
    if column.faults:
        fit = pa.array([not isinstance(answer, CellFaultError) for answer in answers], pa.bool_())
        column.fit = fit.take(at).to_numpy(zero_copy_only=False)
    nothing: Values = (None,) * len(judge.targets)
    rows = [nothing if isinstance(answer, CellFaultError) else answer for answer in answers]
    made: dict[str, pa.Array] = {}
    for place, (target, kind) in enumerate(judge.targets.items()):
        values: list[Any] = [row[place] for row in rows]
        made[target] = pa.array(values, kind).take(at)
    return made


def _answer(judge: Judge, known: dict[str, Values | CellFaultError], cell: str) -> Values | CellFaultError:
    try:
        if "\0" in cell:
            raise CellFaultError(judge.column, cell, "has a NUL character")
        known[cell] = judge.values_of(cell)
    except CellFaultError as fault:
        known[cell] = fault
    return known[cell]
