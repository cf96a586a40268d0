"""Authors and reviewers at the same moment, on connections of their own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from courses.authoring.models import Draft, Revision
from courses.authoring.operations import (
    DecisionRefusedError,
    DraftRefusedError,
    FileRefusedError,
    add_text,
    approve,
    open_draft,
    rename_file,
    save_text,
    submit,
)
from courses.authoring.operations.structure import add_lesson, lessons_of
from courses.catalogue.models import CourseVersion
from tests.factories import NOW
from tests.test_authoring.world import World, ruritania

pytestmark = pytest.mark.django_db(transaction=True)
REFUSED = (DecisionRefusedError, DraftRefusedError, FileRefusedError)


@pytest.fixture
def world(transactional_db: None) -> World:
    return ruritania()


def at_once(*acts: Callable[[], object]) -> list[str]:
    """Lets all act at the same moment; answers for each what refused it, or an empty text."""
    barrier = Barrier(len(acts))

    def one(act: Callable[[], object]) -> str:
        try:
            barrier.wait(timeout=60)
            act()
        except REFUSED as refusal:
            return type(refusal).__name__
        finally:
            connection.close()
        return ""

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(one, acts))


def test_of_two_who_save_the_same_revision_one_is_refused(world: World) -> None:
    draft = world.draft()
    acts = [
        lambda text=f"text {n}": save_text(draft, "01-one.md", text, seen=0, by=world.ana, at=NOW) for n in range(10)
    ]
    assert sorted(at_once(*acts)) == ["", *["EditedMeanwhileError"] * 9]
    assert Revision.objects.filter(draft=draft, path="01-one.md").count() == 2


def test_of_two_who_add_the_same_file_one_is_refused(world: World) -> None:
    draft = world.draft()
    acts = [lambda text=f"text {n}": add_text(draft, "03-three.md", text, by=world.ana, at=NOW) for n in range(5)]
    assert at_once(*acts).count("") == 1
    assert Revision.objects.filter(draft=draft, path="03-three.md").count() == 1


def test_lessons_added_at_once_get_numbers_of_their_own(world: World) -> None:
    draft = world.draft()
    assert at_once(*[lambda: add_lesson(draft, "Next", by=world.ana, at=NOW)] * 4) == [""] * 4
    assert [path[:2] for path in lessons_of(draft)] == ["01", "02", "03", "04", "05", "06"]


def test_of_two_who_rename_to_the_same_name_one_is_refused(world: World) -> None:
    draft = world.draft()
    acts = [
        lambda path=path: rename_file(draft, path, "09-last.md", seen=0, by=world.ana, at=NOW)
        for path in ("01-one.md", "02-two.md")
    ]
    assert sorted(at_once(*acts)) == ["", "FileRefusedError"]
    assert len(lessons_of(draft)) == 2


def test_approving_twice_at_once_gives_one_version(world: World) -> None:
    draft = submit(world.new(), by=world.ana, at=NOW)
    assert at_once(*[lambda: approve(draft, submission=NOW, by=world.ben, at=NOW)] * 5) == [""] * 5
    assert CourseVersion.objects.count() == 1


def test_a_text_saved_while_the_draft_is_submitted_is_in_the_draft_or_refused(world: World) -> None:
    draft = world.new()
    good = "---\ntitle: First\nminutes: 5\n---\nOther.\n"
    saved, submitted = at_once(
        lambda: save_text(draft, "01-first-lesson.md", good, seen=1, by=world.ana, at=NOW),
        lambda: submit(draft, by=world.ana, at=NOW),
    )
    assert (saved in ("", "FileRefusedError"), submitted) == (True, "")
    assert Revision.objects.filter(draft=draft, text=good).exists() == (saved == "")


def test_opening_a_draft_of_a_course_many_times_at_once_gives_one(world: World) -> None:
    course = world.course()
    assert at_once(*[lambda: open_draft(course, world.ana, at=NOW)] * 5) == [""] * 5
    assert Draft.objects.count() == 1
