"""A learner of Ruritania who takes a course made of a package."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.conf import settings
from django.test import Client
from django.urls import reverse

from courses.catalogue.folders import read_course
from courses.catalogue.models import Course, Lesson
from courses.catalogue.operations import publish_course
from courses.learning.models import Enrolment
from courses.learning.operations import begin_course
from courses.packages.importing import About, import_package
from courses.packages.models import Launch, PackageState
from courses.packages.operations import Commit, open_launch, record_commit
from courses.packages.outcomes import PlayedItem
from courses.packages.playing import item_of
from people.operations import person_of_user
from programs.models import Program
from tests.factories import NOW, ProgramFactory, UserFactory
from tests.test_packages.making import ABOUT, archive_of

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse


def publish(program: Program, files: Mapping[str, bytes | str], about: About = ABOUT) -> Course:
    with archive_of(files) as archive:
        made = import_package(archive, about)
        publish_course(program, read_course(made), made, at=NOW)
    return Course.objects.get(program=program, code=about.code)


@dataclass
class Player:
    """The learner with their browser, and the first lesson of the course."""

    enrolment: Enrolment
    client: Client

    @property
    def lesson(self) -> Lesson:
        return self.lessons()[0]

    def lessons(self) -> list[Lesson]:
        return list(Lesson.objects.filter(version=self.enrolment.version).select_related("version"))

    def item(self, lesson: Lesson | None = None) -> PlayedItem:
        found = item_of(lesson or self.lesson, "en")
        assert found
        return found[1]

    def open(self, lesson: Lesson | None = None, *, at: datetime = NOW) -> tuple[Launch, str]:
        shown = lesson or self.lesson
        return open_launch(self.enrolment, shown, self.item(shown), language="en", at=at)

    def commit(
        self, launch: Launch, sequence: int, values: Mapping[str, Any], *, finished: bool = False, at: datetime = NOW
    ) -> PackageState:
        sent = Commit(sequence=sequence, values=values, is_finished=finished)
        return record_commit(launch, self.item(launch.state.lesson), sent, at=at)

    def play(self, values: Mapping[str, Any], *, finished: bool = True) -> PackageState:
        """Opens the item and lets it report once."""
        launch, _ = self.open()
        return self.commit(launch, 1, values, finished=finished)

    def page(self, lesson: Lesson | None = None) -> str:
        course = self.enrolment.course
        return reverse("package-play", args=[course.program.code, course.code, (lesson or self.lesson).slug])


def player(files: Mapping[str, bytes | str], about: About = ABOUT) -> Player:
    program = ProgramFactory.create()
    user = UserFactory.create()
    client = Client()
    client.force_login(user)
    course = publish(program, files, about)
    person = person_of_user(program, user, at=NOW)
    return Player(begin_course(person, course, at=NOW), client)


class Visitor:
    """A browser on the packages' host, without cookies, at the address of one launch."""

    def __init__(self, token: str) -> None:
        self.base = f"/launch/{token}/"
        self.client = Client(headers={"host": urlsplit(settings.PACKAGES_URL).netloc})

    def get(self, path: str = "", **headers: str) -> "_MonkeyPatchedWSGIResponse":
        return self.client.get(self.base + path, headers=headers or None)

    def post(self, path: str, sent: object, **headers: str) -> "_MonkeyPatchedWSGIResponse":
        body = sent if isinstance(sent, bytes | str) else json.dumps(sent)
        return self.client.post(self.base + path, body, content_type="application/json", headers=headers or None)
