"""A checked profile, as the intake reads it."""

from dataclasses import dataclass, field
from typing import Any, Self

# What may describe a person on the day: the first four by the program's lists, the others in the partner's own words.
LISTED = ("region", "sector", "employer_size", "age_band")
DESCRIBING = (*LISTED, "employer", "occupation")
# The result of a row that is accepted but is no achievement.
NO_ACHIEVEMENT = "none"


@dataclass(frozen=True)
class Codes:
    """A column, and what its cells mean; without `values` a cell is itself the code."""

    column: str
    values: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class CourseDefinition:
    """A course that the profile brings along. Without a partner, every partner of the program may report it."""

    code: str
    title: str
    tags: tuple[str, ...]
    partner: str = ""


@dataclass(frozen=True, kw_only=True)
class Definition:
    """Everything that a profile says. `scheme` is one of the program's, `email`, or `partner`: its own numbers."""

    encoding: str
    delimiter: str
    record_key: tuple[str, ...]
    person_column: str
    scheme: str
    day_column: str
    day_format: str
    course: Codes
    result: Codes
    describing: dict[str, Codes]
    constants: dict[str, str]

    @classmethod
    def of(cls, stored: dict[str, Any]) -> Self:
        """Reads `ReturnProfile.definition`."""
        return cls(
            encoding=stored.get("encoding", "utf-8"),
            delimiter=stored.get("delimiter", ","),
            record_key=tuple(stored["record_key"]),
            person_column=stored["person"]["column"],
            scheme=stored["person"]["scheme"],
            day_column=stored["day"]["column"],
            day_format=stored["day"].get("format", "%Y-%m-%d"),
            course=Codes(**stored["course"]),
            result=Codes(**stored["result"]),
            describing={name: Codes(**stored[name]) for name in DESCRIBING if name in stored},
            constants=stored.get("constants", {}),
        )

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that a file must have, each once: the record's key first."""
        read = [self.person_column, self.day_column, self.course.column, self.result.column]
        return tuple(dict.fromkeys([*self.record_key, *read, *(codes.column for codes in self.describing.values())]))
