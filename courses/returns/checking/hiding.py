"""What may be shown of a cell that is at fault: nothing that could name a person."""

import re
from dataclasses import dataclass

from courses.returns.profiles import Definition
from courses.returns.profiles.fitting import PARTNERS_OWN

from .faults import CellFaultError
from .identifiers import LONGEST_IDENTIFIER, Identifiers, bare
from .judges import LONGEST_VALUE

LONGEST_SEARCHED = LONGEST_VALUE + LONGEST_IDENTIFIER  # what begins in the part that would be shown
DAY_SHAPE = re.compile(r"(1[89]|2[01])\d\d([-./])\d\d?\2\d\d?|\d\d?([-./])\d\d?\3(1[89]|2[01])\d\d", re.ASCII)
HIDDEN = "(hidden: it may identify a person)"


@dataclass(frozen=True)
class Curtain:
    definition: Definition
    identifiers: Identifiers

    def shown(self, fault: CellFaultError, identifier: str) -> str:
        """The value of a faulty cell as it may be kept and shown, beside the identifier of its row."""
        if fault.cell and self._may_name_somebody(fault, identifier):
            return HIDDEN
        return fault.cell.replace("\0", "␀")[:LONGEST_VALUE]

    def _may_name_somebody(self, fault: CellFaultError, identifier: str) -> bool:
        definition = self.definition
        if fault.column in (definition.person_column, definition.reference, *definition.particulars.values()):
            return True
        if fault.column == definition.day.column and DAY_SHAPE.fullmatch(fault.cell):
            return bare(fault.cell) == bare(identifier)
        if fault.column == definition.course.column and PARTNERS_OWN in (definition.scheme, definition.reference):
            return True
        return self.identifiers.shown_in(fault.cell[:LONGEST_SEARCHED], identifier)
