"""What somebody sees who decides on flagged rows: what the rules found, and the rows side by side."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from cryptography.exceptions import InvalidTag
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from programs.models import Program
from programs.templatetags.figures import day

from .models import AnomalyRule, Group, HeldRow, HeldRowQuerySet
from .profiles import Definition
from .sealing import Seal

Kind = AnomalyRule.Kind
WORDS: Mapping[str, str | Promise] = {
    # Translators: {employer} is a name, {asleep} such as "dormant since 1 Jan 2026 by the register"
    Kind.DORMANT: _("{learners} learners of {employer}, {asleep}"),
    # Translators: {employer} is a name, {said_by} such as "says the register"
    Kind.CROWDED: _("{learners} learners of {employer}, where {employees} people work ({said_by})"),
    # Translators: {column} is such as "e-mail address"
    Kind.SHARED: _("{persons} people have this {column}"),
    Kind.PLACEHOLDER: _("a placeholder as {columns}"),
    Kind.FAST: _("{course} in {minutes} min; the shortest plausible time is {shortest} min"),
    Kind.FULL_DAY: _("{courses} courses of {hours} hours in all, completed by one person on {day}"),
    Kind.NIGHT: _("{at_night} of {rows} rows of {day} were completed at night"),
}
NIGHT_OF_EMPLOYER = _("{at_night} of {rows} rows of {day} were completed at night at {employer}")
DAYS = ("day", "dormant_since", "last_known_on")
ASLEEP = {
    "dormant_since": _("dormant since {dormant_since} by the register"),
    "last_known_on": _("of whom we last heard on {last_known_on}"),
}
SAID_BY = {"register": _("says the register"), "reported": _("says the partner"), "size": _("by its size band")}
COLUMNS = {"email": _("e-mail address"), "person": _("identifier"), "reference": _("the partner's number")}
HIDDEN_FROM_ALL = ("email", "phone", "account")


class Finding(NamedTuple):
    rule: str
    words: str


class Sheet(NamedTuple):
    """Rows of a group with the cells that may be seen: no identifier and no contact.

    What several rows have in common is `same`, by column, and no column of its own.
    """

    same: list[tuple[str, str]]
    columns: list[str]
    rows: list[tuple[HeldRow, list[str]]]


def findings(row: HeldRow, program: Program) -> list[Finding]:
    """What each rule found in the row of the program, the gravest first."""
    found = [kind for kind in Kind.values if kind in row.evidence]
    return [Finding(str(Kind(kind).label), _words(kind, row.evidence[kind], program)) for kind in found]


def sheet_of(rows: Sequence[HeldRow], seal: Seal) -> Sheet:
    """The rows side by side, as far as their cells are kept. They have their return and its profile with them."""
    opened = [(row, dict(_seen(row, seal))) for row in rows]
    names = dict.fromkeys(name for _row, cells in opened for name in cells)
    values = {name: {cells.get(name, "") for _row, cells in opened} for name in names}
    alike = [name for name in names if len(rows) > 1 and len(values[name]) == 1]
    columns = [name for name in names if name not in alike]
    same = [(name, cell) for name in alike for cell in values[name] if cell]
    return Sheet(same, columns, [(row, [cells.get(name, "") for name in columns]) for row, cells in opened])


def group_from(asked: Mapping[str, str]) -> Group | None:
    """The group that an address or a form names."""
    partner = asked.get("partner", "")
    if not (partner.isascii() and partner.isdecimal() and len(partner) < 19 and asked.get("rule")):
        return None
    group = Group(int(partner), asked["rule"], asked.get("group", ""), asked.get("also", ""))
    return None if any("\0" in text for text in group[1:]) else group  # which no text of the database holds


def first_rows(rows: HeldRowQuerySet, at_most: int) -> list[HeldRow]:
    return list(rows.select_related("of_return__profile", "of_return__partner")[:at_most])


def _words(kind: str, found: Mapping[str, Any], program: Program) -> str:
    days = {name: day(date.fromisoformat(found[name]), program) for name in DAYS if name in found}
    said, words = dict(found) | days, WORDS[kind]
    if kind == Kind.DORMANT:
        asleep = ASLEEP["dormant_since" if "dormant_since" in found else "last_known_on"]
        said["asleep"] = str(asleep).format(**said)
    elif kind == Kind.CROWDED:
        said["said_by"] = SAID_BY[found["said_by"]]
    elif kind == Kind.SHARED:
        said["column"] = COLUMNS.get(found["column"], found["column"])
    elif kind == Kind.PLACEHOLDER:
        said["columns"] = ", ".join(str(COLUMNS.get(name, name)) for name in found["columns"])
    elif kind == Kind.NIGHT and found["employer"]:
        words = NIGHT_OF_EMPLOYER
    return str(words).format(**said)


def _seen(row: HeldRow, seal: Seal) -> Iterator[tuple[str, str]]:
    definition = Definition.of(row.of_return.profile.definition)
    contacts = [definition.particulars.get(name) for name in HIDDEN_FROM_ALL]
    hidden = {definition.person_column, definition.reference, *contacts, *definition.record_key}
    hidden -= {definition.course.column}
    if row.sealed is None:
        return
    try:
        cells = seal.opened(bytes(row.sealed))
    except InvalidTag:
        return
    yield from ((name, cell) for name, cell in zip(row.of_return.columns, cells, strict=False) if name not in hidden)
