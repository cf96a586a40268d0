"""Identifiers of persons: which are fit, what is compared of them, and how they are kept out of what is shown."""

import re
from dataclasses import dataclass
from unicodedata import decimal, normalize

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from courses.returns.profiles import Definition
from courses.returns.profiles.fitting import PARTNERS_OWN
from people.identities import EMAIL, normalised, partners_own
from programs.check_digits import CheckCharacter
from programs.models import Partner, Program

from .faults import CellFaultError

LONGEST_IDENTIFIER = 200
TELLING = 4  # characters: a shorter identifier stands in many a cell by chance
TELLING_DIGITS = 4
EMAIL_PATTERN = r"[^@\s]+@[^@\s]+\.[^@\s]+"
WHITE = r"[\s\x1c-\x1f]+"  # what `str.split` takes for white space in ASCII


@dataclass(frozen=True)
class Identifiers:
    """One kind of identifier: the scheme's pattern and check character, if it has any."""

    scheme: str
    name: str
    pattern: re.Pattern[str] | None
    check: CheckCharacter | None = None

    @classmethod
    def of(cls, definition: Definition, program: Program, partner: Partner) -> "Identifiers":
        if definition.scheme == PARTNERS_OWN:
            return cls.own_of(partner)
        if definition.scheme == EMAIL:
            return cls(EMAIL, "an e-mail address", re.compile(EMAIL_PATTERN))
        scheme = next(scheme for scheme in program.identity_schemes if scheme["code"] == definition.scheme)
        check = CheckCharacter.of(scheme["check"]) if scheme.get("check") else None
        return cls(scheme["code"], scheme["name"], re.compile(scheme["pattern"], re.IGNORECASE | re.ASCII), check)

    @classmethod
    def own_of(cls, partner: Partner) -> "Identifiers":
        return cls(partners_own(partner), "a number", None)

    def judged(self, column: str, cell: str) -> str:
        """What is compared of the identifier in a cell. Raises `CellFaultError` if it is not fit, or missing."""
        if not cell:
            raise CellFaultError(column, cell, "the person's identifier is missing")
        compact = "".join(normalize("NFKC", cell).split()).replace("-", "")
        if len(compact) > LONGEST_IDENTIFIER or (self.pattern and not self.pattern.fullmatch(compact)):
            raise CellFaultError(column, cell, f"does not look like {self.name}")
        if self.check and not self.check.fits(compact):
            raise CellFaultError(column, cell, f"is mistyped: the last character of {self.name} does not fit")
        return normalised(self.scheme, cell)

    def judged_together(self, cells: pa.StringArray) -> tuple[pa.StringArray, npt.NDArray[np.bool_]]:
        """The same for a whole column as far as it is plain ASCII, and for which cells it is: the others are left out.

        A cell that is taken here is taken by `judged`, with the same answer; what is not may still be.
        """
        if not pc.all(pc.string_is_ascii(cells), min_count=0).as_py():
            cells = pc.if_else(pc.string_is_ascii(cells), cells, "")
        bare = pc.replace_substring_regex(cells, WHITE, "")
        compact = pc.replace_substring(bare, "-", "")
        length = pc.utf8_length(compact)
        fit = pc.and_(pc.greater(length, 0), pc.less_equal(length, LONGEST_IDENTIFIER))
        if self.pattern:
            fit = pc.and_(fit, pc.match_substring_regex(compact, rf"(?i)\A(?:{self.pattern.pattern})\z"))
        if self.check:
            fit = pc.and_(
                fit, pa.array(self.check.fit_together(pc.ascii_upper(compact).to_numpy(zero_copy_only=False)))
            )
        keeps_hyphens = self.scheme == EMAIL or self.scheme.startswith(f"{PARTNERS_OWN}:")
        texts = pc.ascii_lower(bare if keeps_hyphens else compact)
        return texts, fit.to_numpy(zero_copy_only=False)

    def shown_in(self, cell: str, identifier: str) -> bool:
        """Whether the cell shows the row's identifier, or anything that could be one, however it is spelt."""
        folded, text, own = normalised(self.scheme, cell), bare(cell), bare(identifier)
        is_part = len(own) >= TELLING and own in text
        return "@" in folded or is_part or text == own or self._fits_in(folded, text)

    def _fits_in(self, folded: str, text: str) -> bool:
        if self.pattern is None:
            return sum(map(str.isdigit, text)) >= TELLING_DIGITS
        return any(self.pattern.search(form) for form in (folded, text))


def bare(text: str) -> str:
    """Only the letters and digits of a text, every digit as 0 to 9: what is left of an identifier in any spelling."""
    folded = normalize("NFKC", text).casefold()
    return "".join(str(decimal(character, character)) for character in folded if character.isalnum())
