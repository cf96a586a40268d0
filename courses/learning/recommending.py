"""Which course somebody should begin with, by what they say of their work; nothing of it is guessed."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from courses.catalogue.models import Course
from people.models import Person
from programs.models import Code

LEVELS = list(Course.Level.values)


@dataclass(frozen=True)
class Situation:
    """What is known of somebody's work; empty or `None` where they have not said it.

    `sector` is a section of ISIC Rev. 4, `occupation` a major group of ISCO-08; `employer` is the most people whom an
    employer of their size has.
    """

    sector: str = ""
    occupation: str = ""
    employer: int | None = None
    experience: str = ""

    @classmethod
    def of(cls, person: Person) -> "Situation":
        codes = Code.objects.filter(program=person.program_id, code__in=[person.sector, person.employer_size])
        found = {code.kind: code for code in codes if code.code == getattr(person, code.kind, None)}
        sector, size = found.get(Code.Kind.SECTOR), found.get(Code.Kind.EMPLOYER_SIZE)
        return cls(
            sector=sector.isic if sector else "",
            occupation=person.occupation,
            employer=size.most if size else None,
            experience=person.experience,
        )


@dataclass(frozen=True)
class Recommendation:
    """A course, and the words that say why it is this one."""

    course: Course
    reasons: list[str]


def recommended(situation: Situation, courses: Iterable[Course]) -> Recommendation | None:
    """The course that fits best of those that fit: more of its audience first, then the nearest level, then its place.

    A course that says for whom it is, and not for somebody of this situation, is never recommended; `None` if all are.
    """
    fitting = [(course, fit) for course in courses if (fit := fit_of(situation, course)) is not None]
    if not fitting:
        return None
    course, fit = min(fitting, key=lambda one: place_of(situation, *one))
    return Recommendation(course, fit)


def place_of(situation: Situation, course: Course, fit: list[str]) -> tuple[int, int, int, str]:
    """What decides between two courses that fit; the smaller comes first."""
    return (-len(fit), distance(situation, course), course.position, course.code)


def fit_of(situation: Situation, course: Course) -> list[str] | None:
    """What of the course's audience is true of the situation, in words; `None` if something of it is not."""
    asked = [
        (course.sectors, situation.sector, _("it is made for your sector")),
        (course.occupations, situation.occupation, _("it is made for your kind of work")),
    ]
    if any(wanted and said and said not in wanted for wanted, said, _words in asked):
        return None
    reasons = [words for wanted, said, words in asked if wanted and said]
    if course.largest_employer is not None and situation.employer is not None:
        if situation.employer > course.largest_employer:
            return None
        reasons.append(_("it is made for employers of your size"))
    return reasons


def distance(situation: Situation, course: Course) -> int:
    """How many levels the course is from what they have worked with; who has said nothing begins at the beginning."""
    wanted = LEVELS.index(situation.experience) if situation.experience in LEVELS else 0
    return abs(wanted - (LEVELS.index(course.level) if course.level in LEVELS else 0))
