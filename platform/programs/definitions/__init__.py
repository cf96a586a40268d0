"""Country files: everything that differs between nations, as data that is validated as a whole."""

import tomllib
from pathlib import Path
from typing import Any

from .country import (
    CodeDefinition,
    IdentityScheme,
    MeasureDefinition,
    PartnerDefinition,
    ProgramDefinition,
    TargetDefinition,
)
from .rules import broken_rules
from .shape import Fault, read_table

__all__ = [
    "SHIPPED",
    "CodeDefinition",
    "CountryFileError",
    "IdentityScheme",
    "MeasureDefinition",
    "PartnerDefinition",
    "ProgramDefinition",
    "TargetDefinition",
    "read_country_file",
]

SHIPPED = Path(__file__).resolve().parent.parent / "countries"


class CountryFileError(Exception):
    """The file cannot be used. `faults` has every one of them, each with the file and its key or line."""

    def __init__(self, path: Path, faults: list[str]) -> None:
        self.faults = [f"{path}: {fault}" for fault in faults]
        super().__init__("\n".join(self.faults))


def read_country_file(path: Path) -> ProgramDefinition:
    """The program that the file defines. Raises `CountryFileError` with all its faults at once."""
    definition, faults = defined(parsed(path))
    if definition is None or faults:
        raise CountryFileError(path, [str(fault) for fault in faults])
    return definition


def defined(raw: dict[str, Any]) -> tuple[ProgramDefinition | None, list[Fault]]:
    """What the parsed tables define, unless they are faulty, and every fault."""
    faults: list[Fault] = []
    definition = read_table(ProgramDefinition, raw, "", faults)
    return definition, [*faults, *broken_rules(raw)]


def parsed(path: Path) -> dict[str, Any]:
    """The file's tables; raises `CountryFileError` with line and column if it is not TOML."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise CountryFileError(path, [f"cannot be read: {error.strerror}"]) from error
    try:
        return tomllib.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise CountryFileError(path, [f"line {line}: is not UTF-8; save the file in that encoding"]) from error
    except (ValueError, RecursionError) as error:
        raise CountryFileError(path, [f"is not TOML: {error}"]) from error
