"""The lesson page of a package: who says that the lesson is done."""

import pytest
from django.urls import reverse

from courses.achievements.models import Achievement
from courses.learning.models import LessonDone
from tests.test_packages.making import PAGE, SCORM_12, cmi5, item, resource, scorm_12
from tests.test_packages.test_manifests import cartridge
from tests.test_packages.world import Player, player

pytestmark = pytest.mark.django_db


def page(who: Player) -> str:
    course = who.enrolment.course
    return reverse("lesson", args=[course.program.code, course.code, who.lesson.slug])


def finish(who: Player) -> int:
    who.client.post(page(who))
    return LessonDone.objects.count()


def test_the_lesson_leads_to_what_is_played() -> None:
    who = player(scorm_12(("index.html", PAGE)))
    html = who.client.get(page(who)).content.decode()
    assert 'href="play/"' in html
    assert who.page() == f"{page(who)}play/"
    assert "/launch/" not in html


def test_a_learner_cannot_say_that_a_package_is_done_that_has_not_said_so() -> None:
    who = player(scorm_12(("index.html", PAGE)))
    assert b"Done:" not in who.client.get(page(who)).content
    assert finish(who) == 0
    assert not Achievement.objects.exists()


def test_once_the_package_has_said_so_one_goes_on() -> None:
    who = player(scorm_12(("index.html", PAGE)))
    who.play({"cmi.core.lesson_status": "passed"})
    assert b"Done:" in who.client.get(page(who)).content
    assert finish(who) == 1
    assert Achievement.objects.count() == 1


def asset() -> dict[str, bytes | str]:
    manifest = SCORM_12.format(items=item(1), resources=resource(1, "a.html", kind="asset"))
    return {"imsmanifest.xml": manifest, "a.html": PAGE}


@pytest.mark.parametrize(
    "files",
    [
        asset(),
        {name: data for name, data in cartridge().items() if name not in ("quiz.xml", "bank.xml")},
        cmi5(("index.html", PAGE)),
    ],
    ids=["asset", "cartridge", "unit that asks for nothing"],
)
def test_of_what_reports_nothing_the_learner_says_that_it_is_done(files: dict[str, bytes | str]) -> None:
    who = player(files)
    assert b"I have done this lesson" in who.client.get(who.page()).content
    assert finish(who) == 1
