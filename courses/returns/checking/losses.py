"""When so many rows are at fault that the file is: what is kept of them is bounded, and said."""

from collections import Counter

from courses.returns.formats import FileRefusedError

from .faults import Held

MOST_BROKEN = 100_000  # rows that cannot be read, before a file of which they are most is refused
MOST_HELD = 1_000_000  # the same for rows with a fault; of more than these no file keeps the cells
MOST_REASONS = 5


class Losses:
    """Counts the rows of a return that are at fault."""

    def __init__(self) -> None:
        self.rows, self.broken, self.held = 0, 0, 0
        self.reasons: Counter[str] = Counter()

    @property
    def notes(self) -> list[str]:
        """That cells were not kept, if so."""
        if self.held <= MOST_HELD:
            return []
        return [f"{self.held:,} rows have a fault: of the first {MOST_HELD:,} the cells are kept, of the others not"]

    def count(self, rows: int, *, broken: int) -> None:
        """Raises `FileRefusedError` when most rows so far, and very many, cannot be read."""
        self.rows += rows
        self.broken += broken
        if self.broken > MOST_BROKEN and 2 * self.broken > self.rows:
            raise FileRefusedError(
                f"Of the first {self.rows:,} rows {self.broken:,} cannot be read: they do not have the cells that the"
                " header names, or are damaged. Save the file again with the same columns in every row, and send it."
            )

    def kept(self, held: list[Held]) -> list[Held]:
        """The rows as they go to the quarantine. Raises `FileRefusedError` when most rows, and very many, are there."""
        before = self.held
        self.held += len(held)
        self.reasons.update(": ".join(filter(None, [row.column, row.reason])) for row in held)
        if self.held > MOST_HELD and 2 * self.held > self.rows:
            raise FileRefusedError(
                f"Of the first {self.rows:,} rows {self.held:,} have a fault, most of all: {self._most_of_all()}."
                " Nothing was taken in. Mend that and send the file again."
            )
        room = max(MOST_HELD - before, 0)
        return held if len(held) <= room else [*held[:room], *(row._replace(cells=[]) for row in held[room:])]

    def _most_of_all(self) -> str:
        return "; ".join(f"{reason} ({rows:,} rows)" for reason, rows in self.reasons.most_common(MOST_REASONS))
