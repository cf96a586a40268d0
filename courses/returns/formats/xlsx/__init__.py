"""Excel workbooks (XLSX, ECMA-376) as a stream: one row at a time, whatever stands far from the table.

What a file may cost is bounded by its unpacked size, which is checked before anything is unpacked.
"""

from .cells import Cell, Row
from .merging import Merged, Range, looked_over
from .package import Package
from .rows import rows_of
from .sheets import SheetPart, WorkbookParts
from .values import CellFaultError, Values

__all__ = [
    "Cell",
    "CellFaultError",
    "Merged",
    "Package",
    "Range",
    "Row",
    "SheetPart",
    "Values",
    "WorkbookParts",
    "looked_over",
    "rows_of",
]
