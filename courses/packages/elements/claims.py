"""What a player says, checked again: it runs in the learner's browser, where anybody can change it."""

import re
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from courses.packages.elements import LONGEST_ARRAY, MODELS
from courses.packages.elements.kinds import in_range, is_of_kind

NUMBER = re.compile(r"\.(0|[1-9]\d{0,3})(?=\.|$)", re.ASCII)
MOST_CHARACTERS = 1_000_000  # of all values of an item together


class ClaimRefusedError(Exception):
    """What the player sent is not what the standard allows; nothing of it is taken."""


def checked_claims(standard: str, known: Mapping[str, str], claimed: Any) -> dict[str, str]:  # noqa: ANN401 - from JSON
    """All values, with those claimed in the place of those known. Raises `ClaimRefusedError`."""
    if not isinstance(claimed, dict):
        raise ClaimRefusedError("The values must be an object.")
    model = MODELS[standard]
    for name, value in claimed.items():
        element = model.get(table_name(name))
        if element is None or "w" not in element.access:
            raise ClaimRefusedError(f"{name[:100]} is no element that can be set.")
        if not isinstance(value, str) or "\0" in value or (not value.isascii() and holds_half_characters(value)):
            raise ClaimRefusedError(f"{name} must be text.")
        if not is_of_kind(element.kind, value) or not in_range(element.kind, value):
            raise ClaimRefusedError(f"{name} cannot have this value.")
    whole = {**known, **claimed}
    if sum(len(name) + len(value) for name, value in whole.items()) > MOST_CHARACTERS:
        raise ClaimRefusedError("These are more values than are kept.")
    refuse_gaps(whole)
    return whole


def table_name(name: str) -> str:
    """The name with n for each number; empty for what is too long, or says n itself."""
    return "" if len(name) > 100 or re.search(r"\.n(\.|$)", name) else NUMBER.sub(".n", name)


def holds_half_characters(value: str) -> bool:
    """Lone surrogates, which JSON can say and no database keeps."""
    return any("\ud800" <= character <= "\udfff" for character in value)


def refuse_gaps(values: Mapping[str, str]) -> None:
    """Raises `ClaimRefusedError` where an array has a hole or is too long."""
    seen: dict[str, set[int]] = defaultdict(set)
    for name in values:
        for found in NUMBER.finditer(name):
            seen[name[: found.start()]].add(int(found[1]))
    for name, numbers in seen.items():
        if len(numbers) > LONGEST_ARRAY or max(numbers) != len(numbers) - 1:
            raise ClaimRefusedError(f"{name} must be numbered from 0 without holes, up to {LONGEST_ARRAY}.")
