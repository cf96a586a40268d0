"""Values that stand for none: N/A, TEST, 0000000, 1234567890. Contacts are hashed behind this, so it is seen here."""

import re
import string
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from courses.returns.profiles import PARTICULARS, Definition

from .cells import Cells

# The bits of `staged.suspect`, in this order.
PLACES = ("person", "reference", *(name for name in PARTICULARS if name != "born_on"))
IDENTIFIERS = ("person", "reference")
UP, DOWN = "01234567890", "9876543210"
LONG = 8  # digits in order that nobody gets by being counted
SEPARATORS = r"[\s().+/_-]"  # what people write between the parts of a number


class Placeholders:
    """Finds placeholders in the columns that name or reach a person, under the parameters of the rule."""

    def __init__(self, definition: Definition, parameters: Mapping[str, Any]) -> None:
        named = {"person": definition.person_column, "reference": definition.reference, **definition.particulars}
        self.columns = {place: named[place] for place in PLACES if named.get(place)}
        words = "|".join(re.escape(" ".join(word.lower().split())) for word in parameters["words"])
        self.words = rf"\A(?:{words})\z" if words else ""
        domains = "|".join(re.escape(domain.lower()) for domain in parameters["domains"])
        self.domains = rf"@(?:{domains})\z" if domains else ""
        repeated = parameters["repeated"]
        self.contacts = _empty_forms(repeated, of_others=repeated)
        # Somebody rightly has the number 11111 where people are numbered.
        self.identifiers = _empty_forms(repeated, of_others=max(repeated, LONG))

    def marks(self, trimmed: Mapping[str, Cells]) -> pa.Array:
        """For each row, the bits of the columns that hold a placeholder. An empty cell is none."""
        bits = {place: 1 << bit for bit, place in enumerate(PLACES)}
        marks: npt.NDArray[np.int16] | None = None
        for place, column in self.columns.items():
            cells = trimmed[column]
            found = cells.mask(self._found_in(place, cells.different))
            added = found.astype(np.int16) * np.int16(bits[place])
            marks = added if marks is None else marks | added
        return pa.array(marks, pa.int16())

    def _found_in(self, place: str, cells: pa.StringArray) -> pa.BooleanArray:
        lowered = pc.utf8_lower(cells)
        bare = pc.replace_substring_regex(lowered, SEPARATORS, "")
        found = pc.match_substring_regex(bare, self.identifiers if place in IDENTIFIERS else self.contacts)
        if self.words:
            found = pc.or_(found, pc.match_substring_regex(lowered, self.words))
        if self.domains and place != "name":
            found = pc.or_(found, pc.match_substring_regex(lowered, self.domains))
        return found


def _empty_forms(repeated: int, *, of_others: int) -> str:
    """A pattern of one character over and over, and of digits in order, up or down; zeros need `repeated` alone."""
    same = [f"0{{{repeated},}}"]
    same += [f"{character}{{{of_others},}}" for character in string.digits[1:] + string.ascii_lowercase]
    lines = [UP[start:] for start in (0, 1)] + [DOWN]
    ordered = {line[:length] for line in lines for length in range(LONG, 11)}
    return rf"\A(?:{'|'.join([*same, *sorted(ordered)])})\z"
