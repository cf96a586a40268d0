"""What a reviewer sees of a candidate: what is said of both persons side by side, and how the score comes about."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from django.db.models import Count
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from courses.achievements.models import Achievement
from people.models import Alias, Particulars, Person
from programs.models import Partner

from .agreement import Level
from .models import Candidate
from .scoring import FIELDS

CONTACTS = ("email", "phone", "account")
IN_WORDS = {
    Level.EXACT: _("the same"),
    Level.ALIKE: _("alike"),
    Level.DIFFERENT: _("different"),
    Level.UNSTATED: _("not known"),
}
LOOKS = {Level.EXACT: "success", Level.ALIKE: "accent", Level.DIFFERENT: "warning", Level.UNSTATED: ""}


class Said(NamedTuple):
    """A value and who says it, the latest last."""

    value: object
    by: list[Partner]


@dataclass(frozen=True)
class Line:
    """One field of both persons, with how far they agree: `bits` speak for one human being, or against."""

    field: str
    label: str
    sides: list[list[Said]]
    agreement: str
    look: str
    how: str
    similarity: int | None
    bits: float

    @property
    def is_contact(self) -> bool:
        return self.field in CONTACTS

    @property
    def is_compared(self) -> bool:
        """Whether both are said, or something else can be told of how they were compared."""
        return self.agreement != str(IN_WORDS[Level.UNSTATED]) or bool(self.how)

    @property
    def is_said(self) -> bool:
        """Whether anybody says anything in this field."""
        return any(self.sides)


@dataclass
class Side:
    """One of the two persons, with all who were merged into them."""

    root: Person
    members: list[int]
    sayings: list[Particulars] = field(default_factory=list)
    courses: dict[str, int] = field(default_factory=dict)

    @property
    def merged(self) -> int:
        return len(self.members) - 1

    @property
    def last_said_at(self) -> datetime | None:
        return max((saying.said_at for saying in self.sayings), default=None)


@dataclass(frozen=True)
class SideBySide:
    """`bits` is the sum of those of all lines and of `prior`, what two people drawn at random have."""

    candidate: Candidate
    sides: list[Side]
    lines: list[Line]
    bits: float
    prior: float

    @property
    def by_side(self) -> list[list[tuple[Line, list[Said]]]]:
        """For each person what is said of them in every field that was compared."""
        return [[(line, line.sides[place]) for line in self.lines if line.is_compared] for place in (0, 1)]


def side_by_side(candidates: Sequence[Candidate]) -> list[SideBySide]:
    """In five queries for all of them. The candidates need the roots of `with_roots`."""
    roots = {root for candidate in candidates for root in (candidate.one_root, candidate.other_root)}
    side_of = _members(roots)
    for saying in Particulars.objects.filter(person__in=side_of).select_related("partner").order_by("said_at", "pk"):
        side_of[saying.person_id].sayings.append(saying)
    for person, title, number in _courses(side_of):
        courses = side_of[person].courses
        courses[title] = courses.get(title, 0) + number
    return [
        _side_by_side(candidate, [side_of[candidate.one_root], side_of[candidate.other_root]])
        for candidate in candidates
    ]


def _side_by_side(candidate: Candidate, sides: list[Side]) -> SideBySide:
    lines = [_line(name, candidate, sides) for name in FIELDS]
    bits = float(candidate.evidence["bits"])
    return SideBySide(candidate, sides, lines, bits, round(bits - sum(line.bits for line in lines), 1))


def _members(roots: set[int]) -> dict[int, Side]:
    """The side of every root and of everybody who stands for it, by their numbers."""
    side_of = {root.pk: Side(root, [root.pk]) for root in Person.objects.filter(pk__in=roots)}
    for person, root in Alias.objects.filter(stands_for__in=roots).order_by("pk").values_list("person", "stands_for"):
        side_of[root].members.append(person)
        side_of[person] = side_of[root]
    return side_of


def _courses(people: Iterable[int]) -> Iterable[tuple[int, str, int]]:
    standing = Achievement.objects.standing().filter(person__in=list(people)).values("person", "course__title")
    rows = standing.annotate(number=Count("pk")).order_by("course__title", "person")
    return rows.values_list("person", "course__title", "number")


def _line(name: str, candidate: Candidate, sides: list[Side]) -> Line:
    found = candidate.evidence[name]
    level = Level(found["level"])
    return Line(
        name,
        str(FIELDS[name]),
        [_said(side, name) for side in sides],
        str(IN_WORDS[level]),
        LOOKS[level],
        gettext(found["how"]) if found.get("how") else "",
        found.get("similarity") if level in (Level.ALIKE, Level.DIFFERENT) else None,
        found["bits"],
    )


def _said(side: Side, name: str) -> list[Said]:
    """Each value once, with the partners who say it. Of a contact only that it is given: nobody sees what it is."""
    values: dict[object, list[Partner]] = {}
    for saying in side.sayings:
        value = getattr(saying, name)
        if value:
            values.setdefault(bytes(value) if name in CONTACTS else value, []).append(saying.partner)
    return [Said(value, by) for value, by in values.items()]
