"""Return profiles: which column of a partner's file means what. Each one is a TOML file; those beside this one ship."""

from pathlib import Path

from .definition import (
    DESCRIBING,
    NO_ACHIEVEMENT,
    PARTICULARS,
    Codes,
    CourseDefinition,
    Days,
    Definition,
)
from .shape import ProfileRefusedError, parsed

SHIPPED = Path(__file__).parent

__all__ = [
    "DESCRIBING",
    "NO_ACHIEVEMENT",
    "PARTICULARS",
    "SHIPPED",
    "Codes",
    "CourseDefinition",
    "Days",
    "Definition",
    "ProfileRefusedError",
    "parsed",
]
