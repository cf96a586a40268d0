"""How the rows of a delimited text are laid out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Self

from courses.returns.profiles import Definition

from .block import Block, Broken, block_of
from .header import Header


class Shape(NamedTuple):
    """How many cells the header has, and how many a row has at least in which every needed column stands."""

    width: int
    least: int

    def fitted(self, cells: list[str]) -> list[str] | None:
        """A cell for each of the header: blank ones beyond it are dropped, missing ones at the end are empty."""
        if len(cells) > self.width:
            return None if any(cell.strip() for cell in cells[self.width :]) else cells[: self.width]
        return None if len(cells) < self.least else cells + [""] * (self.width - len(cells))

    def fault(self, cells: int) -> str:
        return f"has {cells:,} {'cell' if cells == 1 else 'cells'} where the header has {self.width:,}"


@dataclass(frozen=True)
class Layout:
    """What separates the cells of a row, how many there are, and at which place each column of the profile stands."""

    delimiter: str
    shape: Shape
    columns: tuple[str, ...]
    places: dict[str, int]

    @classmethod
    def of(cls, header: Header, delimiter: str, definition: Definition) -> Self:
        shape = Shape(header.width, header.least(definition.needed))
        places = {name: header.places[name] for name in definition.columns if name in header.places}
        return cls(delimiter, shape, definition.columns, places)

    def block(self, numbers: Sequence[int], rows: Sequence[Sequence[str]], broken: list[Broken]) -> Block:
        """Rows with a cell for each of the header as a block."""
        places = self.places.values()
        return block_of(list(self.places), numbers, [[row[place] for place in places] for row in rows], broken)
