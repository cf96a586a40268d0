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
from people.identities import EMAIL, compact, normalised, partners_own
from programs.check_digits import CheckCharacter
from programs.models import Partner, Program

from .faults import CellFaultError

LONGEST_IDENTIFIER = 200
MISSING = "the person's identifier is missing"
TELLING = 4  # characters: a shorter identifier stands in many a cell by chance
TELLING_DIGITS = 4
EMAIL_PATTERN = r"[^@\s]+@[^@\s]+\.[^@\s]+"
# What stands in the place of a partner's own number and names nobody, or no longer whom it did, in lower case.
UNFIT = {
    re.compile(r"\d(?:[.,]\d+)?e\+\d+|\d[.,]\d+e\d+", re.ASCII): (
        "was shortened by a spreadsheet: format the column as text before it is filled, and send the whole number"
    ),
    re.compile(r"\d+[.,]0{1,2}", re.ASCII): (
        "is written as a decimal, as a spreadsheet or a program does: write the number as it was given"
    ),
    re.compile(r"#(?:n/a|ref!|value!|div/0!|name\?|num!|null!|spill!|calc!|getting_data)"): (
        "is an error of a spreadsheet and no number"
    ),
    re.compile(r"0{1,4}|[\W_]+|n/?a|nan|null|none|nil"): "names nobody: the person's identifier is missing",
}
ANY_UNFIT = rf"\A(?:{'|'.join(form.pattern for form in UNFIT)})\z"
BETWEEN = re.compile(r"[^0-9A-Za-z]+")  # what stands in ASCII between letters and digits
LOST = "\ufffd"  # what programs write for a character that they could not read
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

    @property
    def is_own(self) -> bool:
        """Whether these are numbers that the partner gives people itself."""
        return self.scheme.startswith(f"{PARTNERS_OWN}:")

    def judged(self, column: str, cell: str) -> str:
        """What is compared of the identifier in a cell. Raises `CellFaultError` if it is not fit, or missing."""
        if not cell:
            raise CellFaultError(column, cell, MISSING)
        characters = compact(cell).replace("-", "")
        if len(characters) > LONGEST_IDENTIFIER or (self.pattern and not self.pattern.fullmatch(characters)):
            raise CellFaultError(
                column, cell, _unfit(normalised(self.scheme, cell)) or f"does not look like {self.name}"
            )
        if self.check and not self.check.fits(characters):
            raise CellFaultError(column, cell, f"is mistyped: the last character of {self.name} does not fit")
        text = normalised(self.scheme, cell)
        if not text:
            raise CellFaultError(column, cell, MISSING)
        if LOST in text:
            raise CellFaultError(column, cell, "has a character that was lost: write the whole number")
        if self.is_own and (reason := _unfit(text)):
            raise CellFaultError(column, cell, reason)
        return text

    def judged_together(self, cells: pa.StringArray) -> tuple[pa.StringArray, npt.NDArray[np.bool_]]:
        """The same for a whole column as far as it is plain ASCII, and for which cells it is: the others are left out.

        A cell that is taken here is taken by `judged`, with the same answer; what is not may still be.
        """
        if not pc.all(pc.string_is_ascii(cells), min_count=0).as_py():
            cells = pc.if_else(pc.string_is_ascii(cells), cells, "")
        bare = pc.replace_substring_regex(cells, WHITE, "")
        characters = pc.replace_substring(bare, "-", "")
        length = pc.utf8_length(characters)
        fit = pc.and_(pc.greater(length, 0), pc.less_equal(length, LONGEST_IDENTIFIER))
        if self.pattern:
            fit = pc.and_(fit, pc.match_substring_regex(characters, rf"(?i)\A(?:{self.pattern.pattern})\z"))
        if self.check:
            upper = pc.ascii_upper(characters)
            fit = pc.and_(fit, pa.array(self.check.fit_together(upper.to_numpy(zero_copy_only=False))))
        texts = pc.ascii_lower(bare if self.scheme == EMAIL or self.is_own else characters)
        if self.is_own:
            fit = pc.and_not(fit, pc.match_substring_regex(texts, ANY_UNFIT))
        return texts, fit.to_numpy(zero_copy_only=False)

    def shows_own(self, cell: str, identifier: str) -> bool:
        """Whether the cell shows the row's identifier, or one that fits the scheme's pattern, however it is spelt."""
        folded, text, own = normalised(self.scheme, cell), bare(cell), bare(identifier)
        is_part = len(own) >= TELLING and own in text
        fits = self.pattern is not None and any(self.pattern.search(form) for form in (folded, text))
        return "@" in folded or is_part or text == own or fits

    def may_stand_in(self, cell: str) -> bool:
        """Whether the cell has as many digits as a number that somebody was given, where numbers have no pattern."""
        return self.pattern is None and sum(map(str.isdigit, bare(cell))) >= TELLING_DIGITS


def _unfit(text: str) -> str:
    """What has become of an identifier that is none any more; empty if it may be one."""
    return next((reason for form, reason in UNFIT.items() if form.fullmatch(text)), "")


def bare(text: str) -> str:
    """Only the letters and digits of a text, every digit as 0 to 9: what is left of an identifier in any spelling."""
    if text.isascii():
        return BETWEEN.sub("", text).lower()
    folded = normalize("NFKC", text).casefold()
    return "".join(str(decimal(character, character)) for character in folded if character.isalnum())
