"""A checked profile, as the intake reads it."""

from dataclasses import dataclass, field
from typing import Any, Self

from people.identities import partners_own
from programs.models import Partner

from .statements import Statements, statements_in

# What may describe a person on the day: the first four by the program's lists, the others in the partner's own words.
LISTED = ("region", "sector", "employer_size", "age_band")
DESCRIBING = (*LISTED, "employer", "occupation")
# What helps to tell persons apart or to see that two are one. It is kept beside the person, never with the achievement.
PARTICULARS = ("name", "born_on", "email", "phone", "account")
# The result of a row that is accepted but is no achievement.
NO_ACHIEVEMENT = "none"


@dataclass(frozen=True)
class Codes:
    """A column, and what its cells mean; without `values` a cell is itself the code."""

    column: str
    values: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Days:
    """A column of days, or of days with a time, and how they are written: a format of strptime."""

    column: str
    format: str = "%Y-%m-%d"


@dataclass(frozen=True)
class CourseDefinition:
    """A course that the profile brings along. Without a partner, every partner of the program may report it."""

    code: str
    title: str
    tags: tuple[str, ...]
    partner: str = ""


@dataclass(frozen=True, kw_only=True)
class Definition:
    """Everything that a profile says. `scheme` is one of the program's, `email`, or `partner`: its own numbers.

    `reference` is the column of the partner's own numbers where persons have another identifier besides. `started` and
    `minutes` are two ways to say how long a course took.
    """

    encoding: str
    delimiter: str
    record_key: tuple[str, ...]
    person_column: str
    scheme: str
    reference: str
    day: Days
    started: Days | None
    minutes: str
    employees: str
    particulars: dict[str, str]
    born_on_format: str
    course: Codes
    result: Codes
    describing: dict[str, Codes]
    constants: dict[str, str]
    statements: Statements | None

    @classmethod
    def of(cls, stored: dict[str, Any]) -> Self:
        """Reads `ReturnProfile.definition`."""
        return cls(
            encoding=stored.get("encoding", "utf-8"),
            delimiter=stored.get("delimiter", ","),
            record_key=tuple(stored["record_key"]),
            person_column=stored["person"]["column"],
            scheme=stored["person"]["scheme"],
            reference=stored.get("reference", {}).get("column", ""),
            day=Days(**stored["day"]),
            started=Days(**stored["started"]) if "started" in stored else None,
            minutes=stored.get("minutes", {}).get("column", ""),
            employees=stored.get("employees", {}).get("column", ""),
            particulars={
                name: stored["particulars"][name] for name in PARTICULARS if name in stored.get("particulars", {})
            },
            born_on_format=stored.get("particulars", {}).get("born_on_format", Days.format),
            course=Codes(**stored["course"]),
            result=Codes(**stored["result"]),
            describing={name: Codes(**stored[name]) for name in DESCRIBING if name in stored},
            constants=stored.get("constants", {}),
            statements=statements_in(stored),
        )

    def scheme_of(self, partner: Partner) -> str:
        """The scheme of the identities that the person's column names."""
        return partners_own(partner) if self.scheme == "partner" else self.scheme

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that is read, each once: the record's key first."""
        read = [self.person_column, self.reference, self.day.column, self.course.column, self.result.column]
        read += [codes.column for codes in self.describing.values()]
        read += [self.started.column if self.started else "", self.minutes, self.employees, *self.particulars.values()]
        return tuple(dict.fromkeys(filter(None, [*self.record_key, *read])))

    @property
    def needed(self) -> tuple[str, ...]:
        """The columns that a file must have. Any other may be missing: it is read as empty then."""
        read = [*self.record_key, self.person_column, self.day.column, self.course.column, self.result.column]
        return tuple(dict.fromkeys(read))

    @property
    def optional(self) -> tuple[str, ...]:
        return tuple(name for name in self.columns if name not in self.needed)

    @property
    def days(self) -> frozenset[str]:
        """The columns that hold days."""
        columns = [self.day.column, self.started.column if self.started else "", self.particulars.get("born_on", "")]
        return frozenset(filter(None, columns))
