"""Who learns in the tests: Asha, in Ruritania, where one course can be taken."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.test import Client
from django.urls import reverse

from courses.catalogue.models import CourseVersion, Question
from courses.catalogue.questions.answers import Answer
from courses.catalogue.questions.texts import Kind
from courses.learning.forms import names_in_forms
from courses.learning.models import Attempt, Enrolment
from courses.learning.operations import begin_course, open_attempt, submit_attempt
from people.models import Person
from people.operations import person_of_user
from tests.factories import NOW, CourseVersionFactory, ProgramFactory, UserFactory

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse

RIGHT: dict[str, Answer] = {"question-1": [0], "question-2": [0]}
WRONG: dict[str, Answer] = {"question-1": [0], "question-2": [1]}


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

    def open(self) -> Attempt:
        return open_attempt(self.begin(), at=NOW)

    def submit(self, answers: dict[str, Answer]) -> Attempt:
        return submit_attempt(self.open(), answers, at=NOW)

    def send(self, fields: dict[str, object], attempt: Attempt | None = None) -> "_MonkeyPatchedWSGIResponse":
        """Sends the form of an attempt as a browser does."""
        return self.client.post(self.path("attempt", (attempt or self.open()).form_key), fields)


def asha(**version: object) -> Learner:
    """A learner of a new program; `version` says what is special about the course's version."""
    program = ProgramFactory.create()
    user = UserFactory.create()
    client = Client()
    client.force_login(user)
    made = CourseVersionFactory.create(program=program, **{"pass_mark": 100, **version})
    return Learner(person_of_user(program, user, at=NOW), made, client)


def right_places(question: Question) -> dict[str, int]:
    """The fields of a matching or an ordering, with what is right."""
    name, texts = f"a-{question.key}", next(iter(question.texts.values()))
    places = range(len(texts["choices"]))
    if question.kind == Kind.ORDERING:
        called = names_in_forms(question.key, len(places))
        return {f"{name}.{called[place]}": place for place in places}
    called = names_in_forms(question.key, len(texts["matches"]))
    return {f"{name}.{place}": called[place] for place in places}
