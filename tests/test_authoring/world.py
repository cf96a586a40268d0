"""Who writes in the tests: Ana and Ben, authors of Ruritania, and Rita, its program manager."""

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass

from django.test import Client
from django.urls import reverse

from accounts.models import User
from courses.authoring.models import Draft, DraftFiles
from courses.authoring.operations import new_course, open_draft, save_text
from courses.catalogue.folders import FilesInMemory, read_course
from courses.catalogue.models import Course
from courses.catalogue.operations import publish_course
from programs.models import Program, Role
from tests.factories import NOW, MembershipFactory, ProgramFactory

PNG = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + (7).to_bytes(4, "big") + (5).to_bytes(4, "big")
QUESTION = """\
id: which
kind: one
prompt: "Which?"
choices: [this, that]
right: 2
feedback: "That."
"""
FILES = {
    "course.yaml": b"""\
code: first
title: First
summary: A course.
level: beginner
language: en
minutes: 10
tags: [skills]
position: 1
""",
    "01-one.md": f"""\
---
title: One
minutes: 5
---
Some *text*, [then two](02-two.md).

```question
{QUESTION}```
""".encode(),
    "02-two.md": b"""\
---
title: Two
minutes: 5
---
See ![A desk with a screen](pictures/desk.png) and [one](01-one.md).
""",
    "assessment.yaml": b"""\
# how many are needed
pass_mark: 50
questions:
  - id: right-or-wrong
    kind: true-false
    prompt: "Is it?"
    right: true
    feedback: "It is."
""",
    "pictures/desk.png": PNG,
    "README.md": b"For authors.\r\n",
}


@dataclass
class World:
    program: Program
    ana: User
    ben: User
    rita: User

    def course(self, files: Mapping[str, bytes] = FILES) -> Course:
        """The course as it is published in the program."""
        folder = FilesInMemory("first", dict(files))
        publish_course(self.program, read_course(folder), folder, at=NOW)
        return Course.objects.get(program=self.program, code="first")

    def draft(self, files: Mapping[str, bytes] = FILES) -> Draft:
        """A draft of the published course, in which nobody has written yet."""
        return open_draft(self.course(files), self.ana, at=NOW)

    def new(self) -> Draft:
        """A draft of a new course, begun by Ana."""
        return new_course(
            self.program, self.ana, code="new", title="New: things", language="en", level="beginner", minutes=30,
            tags=["skills"], at=NOW,
        )  # fmt: skip

    def browser(self, user: User | None) -> Client:
        client = Client()
        if user:
            client.force_login(user)
        return client

    def path(self, name: str, *more: object) -> str:
        return reverse(name, args=[self.program.code, *more])


def ruritania() -> World:
    program = ProgramFactory.create()
    roles = (Role.AUTHOR, Role.AUTHOR, Role.PROGRAM_MANAGER)
    ana, ben, rita = (MembershipFactory.create(program=program, role=role).user for role in roles)
    return World(program, ana, ben, rita)


def text_in(draft: Draft, path: str) -> str:
    return DraftFiles(draft).current[path].text or ""


def number_of(draft: Draft, path: str) -> int:
    return DraftFiles(draft).current[path].number


def write(draft: Draft, path: str, text: str, by: User) -> None:
    """Saves the text over whatever is there."""
    known = DraftFiles(draft).current.get(path)
    save_text(draft, path, text, seen=known.number if known else 0, by=by, at=NOW)


def zipped(files: Mapping[str, bytes]) -> io.BytesIO:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, data in files.items():
            archive.writestr(path, data)
    whole.seek(0)
    whole.name = "first.zip"
    return whole
