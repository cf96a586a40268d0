"""Names for questions, pools and pictures, made of what the bank calls them."""

import re
from dataclasses import dataclass, field

from anyascii import anyascii


def slug(text: str, longest: int) -> str:
    """Lower-case letters a to z, digits and single hyphens, cut between words; empty if it has nothing of the kind."""
    plain = re.sub(r"[^a-z0-9]+", "-", anyascii(text[: longest * 4]).lower()).strip("-")
    if len(plain) <= longest:
        return plain
    cut = plain[: longest + 1].rpartition("-")[0] or plain[:longest]
    return cut[:longest].strip("-")


@dataclass
class Names:
    """Names that are given once each, none longer than `longest` characters."""

    longest: int
    taken: set[str] = field(default_factory=set)
    numbers: dict[str, int] = field(default_factory=dict)

    def unused(self, wanted: str) -> str:
        """`wanted`, or with the first number that makes it new."""
        name, number = wanted, self.numbers.get(wanted, 1)
        while name in self.taken:
            number += 1
            name = f"{wanted[: self.longest - len(str(number)) - 1].rstrip('-')}-{number}"
        self.numbers[wanted] = number
        self.taken.add(name)
        return name
