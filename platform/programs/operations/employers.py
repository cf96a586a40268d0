"""Loading the register of employers."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from programs.models import Employer, Program

COLUMNS = ("code", "name", "employees", "dormant_since", "source")
LONGEST = {"code": 80, "name": 200, "source": 200}
MOST_EMPLOYEES = 10_000_000
MOST_FAULTS = 20
BATCH = 10_000  # rows a statement


class RegisterRefusedError(Exception):
    """The file cannot be used; `faults` has what is wrong, each with its row, the header being row 1."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


@dataclass(frozen=True)
class Register:
    """What loading did: how many employers are in the file, and how many the program has that are not."""

    loaded: int
    others: int


@transaction.atomic
def load_employers(program: Program, lines: Iterable[str]) -> Register:
    """Adds and changes employers until they are what the CSV file says; those that are not in it are kept.

    Columns are `COLUMNS`; `employees` and `dormant_since` (2026-12-31) may be empty. Loading the same file again
    changes nothing. Raises `RegisterRefusedError` with the faults; nothing is loaded then.
    """
    Program.objects.select_for_update(no_key=True).get(pk=program.pk)
    employers = _read(program, lines)
    for first in range(0, len(employers), BATCH):
        Employer.objects.bulk_create(
            employers[first : first + BATCH],
            update_conflicts=True,
            unique_fields=["program", "code"],
            update_fields=["name", "employees", "dormant_since", "source"],
        )
    return Register(len(employers), Employer.objects.of(program).count() - len(employers))


def _read(program: Program, lines: Iterable[str]) -> list[Employer]:
    reader = csv.DictReader(lines)
    if missing := [name for name in COLUMNS if name not in (reader.fieldnames or [])]:
        raise RegisterRefusedError([f"row 1, the header, lacks {', '.join(missing)}"])
    employers: dict[str, Employer] = {}
    faults: list[str] = []
    for number, row in enumerate(reader, 2):
        cells = {name: " ".join((row[name] or "").split()) for name in COLUMNS}
        found = list(_faults(cells))
        if cells["code"] in employers:
            found.append(f"code {cells['code']!r} stands in the file twice")
        faults += [f"row {number}: {fault}" for fault in found]
        if len(faults) >= MOST_FAULTS:
            break
        if not found:
            employers[cells["code"]] = _employer(program, cells)
    if faults:
        raise RegisterRefusedError(faults[:MOST_FAULTS])
    return list(employers.values())


def _faults(cells: dict[str, str]) -> Iterator[str]:
    for name, longest in LONGEST.items():
        if not 1 <= len(cells[name]) <= longest:
            yield f"{name} must have 1 to {longest} characters"
        elif not cells[name].isprintable():
            yield f"{name} has a character that cannot be printed"
    employees = cells["employees"]
    is_number = employees.isascii() and employees.isdecimal() and len(employees) <= len(str(MOST_EMPLOYEES))
    if employees and not (is_number and int(employees) <= MOST_EMPLOYEES):
        yield f"employees {employees!r} is no whole number from 0 to {MOST_EMPLOYEES:,}"
    try:
        date.fromisoformat(cells["dormant_since"] or "2000-01-01")
    except ValueError:
        yield f"dormant_since {cells['dormant_since']!r} is no day, such as 2026-12-31"


def _employer(program: Program, cells: dict[str, str]) -> Employer:
    return Employer(
        program=program,
        code=cells["code"],
        name=cells["name"],
        employees=int(cells["employees"]) if cells["employees"] else None,
        dormant_since=date.fromisoformat(cells["dormant_since"]) if cells["dormant_since"] else None,
        source=cells["source"],
    )
