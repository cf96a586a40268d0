"""Who learns in the tests: Asha, in Ruritania, where one course can be taken."""

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from django.test import Client
from django.urls import reverse

from courses.catalogue.models import CourseVersion
from courses.learning.models import Attempt, Enrolment
from courses.learning.operations import begin_course, submit_assessment
from people.models import Person
from people.operations import person_of_user
from tests.factories import NOW, CourseVersionFactory, ProgramFactory, UserFactory

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse

RIGHT = {1: [0], 2: [0]}
WRONG = {1: [0], 2: [1]}


@dataclass
class Learner:
    """Asha with her browser, and the course that she can take; every answer must be right to pass."""

    person: Person
    version: CourseVersion
    client: Client

    def path(self, name: str, *more: object) -> str:
        start = [self.person.program.code] if name in ("learn", "describe", "start") else self.place
        return reverse(name, args=[*start, *more])

    @property
    def place(self) -> list[str]:
        return [self.person.program.code, self.version.course.code]

    def begin(self) -> Enrolment:
        return begin_course(self.person, self.version.course, at=NOW)

    def submit(self, answers: dict[int, list[int]], form_key: UUID | None = None) -> Attempt:
        return submit_assessment(self.begin(), form_key=form_key or uuid4(), answers=answers, at=NOW)

    def send(self, answers: dict[str, object], form_key: object = None) -> "_MonkeyPatchedWSGIResponse":
        """Sends the form of the assessment as a browser does."""
        fields = {f"question-{number}": chosen for number, chosen in answers.items()}
        return self.client.post(self.path("assessment"), {"form_key": str(form_key or uuid4()), **fields})


def asha() -> Learner:
    program = ProgramFactory.create()
    user = UserFactory.create()
    client = Client()
    client.force_login(user)
    version = CourseVersionFactory.create(program=program, pass_mark=100)
    return Learner(person_of_user(program, user, at=NOW), version, client)
