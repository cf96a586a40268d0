"""What the words of a coded column mean: the code itself, else the same in another case, else the name of the code."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from unicodedata import normalize

import pyarrow as pa

from courses.returns.profiles import Codes
from people.identities import without_marks

from .cells import Cells
from .faults import CellFaultError

FOLDED = "in {column}, codes were read without regard to case and spaces"
NAMED = "in {column}, the names of codes were read as the codes"
SEVERAL = "may mean several codes: write the one that is meant as it stands in the list"


@dataclass
class Vocabulary:
    """The words of a column, each with the code that it stands for; `names` are other words for these codes.

    `notes` say how cells were understood that are none of the words letter by letter.
    """

    column: str
    codes: Mapping[str, str]
    names: Iterable[tuple[str, str]] = ()
    notes: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        words = defaultdict[str, list[str]](list)
        for word, code in self.codes.items():
            words[code].append(word)
        self.folded = _by_fold((word, word) for word in self.codes)
        self.named = _by_fold((name, min(words[code])) for name, code in self.names if code in words)
        self.words = [*self.codes, *(name for name, code in self.names if code in words)]

    def word(self, cell: str) -> str | None:
        """The word that a cell stands for, none if it stands for none. Raises `CellFaultError` if it may be several."""
        if cell in self.codes:
            return cell
        for known, note in ((self.folded, FOLDED), (self.named, NAMED)):
            if words := known.get(_fold(cell)):
                if len({self.codes[word] for word in words}) > 1:
                    raise CellFaultError(self.column, cell, SEVERAL)
                self.notes.add(note.format(column=self.column))
                return min(words)
        return None

    def meaning(self, cell: str, kind: str) -> str:
        """The code that a cell stands for. Raises `CellFaultError` if it stands for none, or may be several."""
        word = self.word(cell)
        if word is None:
            raise CellFaultError(self.column, cell, f"unknown {kind}")
        return self.codes[word]

    def read(self, cells: Cells) -> Cells:
        """The cells as the words that they stand for, so that one record has one key however its course is written."""
        different = cells.different.to_pylist()
        if all(cell in self.codes for cell in different):
            return cells
        return Cells(pa.array([self._read(cell) for cell in different], pa.string()), cells.at)

    def _read(self, cell: str) -> str:
        try:
            return self.word(cell) or cell
        except CellFaultError:
            return cell


def vocabulary(codes: Codes, known: Mapping[str, Iterable[str]]) -> Vocabulary:
    """Of a column of codes; `known` has the program's codes, each with its names."""
    words = codes.values or {code: code for code in known}
    return Vocabulary(codes.column, words, [(name, code) for code, names in known.items() for name in names])


def _by_fold(words: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    found = defaultdict[str, set[str]](set)
    for spelling, word in words:
        found[_fold(spelling)].add(word)
    return dict(found)


def _fold(word: str) -> str:
    return " ".join(without_marks(normalize("NFKC", word)).casefold().split())
