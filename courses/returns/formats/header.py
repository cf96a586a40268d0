"""Where the header of a file is, and which of its columns is which."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from unicodedata import normalize

from .block import FileRefusedError

SEARCHED = 20  # rows at the top of a file, in which its header is looked for: titles and notes may stand above it
LISTED_COLUMNS = 20


@dataclass(frozen=True)
class Header:
    """`places` has the place of each wanted column; `row` and `last` are the header's first and last row, from 1."""

    places: dict[str, int]
    width: int
    row: int
    last: int


def header_in(rows: Sequence[Sequence[str]], wanted: Sequence[str]) -> Header | None:
    """The first row that names every wanted column, or the first two that do so together, as under merged cells.

    Names are compared without regard to case, spaces and punctuation, unless that makes two columns the same. Raises
    `FileRefusedError` for a row that names a wanted column more than once.
    """
    for at, cells in enumerate(rows[:SEARCHED]):
        names = [cell.strip() for cell in cells]
        if places := _places(names, wanted, row=at + 1):
            return Header(places, len(names), at + 1, at + 1)
    for at in range(min(len(rows), SEARCHED) - 1):
        joined = _joined(rows[at], rows[at + 1])
        if places := _places(joined, wanted, row=at + 1):
            return Header(places, len(joined), at + 1, at + 2)
    return None


def _places(names: list[str], wanted: Sequence[str], *, row: int) -> dict[str, int] | None:
    exact = {name: [at for at, found in enumerate(names) if found == name] for name in wanted}
    alike = {name: [at for at, found in enumerate(names) if _folded(found) == _folded(name)] for name in wanted}
    found = {name: exact[name] or alike[name] for name in wanted}
    if not all(found.values()):
        return None
    twice = [name for name, places in found.items() if len(places) > 1]
    if twice:
        raise FileRefusedError(f"Row {row}, the header, names these columns more than once: {', '.join(twice)}.")
    places = {name: places[0] for name, places in found.items()}
    return places if len(set(places.values())) == len(places) else None


def _folded(name: str) -> str:
    return re.sub(r"[\W_]+", " ", normalize("NFKC", name).casefold()).strip()


def _joined(upper: Sequence[str], lower: Sequence[str]) -> list[str]:
    """Two rows as one: a merged cell of the upper row stands over the empty cells to its right."""
    names, above = [], ""
    for at, cell in enumerate(lower):
        above = (upper[at].strip() if at < len(upper) else "") or above
        names.append(" ".join(filter(None, [above, cell.strip()])))
    return [lower[at].strip() or name for at, name in enumerate(names)] if _are_whole(lower) else names


def _are_whole(lower: Sequence[str]) -> bool:
    """Whether the lower row alone has a name for each column, each another."""
    names = [cell.strip() for cell in lower]
    return all(names) and len(set(names)) == len(names)


def refusal(row: Sequence[str], wanted: Sequence[str], hint: str = "") -> FileRefusedError:
    """Why a file without a header that fits is refused: what its first row has instead."""
    names = [cell.strip() for cell in row]
    missing = [name for name in wanted if _folded(name) not in {_folded(found) for found in names}]
    return FileRefusedError(
        f"Row 1, the header, lacks these columns: {', '.join(missing or wanted)}. {_found(names, wanted)}{hint}"
        " Name the columns as the profile does, or choose another profile."
    )


def _found(names: list[str], wanted: Sequence[str]) -> str:
    """What stands in row 1. Where no cell is a column's name, row 1 may be somebody's data, and none is shown."""
    if not {_folded(name) for name in names} & {_folded(name) for name in wanted}:
        cells = "1 cell, which is no" if len(names) == 1 else f"{len(names):,} cells, none of them a"
        return f"Found {cells} known column. Does the file lack its header row?"
    found = ", ".join(name[:60].replace("\0", "␀") or "(no name)" for name in names[:LISTED_COLUMNS])
    more = f" and {len(names) - LISTED_COLUMNS:,} more" if len(names) > LISTED_COLUMNS else ""
    return f"Found: {found}{more}."
