"""Drafts that link to other courses: what the program has, and what is being written, is there."""

import pytest
from pytest_django import DjangoAssertNumQueries

from courses.authoring.models import Draft
from courses.authoring.operations import approve, submit
from courses.authoring.reading import Reading
from courses.catalogue.models import LessonTranslation
from tests.factories import NOW
from tests.test_authoring.world import World, text_in, write


def link(draft: Draft, world: World, address: str) -> list[str]:
    """The faults of the draft once its first lesson ends with the link."""
    path = "01-first-lesson.md"
    write(draft, path, f"---\ntitle: x\nminutes: 5\n---\n\n[Words]({address})\n", world.ana)
    return [str(fault) for fault in Reading.of(draft).faults]


def test_links_lead_to_what_the_program_has(world: World) -> None:
    world.course()
    draft = world.new()
    for address in ("course:first", "course:first/one", "course:new/first-lesson"):
        assert link(draft, world, address) == []
    for address, fault in (
        ("course:none", "the link leads to the course none, and the program has no such course"),
        ("course:first/none", "the link leads to the lesson none of first, and there is no such lesson"),
        ("course:new/none", "the link leads to the lesson none of new, and there is no such lesson"),
    ):
        assert link(draft, world, address) == [f"new/01-first-lesson.md, line 6: {fault}"]


def test_a_course_that_is_being_written_can_be_linked_to(world: World) -> None:
    draft = world.new()
    assert link(draft, world, "course:first/anything") != []
    Draft.objects.create(program=world.program, code="first", title="First", opened_by=world.ben, opened_at=NOW)
    assert link(draft, world, "course:first/anything") == []


def test_a_published_link_leads_learners_to_the_course(world: World) -> None:
    world.course()
    draft = world.new()
    assert link(draft, world, "course:first/two") == []
    path = world.path("draft-edit", draft.pk, "01-first-lesson.md")
    assert world.path("lesson", "first", "two") in world.browser(world.ana).get(path).content.decode()
    approve(submit(draft, by=world.ana, at=NOW), submission=NOW, by=world.ben, at=NOW)
    html = str(LessonTranslation.objects.get(lesson__version__course__code="new").blocks)
    assert f'href="{world.path("lesson", "first", "two")}"' in html
    assert "(course:first/two)" in text_in(draft, "01-first-lesson.md")


@pytest.mark.parametrize(("address", "more"), [("01-first-lesson.md", 0), ("course:first", 2)])
def test_courses_are_asked_for_only_where_there_are_links(
    world: World, address: str, more: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    world.course()
    draft = world.new()
    link(draft, world, address)
    with django_assert_num_queries(2 + more):
        assert Reading.of(draft).faults == []
