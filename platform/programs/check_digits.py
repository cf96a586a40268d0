"""Check characters of identifiers, as country files describe them: a weighted sum of digits and its remainder."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from operator import mul
from typing import Any

import numpy as np
import numpy.typing as npt

DIGITS = re.compile(r"\d+", re.ASCII)


@dataclass(frozen=True)
class CheckCharacter:
    """The last character of an identifier follows from the digits before it: that of `characters` whose place is the
    remainder of the sum, divided by their number. A `-` stands where no identifier has that remainder.

    Identifiers may come in series, by their first letter: each adds its `start` to the sum and has its own characters.
    """

    weights: tuple[int, ...]
    series: Mapping[str, tuple[int, str]]

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> "CheckCharacter":
        """Reads `check` of a scheme of `Program.identity_schemes`."""
        series = {letter.upper(): (one["start"], one["characters"]) for letter, one in stored["series"].items()}
        return cls(tuple(stored["weights"]), series or {"": (0, stored["characters"])})

    def fits(self, identifier: str) -> bool:
        """Whether the check character of an identifier is right; letters may be small or capital."""
        text = identifier.upper()
        letter = "" if "" in self.series else text[:1]
        digits, last = text[len(letter) : -1], text[-1:]
        if letter not in self.series or len(digits) != len(self.weights) or not DIGITS.fullmatch(digits):
            return False
        start, characters = self.series[letter]
        total = start + sum(map(mul, self.weights, map(int, digits)))
        return last != "-" and characters[total % len(characters)] == last

    def fit_together(self, identifiers: npt.NDArray[np.object_]) -> npt.NDArray[np.bool_]:
        """`fits` of many identifiers of ASCII characters, letters in capitals."""
        fit = np.zeros(len(identifiers), np.bool_)
        for letter, (start, characters) in self.series.items():
            width = len(letter) + len(self.weights) + 1
            bytes_of = identifiers.astype(f"S{width + 1}").view(np.uint8).reshape(-1, width + 1)
            digits = bytes_of[:, len(letter) : width - 1].astype(np.int32) - ord("0")
            last, beyond = bytes_of[:, width - 1], bytes_of[:, width]
            wanted = np.frombuffer(characters.encode(), np.uint8)[
                (start + digits @ np.array(self.weights, np.int32)) % len(characters)
            ]
            is_whole = (beyond == 0) & ((digits >= 0) & (digits <= 9)).all(axis=1)
            is_mine = bytes_of[:, 0] == ord(letter) if letter else True
            fit |= is_whole & is_mine & (last == wanted) & (last != ord("-"))
        return fit
