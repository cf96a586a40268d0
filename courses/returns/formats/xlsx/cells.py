"""A sheet's rows as its file has them."""

from typing import NamedTuple

# The type (`s` shared text, `n` number, `e` error …), the number of the style, and the content, which is never empty.
Cell = tuple[str, str, str]


class Row(NamedTuple):
    """Its number from 1, and its cells by their place from 0."""

    number: int
    cells: dict[int, Cell]
