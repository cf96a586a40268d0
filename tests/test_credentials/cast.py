"""Who appears in the tests of credentials, and how they achieve something."""

from accounts.models import User
from courses.achievements.models import Achievement
from courses.achievements.operations import Codes, record_achievement
from people.models import Person
from programs.models import Evidence, Role
from tests.factories import (
    NOW,
    TODAY,
    CourseVersionFactory,
    MembershipFactory,
    PersonFactory,
    ProgramFactory,
    UserFactory,
)

NAME, EMAIL = "Canary Nightingale", "canary.nightingale@example.org"


def learner_of_ruritania() -> User:
    """A learner with a name and an e-mail address that no public page may show unasked."""
    user = UserFactory(email=EMAIL, name=NAME)
    program = ProgramFactory(code="rur")
    MembershipFactory(program=program, user=user, role=Role.LEARNER)
    PersonFactory(program=program, user=user, name=NAME)
    return user


def achieve(person: Person, title: str = "Working with AI") -> Achievement:
    """What passing the assessment of a course taken here records."""
    version = CourseVersionFactory(program=person.program)
    version.course.title, version.course.minutes = title, 270
    version.course.save(update_fields=["title", "minutes"])
    return record_achievement(
        person,
        version.course,
        evidence=Evidence.ASSESSED,
        achieved_on=TODAY,
        recorded_at=NOW,
        source_id=1,
        codes=Codes(),
    )
