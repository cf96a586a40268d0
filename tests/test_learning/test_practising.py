"""Practice is judged and recorded for those who are in the lesson, on the version that they began, and once a form."""

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from courses.catalogue.models import Question
from courses.learning.models import PracticeAnswer
from courses.learning.operations.practising import _kept
from people.operations import person_of_user
from programs.models import Role
from tests.factories import NOW, CourseVersionFactory, MembershipFactory, QuestionFactory, UserFactory
from tests.test_learning.cast import Learner, asha

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@dataclass
class Practice:
    learner: Learner
    question: Question

    def answer(self, *chosen: int, key: UUID | None = None, **place: object) -> "_MonkeyPatchedWSGIResponse":
        """Sends the form as a browser with JavaScript does; `place` is where another address differs."""
        program, course = self.learner.place
        at = {"program": program, "course": course, "lesson": "lesson-1", "question": self.question.pk, **place}
        fields = {f"a-{self.question.key}": list(chosen), "form_key": key or uuid4()}
        return self.learner.client.post(reverse("practice", kwargs=at), fields, headers=HTMX)


@pytest.fixture
def practice() -> Practice:
    learner = asha()
    question = QuestionFactory.create(version=learner.version, lesson=learner.version.lessons.get(number=1))
    learner.begin()
    return Practice(learner, question)


@pytest.mark.parametrize(("chosen", "said"), [(0, "Right"), (1, "Not right")])
def test_an_answer_comes_back_judged_and_is_recorded(practice: Practice, chosen: int, said: str) -> None:
    response = practice.answer(chosen)
    assert response.status_code == 200
    assert f">{said}</span>" in " ".join(response.content.decode().split()).replace("> ", ">").replace(" <", "<")
    made = PracticeAnswer.objects.get()
    assert (made.question, made.answer, made.is_right) == (practice.question, [chosen], chosen == 0)
    assert made.enrolment.person == practice.learner.person
    assert made.program == practice.learner.person.program


def test_a_form_that_is_sent_again_says_what_was_recorded_first(practice: Practice) -> None:
    key = uuid4()
    assert b"Not right" in practice.answer(1, key=key).content
    assert b"Not right" in practice.answer(0, key=key).content
    assert PracticeAnswer.objects.get().answer == [1]
    assert b"Not right" not in practice.answer(0).content


@pytest.mark.parametrize("chosen", [(), (7,), (0, 1)])
def test_what_cannot_be_judged_is_not_recorded(practice: Practice, chosen: tuple[int, ...]) -> None:
    assert practice.answer(*chosen).status_code == 422
    assert not PracticeAnswer.objects.exists()


@pytest.mark.parametrize("chosen", [0, 7])
def test_who_has_not_begun_the_course_finds_nothing(practice: Practice, chosen: int) -> None:
    practice.learner.person.enrolments.get().delete()
    assert practice.answer(chosen).status_code == 404
    assert not PracticeAnswer.objects.exists()


@pytest.mark.parametrize("chosen", [0, 7])
def test_a_question_of_a_version_that_one_is_not_on_is_not_there(practice: Practice, chosen: int) -> None:
    course = practice.learner.version.course
    newer = CourseVersionFactory.create(program=course.program, course=course, number=2)
    practice.question = QuestionFactory.create(version=newer, lesson=newer.lessons.get(number=1))
    assert practice.answer(chosen).status_code == 404
    assert not PracticeAnswer.objects.exists()


def test_a_question_of_the_assessment_is_not_judged_in_practice(practice: Practice) -> None:
    practice.question = practice.learner.version.questions.get(key="question-1")
    assert practice.answer(0).status_code == 404
    assert not PracticeAnswer.objects.exists()


def test_a_question_has_one_address(practice: Practice) -> None:
    other = asha()
    MembershipFactory.create(program=other.person.program, user=practice.learner.person.user, role=Role.LEARNER)
    program, course = other.place
    for place in ({"lesson": "lesson-2"}, {"course": "none"}, {"question": 2**62}, {"question": 10**30}):
        assert practice.answer(0, **place).status_code == 404
    assert practice.answer(0, program=program, course=course).status_code == 404
    assert not PracticeAnswer.objects.exists()


def test_once_a_question_is_known_an_answer_takes_two_statements(practice: Practice) -> None:
    practice.answer(0)
    with CaptureQueriesContext(connection) as asked:
        practice.answer(1)
    assert len(asked) == 2
    assert PracticeAnswer.objects.count() == 2


def test_a_question_that_there_is_not_is_looked_for_again() -> None:
    for _ in range(2):
        with pytest.raises(Question.DoesNotExist):
            _kept(2**60)


def test_a_key_that_another_has_used_is_as_good_as_any(practice: Practice) -> None:
    key, other = uuid4(), UserFactory.create()
    practice.answer(1, key=key)
    version = practice.learner.version
    person = person_of_user(version.program, other, at=NOW)
    client = Client()
    client.force_login(other)
    theirs = Practice(Learner(person, version, client), practice.question)
    theirs.learner.begin()
    for _ in range(2):
        assert b"Not right" not in theirs.answer(0, key=key).content
    assert [(made.enrolment.person, made.is_right) for made in PracticeAnswer.objects.order_by("pk")] == [
        (practice.learner.person, False),
        (person, True),
    ]
