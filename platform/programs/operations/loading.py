"""Bringing a program into line with its country file."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, TypeVar

from django.conf import settings
from django.db import models, transaction

from programs.definitions import CodeDefinition, MeasureDefinition, ProgramDefinition
from programs.models import Code, Evidence, Measure, MeasureVersion, Partner, Program, Target
from programs.models.partner import OWN_PARTNER

M = TypeVar("M", Code, Measure, Partner, Target)
Rows = dict[str, dict[str, Any]]
PROGRAM_FIELDS = (
    "country", "names", "languages", "time_zone", "financial_year_month", "number_locale", "residency",
    "disclosure_rule", "summary", "source",
)  # fmt: skip
VERSION_FIELDS = ("unit", "tag", "evidence", "starts_on", "ends_on", "employer_sizes", "geography")


class ProgramRefusedError(Exception):
    """This instance does not take the program; the message says why."""


@dataclass(frozen=True)
class Loaded:
    """What loading did, in words: `changes`, and what it `kept` although the file does not have it any more."""

    program: Program
    changes: list[str]
    kept: list[str]


@transaction.atomic
def load_program(definition: ProgramDefinition) -> Loaded:
    """Makes the program what the definition says. Loading the same definition again changes nothing.

    Another definition of a measure is a new version of it, and the targets move to that version. Codes, partners and
    measures that the definition no longer has are kept, because facts and figures name them; such a target is removed.
    Raises `ProgramRefusedError` for a program that may not lie on this instance, or that has moved to another country.
    """
    check_residency(definition)
    values = program_values(definition)
    _, is_new = Program.objects.get_or_create(code=definition.code, defaults=values)
    program = Program.objects.select_for_update().get(code=definition.code)
    changes = ["program added"] if is_new else list(changed_program(program, values))
    kept: list[str] = []
    for kind, codes in code_lists(definition).items():
        changes += align(Code, program, code_rows(codes, kind), f"{Code.Kind(kind).label} codes", kept, kind=kind)
    changes += align(Partner, program, partner_rows(definition), "partners", kept)
    changes += align(Measure, program, measure_rows(definition), "measures", kept)
    changes += [line for measure in definition.measures for line in new_version(program, measure)]
    changes += removed_targets(program, definition)
    changes += align(Target, program, target_rows(program, definition), "targets", kept)
    return Loaded(program, changes, kept)


def check_residency(definition: ProgramDefinition) -> None:
    held: Sequence[str] = settings.RESIDENCIES
    if held and definition.residency not in held:
        raise ProgramRefusedError(
            f"Program {definition.code} has its data in {definition.residency}, and this instance holds only"
            f" {', '.join(held)} (UPLIFT_RESIDENCIES). Load it on an instance there."
        )


def program_values(definition: ProgramDefinition) -> dict[str, Any]:
    schemes = [asdict(scheme) for scheme in definition.identity_schemes]
    return {name: getattr(definition, name) for name in PROGRAM_FIELDS} | {"identity_schemes": schemes}


def changed_program(program: Program, values: Mapping[str, Any]) -> Iterator[str]:
    if program.country != values["country"]:
        raise ProgramRefusedError(
            f"Program {program.code} belongs to {program.country}, not {values['country']}. Give the other country's"
            " program a code of its own."
        )
    changed = differences(program, values)
    program.save(update_fields=changed)
    yield from (f"program: {name} changed" for name in changed)


def code_lists(definition: ProgramDefinition) -> dict[str, list[CodeDefinition]]:
    return {
        Code.Kind.REGION: definition.regions,
        Code.Kind.SECTOR: definition.sectors,
        Code.Kind.EMPLOYER_SIZE: definition.employer_sizes,
        Code.Kind.AGE_BAND: definition.age_bands,
    }


def code_rows(codes: list[CodeDefinition], kind: str) -> Rows:
    return {
        entry.code: {"names": entry.names, "position": place, "most": entry.most, "isic": isic_of(entry, kind)}
        for place, entry in enumerate(codes)
    }


def isic_of(entry: CodeDefinition, kind: str) -> str:
    """The section that a sector names, or its code where that is the letter of one."""
    if kind != Code.Kind.SECTOR:
        return ""
    return entry.isic or (entry.code if re.fullmatch("[A-U]", entry.code) else "")


def partner_rows(definition: ProgramDefinition) -> Rows:
    own = {"name": "Courses taken here", "kind": Partner.Kind.OWN.value, "committed_people": None, "note": ""}
    return {OWN_PARTNER: own} | {partner.code: without_code(partner) for partner in definition.partners}


def measure_rows(definition: ProgramDefinition) -> Rows:
    return {entry.code: {"name": entry.name, "position": place} for place, entry in enumerate(definition.measures)}


def target_rows(program: Program, definition: ProgramDefinition) -> Rows:
    versions = {version.measure.code: version.pk for version in MeasureVersion.objects.of(program).current()}
    rows = {target.code: without_code(target) | {"position": place} for place, target in enumerate(definition.targets)}
    for row in rows.values():
        row["measure_version_id"] = versions[row.pop("measure")]
    return rows


def without_code(entry: Any) -> dict[str, Any]:  # noqa: ANN401 - any of the dataclasses
    return {name: value for name, value in asdict(entry).items() if name != "code"}


def align(model: type[M], program: Program, wanted: Rows, name: str, kept: list[str], **of: str) -> Iterator[str]:
    """Adds and changes rows until they are what is wanted; says what it did, and adds to `kept` what is not wanted."""
    known: dict[str, M] = {row.code: row for row in model._default_manager.filter(program=program, **of)}
    new = [model(program=program, code=code, **of, **row) for code, row in wanted.items() if code not in known]
    model._default_manager.bulk_create(new)
    if new:
        yield f"{name}: {len(new)} added ({', '.join(row.code for row in new)})"
    for code, row in known.items():
        changed = differences(row, wanted.get(code, {}))
        if changed:
            row.save(update_fields=changed)
            yield f'{name}: "{code}" changed ({", ".join(changed)})'
    gone = [code for code in known if code not in wanted]
    kept += [f'{name}: "{code}" is not in the file any more; kept, as facts may name it' for code in gone]


def differences(row: models.Model, values: Mapping[str, Any]) -> list[str]:
    """Sets the values on the row, and names the fields that had another value."""
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, values[name])
    return changed


def new_version(program: Program, definition: MeasureDefinition) -> Iterator[str]:
    """Adds a version if the newest one is defined otherwise. Versions are never edited."""
    measure = Measure.objects.get(program=program, code=definition.code)
    values = {name: getattr(definition, name) for name in VERSION_FIELDS}
    values["evidence"] = Evidence[definition.evidence.upper()].value
    newest = measure.versions.order_by("-number").first()
    if newest and all(getattr(newest, name) == value for name, value in values.items()):
        return
    number = newest.number + 1 if newest else 1
    MeasureVersion.objects.create(program=program, measure=measure, number=number, **values)
    if newest:
        yield f'measures: "{measure.code}" is defined otherwise, as version {number}'


def removed_targets(program: Program, definition: ProgramDefinition) -> Iterator[str]:
    gone = Target.objects.filter(program=program).exclude(code__in=[target.code for target in definition.targets])
    yield from [f'targets: "{target.code}" removed' for target in gone]
    gone.delete()
