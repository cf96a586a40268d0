"""Addresses made of titles."""

import re
from collections.abc import Collection

from anyascii import anyascii


def slug_of(title: str, taken: Collection[str]) -> str:
    """A part of an address that says what the title says, in ASCII, and is not taken."""
    words = re.sub(r"[^a-z0-9]+", "-", anyascii(title).lower()).strip("-")[:60].strip("-") or "lesson"
    found, number = words, 2
    while found in taken:
        found, number = f"{words}-{number}", number + 1
    return found
