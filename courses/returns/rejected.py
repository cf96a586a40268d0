"""The rows in quarantine as a file: what was sent, and beside each row why it was not taken."""

import csv
import io
from collections.abc import Iterator

from .models import HeldRow, Return
from .profiles import Definition
from .sealing import Seal

ROW, REASON, SENT = "uplift_row", "uplift_reason", "uplift_row_as_sent"
FORMULA = ("=", "+", "-", "@", "\t", "\r")
ROWS_AT_A_TIME = 2_000
STILL_OUT = (HeldRow.State.FAULTY, HeldRow.State.WAITING)
NOT_KEPT = "(the row itself is no longer kept)"


def rejected_name(shown: Return) -> str:
    return f"return-{shown.pk}-rejected.csv"


def rejected_csv(shown: Return) -> Iterator[bytes]:
    """A CSV file in UTF-8 with the profile's columns and three more; what it adds to a cell, reading takes away again.

    A row of which it is not plain which cell belongs where has nothing in the profile's columns and stands in one
    piece in the last column: sent back as it is, it is never accepted. A cell that a spreadsheet would take for a
    formula gets an apostrophe in front.
    """
    definition = Definition.of(shown.profile.definition)
    seal = Seal(shown.program)
    yield _written([[*definition.columns, ROW, REASON, SENT]], definition.delimiter, first=True)
    rows = HeldRow.objects.filter(of_return=shown, state__in=STILL_OUT).in_file_order()
    batch: list[list[str]] = []
    for row in rows.iterator(ROWS_AT_A_TIME):
        batch.append(_cells(row, seal, len(definition.columns)))
        if len(batch) == ROWS_AT_A_TIME:
            yield _written(batch, definition.delimiter)
            batch = []
    yield _written(batch, definition.delimiter)


def _cells(row: HeldRow, seal: Seal, width: int) -> list[str]:
    cells = seal.opened(bytes(row.sealed)) if row.sealed else []
    place = f"{row.column}: " if row.column else ""
    known, sent = [*cells[:width], *[""] * (width - len(cells))], "".join(cells[width:])
    written = [*known, str(row.number), f"{place}{row.reason}", sent if cells else NOT_KEPT]
    return [f"'{cell}" if cell.startswith(FORMULA) else cell for cell in written]


def _written(rows: list[list[str]], delimiter: str, *, first: bool = False) -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue().encode("utf-8-sig" if first else "utf-8", "replace")
