import pytest
from django.test import Client
from django.urls import reverse

from courses.catalogue.models import Course
from courses.learning.models import Enrolment
from courses.learning.recommending import Situation, recommended
from people.models import Person
from programs.models import Code
from tests.factories import CourseVersionFactory, ProgramFactory, UserFactory

GENERAL = Course(code="general", level="beginner", position=1)
PUBLIC = Course(code="public", level="beginner", position=2, sectors=["O"])
SHOPS = Course(code="shops", level="beginner", position=3, occupations=["1", "5"], largest_employer=49)
DEEP = Course(code="deep", level="advanced", position=4)
ALL = [DEEP, SHOPS, PUBLIC, GENERAL]


@pytest.mark.parametrize(
    ("situation", "code"),
    [
        (Situation(), "general"),
        (Situation(sector="O"), "public"),
        (Situation(sector="G"), "general"),
        (Situation(occupation="5"), "shops"),
        (Situation(occupation="5", employer=49), "shops"),
        (Situation(occupation="5", employer=199), "general"),
        (Situation(occupation="4", employer=9), "general"),
        (Situation(employer=9), "shops"),
        (Situation(experience="advanced"), "deep"),
        (Situation(experience="intermediate"), "general"),
        (Situation(sector="O", occupation="5", employer=9), "shops"),
    ],
)
def test_the_course_that_fits_best_comes_first(situation: Situation, code: str) -> None:
    found = recommended(situation, ALL)
    assert found is not None
    assert found.course.code == code


def test_a_course_for_others_is_never_recommended() -> None:
    assert recommended(Situation(sector="A"), [PUBLIC]) is None
    assert recommended(Situation(), []) is None


def test_it_is_said_why() -> None:
    found = recommended(Situation(sector="O"), ALL)
    assert found is not None
    assert found.reasons == ["it is made for your sector"]


@pytest.mark.django_db
def test_what_is_said_on_joining_decides_the_first_course() -> None:
    program = ProgramFactory.create()
    general, public = CourseVersionFactory.create(program=program), CourseVersionFactory.create(program=program)
    Course.objects.filter(pk=public.course.pk).update(sectors=["O"], position=200)
    Code.objects.create(program=program, kind="sector", code="gov", names={"en": "Government"}, position=9, isic="O")
    client = Client()
    client.force_login(UserFactory.create())
    client.post(reverse("start", args=[program.code]), {"sector": "gov", "occupation": "4", "experience": "beginner"})
    assert Enrolment.objects.get().course == public.course != general.course
    person = Person.objects.get()
    assert (person.sector, person.occupation, person.experience) == ("gov", "4", "beginner")


@pytest.mark.django_db
@pytest.mark.parametrize("said", [{}, {"sector": "none"}, {"occupation": "99"}, {"experience": "\0"}])
def test_joining_works_without_an_answer_and_with_one_that_is_none(said: dict[str, str]) -> None:
    version, client = CourseVersionFactory.create(), Client()
    client.force_login(UserFactory.create())
    response = client.post(reverse("start", args=[version.program.code]), said)
    assert response["Location"].endswith("/lesson-1/")
    assert Person.objects.get().occupation == ""
