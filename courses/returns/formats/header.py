"""Where the header of a file is, and which of its columns is which."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from unicodedata import normalize

from .block import FileRefusedError, OtherColumnsError

SEARCHED = 20  # rows at the top of a file, in which its header is looked for: titles and notes may stand above it
LISTED_COLUMNS = 20
ALIKE = 0.87  # from this share of common letters on, a name may be another one misspelt: one letter of six
REMARK = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")  # "(required)", "[dd/mm/yyyy]"


@dataclass(frozen=True)
class Header:
    """`places` has the place of each column that is there; `row` and `last` are the header's first and last row.

    Rows count from 1. `missing` are columns that the profile reads, that the file does not have and can do without.
    """

    places: dict[str, int]
    width: int
    row: int
    last: int
    missing: tuple[str, ...] = ()

    @property
    def notes(self) -> list[str]:
        """In words, what is not plain about it."""
        rows = f"{self.row}" if self.row == self.last else f"{self.row} and {self.last}"
        notes = [f"the header is row {rows}"] if self.last > 1 else []
        if self.missing:
            notes.append(f"the file has no column {', '.join(self.missing)}: read as empty in every row")
        return notes

    def least(self, needed: Sequence[str]) -> int:
        """How many cells a row has at least that says something in each of these columns."""
        return 1 + max(self.places[name] for name in needed)


def header_in(
    rows: Sequence[Sequence[str]], wanted: Sequence[str], needed: Sequence[str] | None = None
) -> Header | None:
    """The row, or the two rows together as under merged cells, with the needed columns and most of the wanted ones.

    Names are compared without regard to case, spaces, punctuation and remarks in brackets, unless that makes two
    columns the same. All wanted columns are needed unless told otherwise. Raises `FileRefusedError` for a row that
    names a wanted column more than once, or where one that is missing may stand there under another name.
    """
    needed = wanted if needed is None else needed
    found = max(_single(rows, wanted, needed), key=_columns, default=None)
    if found is None or found.missing:
        pairs = _double(rows, wanted, needed, skip_repeated=found is not None)
        found = max([*filter(None, [found]), *pairs], key=_columns, default=None)
    if found and found.missing:
        _refuse_unclear(rows[found.last - 1], found)
    return found


def _columns(header: Header) -> int:
    return len(header.places)


def _single(rows: Sequence[Sequence[str]], wanted: Sequence[str], needed: Sequence[str]) -> Iterator[Header]:
    for at, cells in enumerate(rows[:SEARCHED]):
        names = [cell.strip() for cell in cells]
        if places := _places(names, wanted, needed, row=at + 1):
            yield _header(places, wanted, len(names), at + 1, at + 1)


def _double(
    rows: Sequence[Sequence[str]], wanted: Sequence[str], needed: Sequence[str], *, skip_repeated: bool
) -> Iterator[Header]:
    for at in range(min(len(rows), SEARCHED) - 1):
        joined = _joined(rows[at], rows[at + 1])
        if places := _places(joined, wanted, needed, row=at + 1, skip_repeated=skip_repeated):
            yield _header(places, wanted, len(joined), at + 1, at + 2)


def _header(places: dict[str, int], wanted: Sequence[str], width: int, row: int, last: int) -> Header:
    return Header(places, width, row, last, tuple(name for name in wanted if name not in places))


def _places(
    names: list[str], wanted: Sequence[str], needed: Sequence[str], *, row: int, skip_repeated: bool = False
) -> dict[str, int] | None:
    found = found_in(names, wanted)
    if not set(needed) <= found.keys():
        return None
    twice = [name for name, places in found.items() if len(places) > 1]
    if twice and not skip_repeated:
        raise FileRefusedError(f"Row {row}, the header, names these columns more than once: {', '.join(twice)}.")
    places = {name: places[0] for name, places in found.items()}
    return places if not twice and len(set(places.values())) == len(places) else None


def found_in(names: Sequence[str], wanted: Sequence[str]) -> dict[str, list[int]]:
    """The places of each wanted column that is there: of that very name, else alike, else alike but for a remark."""
    same, alike, bare = (defaultdict[str, list[int]](list) for _ in range(3))
    for at, name in enumerate(names):
        same[name].append(at)
        alike[_folded(name)].append(at)
        bare[_folded(REMARK.sub(" ", name))].append(at)
    found = {name: same.get(name) or alike.get(_folded(name)) or bare.get(_folded(name)) for name in wanted}
    return {name: places for name, places in found.items() if places}


@lru_cache(4096)
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


def _refuse_unclear(row: Sequence[str], header: Header) -> None:
    """A missing column may only have another name: what it says must not be lost without a word."""
    used = set(header.places.values())
    others = [cell.strip() for at, cell in enumerate(row) if at not in used and cell.strip()]
    for name in header.missing:
        if other := next((other for other in others if _may_be(_folded(name), _folded(other))), ""):
            raise FileRefusedError(
                f"Row {header.last}, the header, has no column {name}, but one named {_shown(other)}. If that is the"
                f" column {name}, name it so; if it is not, take it out of the file."
            )


def _may_be(name: str, other: str) -> bool:
    is_misspelt = sorted(name) == sorted(other) or SequenceMatcher(None, name, other).ratio() >= ALIKE
    return is_misspelt or other.startswith(f"{name} ")


def refusal(
    rows: Sequence[Sequence[str]], wanted: Sequence[str], needed: Sequence[str] | None = None, hint: str = ""
) -> OtherColumnsError:
    """Why a file without a header that fits is refused: what the row has that is most like it, and what it lacks."""
    row, names = _likest(rows, wanted)
    there = found_in(names, wanted)
    missing = [name for name in (wanted if needed is None else needed) if name not in there]
    return OtherColumnsError(
        f"Row {row}, the header, lacks these columns: {', '.join(missing or wanted)}."
        f" {_said(names, is_header=bool(there))}{hint}"
    )


def _likest(rows: Sequence[Sequence[str]], wanted: Sequence[str]) -> tuple[int, list[str]]:
    """Of the rows at the top the one that names most of the columns, with its number; else the first that is filled."""
    filled = [(at, names) for at, row in enumerate(rows[:SEARCHED], 1) if any(names := [cell.strip() for cell in row])]
    return max(filled, key=lambda row: len(found_in(row[1], wanted)), default=(1, [""]))


def likeness(rows: Sequence[Sequence[str]], wanted: Sequence[str]) -> int:
    """How many of the wanted columns the likest row names."""
    return len(found_in(_likest(rows, wanted)[1], wanted))


def _said(names: list[str], *, is_header: bool) -> str:
    """What stands in the row. Where no cell is a column's name, it may be somebody's data, and none is shown."""
    if not is_header:
        cells = "1 cell, which is no" if len(names) == 1 else f"{len(names):,} cells, none of them a"
        return f"Found {cells} known column. Does the file lack its header row?"
    found = ", ".join(_shown(name) for name in names[:LISTED_COLUMNS])
    more = f" and {len(names) - LISTED_COLUMNS:,} more" if len(names) > LISTED_COLUMNS else ""
    return f"Found: {found}{more}."


def _shown(name: str) -> str:
    return name[:60].replace("\0", "␀") or "(no name)"
