"""The data models of SCORM 1.2 and 2004, as tables that the server and the player share."""

from collections.abc import Mapping
from typing import Any

from courses.packages.elements import scorm_12, scorm_2004
from courses.packages.elements.kinds import Element
from courses.packages.manifests import Standard

MODELS: Mapping[str, Mapping[str, Element]] = {
    Standard.SCORM_12: scorm_12.ELEMENTS,
    Standard.SCORM_2004: scorm_2004.ELEMENTS,
}
LONGEST_ARRAY = 1_000  # interactions, objectives, comments


def model_for_player(standard: str) -> dict[str, Any]:
    """The table of the standard as the player reads it."""
    module = scorm_12 if standard == Standard.SCORM_12 else scorm_2004
    elements = {
        name: {"kind": list(one.kind), "access": one.access, "initial": one.initial, "after": one.after}
        for name, one in MODELS[standard].items()
    }
    made: dict[str, Any] = {
        "elements": elements,
        "parents": list(module.PARENTS),
        "version": module.VERSION,
        "longestArray": LONGEST_ARRAY,
    }
    if module is scorm_2004:
        made |= {"unique": list(scorm_2004.UNIQUE), "writtenOnce": list(scorm_2004.WRITTEN_ONCE)}
    return made
