"""Whether one person counts: in which measures, since when and through whom. Shown to that person alone."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import connection
from django.utils.translation import gettext as _

from courses.achievements.models import Achievement, DirtyPeople
from people.models import Alias, Person
from programs.models import Evidence, MeasureVersion

# The last step of a person with a partner says what stands: reporting/counting/models/ledger.py
SQL = """
WITH standing AS (
    SELECT DISTINCT ON (measure_version_id, partner_id) measure_version_id, partner_id, whole, part, day, posting_id
    FROM counting_ledgerentry WHERE person_id = %s ORDER BY measure_version_id, partner_id, step DESC
)
SELECT standing.measure_version_id, standing.whole = 1, partner.name, standing.day, posting.posted_at
FROM standing
JOIN programs_partner partner ON partner.id = standing.partner_id
JOIN counting_posting posting ON posting.id = standing.posting_id
WHERE standing.part >= 0
ORDER BY standing.day, partner.name
"""


@dataclass
class Counted:
    """A measure, and the person's place in it. `since` is the day of the achievement."""

    version: MeasureVersion
    since: date | None = None
    booked_at: datetime | None = None
    through: str = ""
    also: list[str] = field(default_factory=list)
    why_not: str = ""


@dataclass(frozen=True)
class AmICounted:
    """The person in every measure of the program; `is_waiting` while something of theirs is still to be settled."""

    measures: list[Counted]
    is_waiting: bool

    @property
    def counted(self) -> list[Counted]:
        return [one for one in self.measures if one.since]

    @property
    def missing(self) -> list[Counted]:
        return [one for one in self.measures if not one.since]

    @classmethod
    def of(cls, person: Person) -> "AmICounted":
        """As the ledger stands: a merged person counts as the one whom they stand for."""
        root = Alias.objects.filter(person=person).values_list("stands_for", flat=True).first() or person.pk
        people = list(Person.objects.counted_as(person).values_list("pk", flat=True))
        measures = {version.pk: Counted(version) for version in MeasureVersion.objects.of(person.program).current()}
        read_standing(root, measures)
        standing = list(Achievement.objects.standing().filter(person__in=people).select_related("course"))
        for one in measures.values():
            one.why_not = "" if one.since else why_not(one.version, standing)
        waiting = DirtyPeople.objects.filter(program=person.program, people__overlap=people).exists()
        return cls(list(measures.values()), waiting)


def read_standing(root: int, measures: dict[int, Counted]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(SQL, [root])
        rows = cursor.fetchall()
    for version, is_whole, partner, day, booked_at in rows:
        one = measures.get(version)
        if one and is_whole:
            one.since, one.booked_at, one.through = day, booked_at, partner
        elif one:
            one.also.append(partner)


def why_not(version: MeasureVersion, standing: Iterable[Achievement]) -> str:
    """What keeps somebody with these results out of the measure, in one sentence."""
    fitting = [one for one in standing if not version.tag or version.tag in one.course.tags]
    if not fitting:
        return _("Nothing that counts here is recorded about you yet.")
    best = max(one.evidence for one in fitting)
    if best < version.evidence:
        return _("Your result has the evidence “%(yours)s”; this asks for “%(needed)s” at least.") % {
            "yours": Evidence(best).label,
            "needed": Evidence(version.evidence).label,
        }
    return _("Your result lies outside of what this counts: its time, or the kind of employer.")
