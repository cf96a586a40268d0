from datetime import timedelta

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from courses.achievements.models import Achievement
from courses.catalogue.models import Course, Question
from courses.catalogue.questions.answers import PLACED
from courses.catalogue.questions.texts import Kind
from courses.credentials.models import Credential
from courses.learning.models import Enrolment
from people.models import Person
from programs.models import Evidence, Membership, Role
from tests.factories import NOW, CourseVersionFactory, ProgramFactory, UserFactory
from tests.test_learning.cast import RIGHT, Learner, right_places

pytestmark = pytest.mark.django_db


def signed_in() -> Client:
    client = Client()
    client.force_login(UserFactory.create())
    return client


def test_start_offers_account_and_sign_in_that_lead_back_here() -> None:
    path = reverse("start", args=[CourseVersionFactory.create().program.code])
    html = Client().get(path).content.decode()
    assert f"{reverse('account_signup')}?next={path}" in html
    assert f"{reverse('account_login')}?next={path}" in html


def test_a_program_closed_to_learners_or_unknown_is_not_found() -> None:
    closed = ProgramFactory.create(is_open_to_learners=False)
    for code in (closed.code, "nowhere"):
        assert Client().get(reverse("start", args=[code])).status_code == 404
        assert signed_in().post(reverse("start", args=[code])).status_code == 404
    assert not Person.objects.exists()


def test_joining_without_an_account_leads_to_signing_in_and_back() -> None:
    path = reverse("start", args=[CourseVersionFactory.create().program.code])
    assert Client().post(path)["Location"] == f"{reverse('account_login')}?next={path}"


def test_one_click_joins_and_opens_the_first_lesson() -> None:
    version = CourseVersionFactory.create()
    client = signed_in()
    response = client.post(reverse("start", args=[version.program.code]))
    assert response["Location"] == reverse("lesson", args=[version.program.code, version.course.code, "lesson-1"])
    assert Membership.objects.get().role == Role.LEARNER
    assert client.get(response["Location"]).status_code == 200


def test_joining_twice_goes_on_where_one_was() -> None:
    version = CourseVersionFactory.create()
    client, path = signed_in(), reverse("start", args=[version.program.code])
    client.post(client.post(path)["Location"])
    assert client.post(path)["Location"].endswith("/lesson-2/")
    assert b"Continue" in client.get(path).content
    assert (Person.objects.count(), Enrolment.objects.count()) == (1, 1)


def test_recommended_course_is_the_first_by_position() -> None:
    later = CourseVersionFactory.create()
    first = CourseVersionFactory.create(program=later.program)
    Course.objects.filter(pk=first.course.pk).update(position=1)
    signed_in().post(reverse("start", args=[later.program.code]))
    assert Enrolment.objects.get().course == first.course


def test_a_program_without_courses_can_be_joined() -> None:
    program = ProgramFactory.create()
    response = signed_in().post(reverse("start", args=[program.code]))
    assert response["Location"] == reverse("learn", args=[program.code])


def test_who_has_passed_is_led_to_the_own_page(learner: Learner) -> None:
    learner.submit(RIGHT)
    assert learner.client.post(learner.path("start"))["Location"] == learner.path("learn")
    assert b"You have completed" in learner.client.get(learner.path("start")).content


def test_start_prefers_the_course_that_is_still_running(learner: Learner) -> None:
    learner.submit(RIGHT)
    other = CourseVersionFactory.create(program=learner.person.program)
    Enrolment.objects.create(
        program=learner.person.program, person=learner.person, course=other.course, version=other,
        started_at=NOW - timedelta(days=1),
    )  # fmt: skip
    assert other.course.code in learner.client.post(learner.path("start"))["Location"]


def test_a_worker_goes_the_whole_way_from_signing_up_to_a_credential() -> None:
    program = ProgramFactory.create()
    call_command("load_courses", program=program.code)
    client, start = Client(), reverse("start", args=[program.code])
    fields = {"email": "Worker@Example.org", "password1": "lorries at dawn 7", "next": start}
    assert client.post(reverse("account_signup"), fields)["Location"] == start
    place = client.post(start)["Location"]
    while "assessment" not in place:
        assert client.get(place).status_code == 200
        place = client.post(place)["Location"]
    place = client.post(place)["Location"]
    asked = client.get(place).content.decode()
    result = client.post(place, right_form(asked))
    assert b"You have passed" in client.get(result["Location"]).content
    assert Achievement.objects.get().evidence == Evidence.ASSESSED
    verify = reverse("verify", args=[Credential.objects.get().code])
    assert Client().get(verify).status_code == 200


def right_form(page: str) -> dict[str, object]:
    """What a learner who knows everything sends, for the questions that stand on the page."""
    fields: dict[str, object] = {}
    for question in Question.objects.filter(lesson__isnull=True):
        name, texts = f"a-{question.key}", question.texts["en"]
        if f'name="{name}' not in page:
            continue
        if question.kind in PLACED:
            fields |= right_places(question)
        elif question.kind == Kind.TEXT:
            fields[name] = texts["accepts"][0]
        elif question.kind == Kind.NUMBER:
            fields[name] = question.right["value"]  # type: ignore[index]
        else:
            fields[name] = int(not question.right) if question.kind == Kind.TRUE_FALSE else question.right
    return fields
