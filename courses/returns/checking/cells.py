"""The cells of a column of a block: each different one once, and for every row which it is."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

QUOTED = r"(?s)\A'([=+@\t\r-].*)\z|\A'([0-9]+)\z|\A'([^']*)'\z"
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Cells:
    """`different` has the cells without the spaces around them, and without what spreadsheets put there."""

    different: pa.StringArray
    at: pa.Int32Array

    @classmethod
    def of(cls, column: pa.StringArray) -> "Cells":
        encoded = encoded_once(column)
        return cls(_plain(pc.utf8_trim_whitespace(encoded.dictionary)), encoded.indices)

    def __len__(self) -> int:
        return len(self.at)

    def __getitem__(self, row: int) -> str:
        cell: str = self.different[self.at[row].as_py()].as_py()
        return cell

    def spread(self, values: pa.Array) -> pa.Array:
        """For every row what `values` says of its cell."""
        return values.take(self.at)

    def mask(self, values: pa.BooleanArray | Mask) -> Mask:
        """The same for what is true or not."""
        array = values if isinstance(values, np.ndarray) else values.to_numpy(zero_copy_only=False)
        spread: Mask = array[self.at.to_numpy()]
        return spread

    def texts(self) -> pa.StringArray:
        """The cell of every row."""
        return self.spread(self.different)


def encoded_once(texts: pa.StringArray) -> pa.DictionaryArray:
    encoded = pc.dictionary_encode(texts)
    return encoded.combine_chunks() if isinstance(encoded, pa.ChunkedArray) else encoded


def _plain(cells: pa.StringArray) -> pa.StringArray:
    """Without what spreadsheets, and we ourselves, put around a cell so that nobody takes it for something else.

    An apostrophe before what looks like a formula or before a number, apostrophes on both sides, and a text written as
    the formula ="0012".
    """
    if not pc.any(pc.match_substring_regex(cells, "^['=]"), min_count=0).as_py():
        return cells
    cells = pc.utf8_trim_whitespace(pc.replace_substring_regex(cells, QUOTED, r"\1\2\3"))
    return pc.replace_substring_regex(cells, '^="([^"]*)"$', r"\1")
