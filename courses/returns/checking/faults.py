"""What is wrong with a row."""

from typing import NamedTuple


class CellFaultError(Exception):
    """A cell keeps its row in quarantine."""

    def __init__(self, column: str, cell: str, reason: str) -> None:
        super().__init__(reason)
        self.column, self.cell, self.reason = column, cell, reason


class Held(NamedTuple):
    """A row for the quarantine: the column and the value at fault, as they may be shown, and its cells as sent.

    Where it is not plain which cell belongs where, `cells` has nothing in the columns, and behind them the whole row.
    """

    number: int
    column: str
    value: str
    reason: str
    cells: list[str]
