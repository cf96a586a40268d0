"""From a draft to a published course, by two people."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from courses.achievements.operations import merge_persons
from courses.authoring.models import Draft
from courses.authoring.operations import (
    DecisionRefusedError,
    FileRefusedError,
    approve,
    save_text,
    send_back,
    submit,
    withdraw,
)
from courses.authoring.operations.deciding import is_author
from courses.authoring.reading import Reading
from courses.catalogue.models import Course
from people.models import Merge
from tests.factories import NOW, PersonFactory
from tests.test_authoring.world import FILES, World, write


def test_publishing_takes_a_second_person_and_gives_a_version(world: World) -> None:
    draft = world.draft()
    write(draft, "01-one.md", FILES["01-one.md"].decode().replace("Some", "More"), world.ana)
    submit(draft, by=world.ana, at=NOW)
    with pytest.raises(DecisionRefusedError, match="yourself"):
        approve(draft, submission=NOW, by=world.ana, at=NOW)
    done = approve(draft, submission=NOW, by=world.ben, at=NOW)
    assert (done.state, done.published) == (Draft.State.PUBLISHED, Course.objects.get().newest_version())
    assert done.published is not None
    assert done.published.number == 2
    assert approve(draft, submission=NOW, by=world.rita, at=NOW).decided_by == world.ben


def test_who_wrote_but_did_not_submit_cannot_publish(world: World) -> None:
    draft = world.new()
    submit(draft, by=world.ben, at=NOW)
    for author in (world.ana, world.ben):
        with pytest.raises(DecisionRefusedError, match="second person"):
            approve(draft, submission=NOW, by=author, at=NOW)
    assert approve(draft, submission=NOW, by=world.rita, at=NOW).course == Course.objects.get(code="new")


def test_another_account_of_an_author_is_no_second_person(world: World) -> None:
    draft = submit(world.new(), by=world.ana, at=NOW)
    one, other = (PersonFactory.create(program=world.program, user=user) for user in (world.ana, world.ben))
    assert not is_author(draft, world.ben)
    merge_persons(world.program, one, other, reason=Merge.Reason.REVIEW, evidence={}, at=NOW, by=None)
    with pytest.raises(DecisionRefusedError, match="second person"):
        approve(draft, submission=NOW, by=world.ben, at=NOW)
    assert approve(draft, submission=NOW, by=world.rita, at=NOW).published is not None


@pytest.mark.parametrize("who", ["ana", "ben"])
def test_the_database_too_refuses_that_an_author_publishes(world: World, who: str) -> None:
    draft = submit(world.new(), by=world.ben, at=NOW)
    with pytest.raises(IntegrityError, match=r"second_person|written in it"), transaction.atomic():
        Draft.objects.filter(pk=draft.pk).update(state="published", decided_by=getattr(world, who), decided_at=NOW)


def test_a_draft_with_faults_is_not_submitted(world: World) -> None:
    draft = world.draft()
    write(draft, "01-one.md", "no front matter", world.ana)
    with pytest.raises(DecisionRefusedError, match=r"01-one\.md"):
        submit(draft, by=world.ana, at=NOW)


@pytest.mark.parametrize(("before", "after"), [("code: first", "code: other"), ("[skills]", "[others]")])
def test_code_and_tags_of_a_course_stay(world: World, before: str, after: str) -> None:
    draft = world.draft()
    write(draft, "course.yaml", FILES["course.yaml"].decode().replace(before, after), world.ana)
    assert [fault.file for fault in Reading.of(draft).faults] == ["first/course.yaml"]
    with pytest.raises(DecisionRefusedError):
        submit(draft, by=world.ana, at=NOW)


def test_a_draft_in_review_is_not_edited(world: World) -> None:
    draft = submit(world.draft(), by=world.ana, at=NOW)
    with pytest.raises(FileRefusedError, match="not being written"):
        save_text(draft, "01-one.md", "x", seen=0, by=world.ana, at=NOW)


def test_a_draft_is_sent_back_with_a_note_and_submitted_again(world: World) -> None:
    draft = submit(world.draft(), by=world.ana, at=NOW)
    with pytest.raises(DecisionRefusedError, match="Say"):
        send_back(draft, note=" ", by=world.ben, at=NOW)
    back = send_back(draft, note="Shorter, please.", by=world.ben, at=NOW)
    assert (back.state, back.note) == (Draft.State.OPEN, "Shorter, please.")
    submit(draft, by=world.ana, at=NOW)
    assert approve(draft, submission=NOW, by=world.ben, at=NOW).state == Draft.State.PUBLISHED


def test_what_was_submitted_anew_must_be_read_anew(world: World) -> None:
    draft = submit(world.draft(), by=world.ana, at=NOW)
    send_back(draft, note="Shorter, please.", by=world.ben, at=NOW)
    write(draft, "01-one.md", FILES["01-one.md"].decode().replace("Some", "More"), world.ana)
    submit(draft, by=world.ana, at=NOW + timedelta(hours=1))
    with pytest.raises(DecisionRefusedError, match="Look at it again"):
        approve(draft, submission=NOW, by=world.ben, at=NOW)
    assert approve(draft, submission=NOW + timedelta(hours=1), by=world.ben, at=NOW).published is not None


def test_a_withdrawn_draft_cannot_be_submitted_or_published(world: World) -> None:
    draft = withdraw(world.new(), by=world.ana, at=NOW)
    assert withdraw(draft, by=world.ben, at=NOW).decided_by == world.ana
    with pytest.raises(DecisionRefusedError):
        submit(draft, by=world.ben, at=NOW)
    with pytest.raises(DecisionRefusedError):
        approve(draft, submission=NOW, by=world.ben, at=NOW)
    assert not Course.objects.exists()
