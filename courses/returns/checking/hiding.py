"""What may be shown of a cell that is at fault: nothing that could name a person."""

import calendar
import re
from collections.abc import Callable, Mapping
from difflib import get_close_matches

from courses.returns.profiles import Definition

from .faults import CellFaultError
from .identifiers import LONGEST_IDENTIFIER, Identifiers, bare
from .judges import LONGEST_VALUE
from .vocabulary import Vocabulary

LONGEST_SEARCHED = LONGEST_VALUE + LONGEST_IDENTIFIER  # what begins in the part that would be shown
DAY_SHAPE = re.compile(r"(1[89]|2[01])\d\d([-./])\d\d?\2\d\d?|\d\d?([-./])\d\d?\3(1[89]|2[01])\d\d", re.ASCII)
FREE = ("employer", "occupation")  # in the partner's own words
HIDDEN = "(hidden: it may identify a person)"
WORD = re.compile(r"[^\W\d_]{2,}")
# Scripts that write a whole name without a space.
WITHOUT_SPACES = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\ua4cf\uac00-\ud7ff\uf900-\ufaff]")
OF_DAYS = {word.casefold() for names in (calendar.month_name, calendar.month_abbr, calendar.day_name, calendar.day_abbr)
           for word in names} | {"sept", "st", "nd", "rd", "th", "of"}  # fmt: skip
NEAR = 0.75  # from this likeness on, a cell is a known word misspelt
MOST_COMPARED = 200  # cells of a return that are compared with the words of their column
MOST_KEPT = 10_000  # cells of which it is kept whether they may name somebody
LONGEST_COMPARED = 80


class Curtain:
    """`words` are those of each coded column: a misspelt one may be seen, though it look like a name."""

    def __init__(self, definition: Definition, identifiers: Identifiers, words: Mapping[str, Vocabulary]) -> None:
        self.identifiers, self.words = identifiers, words
        self.personal = {definition.person_column, definition.reference, *definition.particulars.values()}
        self.days = definition.days
        self.free = {definition.describing[name].column for name in FREE if name in definition.describing}
        self.judged: dict[tuple[str, str], bool] = {}
        self.compared = 0

    def shown(self, fault: CellFaultError, identifier: str, is_common: Callable[[], bool]) -> str:
        """The value of a faulty cell as it may be kept and shown, beside the identifier of its row.

        `is_common` tells whether rows of many people have the cell: then it is nobody's name or number.
        """
        if fault.cell and self._may_name_somebody(fault, identifier, is_common):
            return HIDDEN
        return fault.cell.replace("\0", "␀")[:LONGEST_VALUE]

    def _may_name_somebody(self, fault: CellFaultError, identifier: str, is_common: Callable[[], bool]) -> bool:
        if fault.column in self.personal:
            return True
        if fault.column in self.days and DAY_SHAPE.fullmatch(fault.cell):
            return bare(fault.cell) == bare(identifier)
        cell = fault.cell[:LONGEST_SEARCHED].replace("\0", "")
        return self.identifiers.shows_own(cell, identifier) or self._may_name(fault.column, cell, is_common)

    def _may_name(self, column: str, cell: str, is_common: Callable[[], bool]) -> bool:
        """Whether the cell may name somebody besides the row's own person."""
        if (column, cell) not in self.judged:
            if len(self.judged) > MOST_KEPT:
                self.judged.clear()
            may_name = self.identifiers.may_stand_in(cell) or self._may_be_name(column, cell)
            self.judged[column, cell] = may_name and not is_common() and not self._is_misspelt(column, cell)
        return self.judged[column, cell]

    def _may_be_name(self, column: str, cell: str) -> bool:
        """Two words or more, in a column in which there are codes, days or numbers."""
        if column in self.free:
            return False
        words = WORD.findall(cell)
        if column in self.days:
            words = [word for word in words if word.casefold() not in OF_DAYS]
        return len(words) > 1 or bool(WITHOUT_SPACES.search(cell))

    def _is_misspelt(self, column: str, cell: str) -> bool:
        """Whether a cell is nearly one of its column's words, and has just that one's digits."""
        if column not in self.words or len(cell) > LONGEST_COMPARED or self.compared == MOST_COMPARED:
            return False
        self.compared += 1
        folded = {word.casefold(): word for word in self.words[column].words}
        near = get_close_matches(cell.casefold(), list(folded), 3, NEAR)
        return any(_digits(word) == _digits(cell) for word in near)


def _digits(text: str) -> list[str]:
    return [character for character in text if character.isdigit()]
