"""Several authors of one text, and tabs that were open for a while: nothing is lost, and nothing is overwritten."""

import re
from datetime import timedelta

from courses.authoring.models import DraftFiles
from courses.authoring.operations import remove_file, rename_file, save_text, submit
from courses.authoring.operations.structure import move_lesson
from tests.factories import NOW
from tests.test_authoring.world import FILES, World, number_of, text_in, write

PLAIN = {**FILES, "02-two.md": b"---\ntitle: Two\nminutes: 5\n---\nText.\n"}


def test_two_authors_of_one_text_see_both_texts(world: World) -> None:
    draft = world.draft()
    path = world.path("draft-edit", draft.pk, "01-one.md")
    save_text(draft, "01-one.md", "the text of Ana", seen=0, by=world.ana, at=NOW)
    client = world.browser(world.ben)
    response = client.post(path, {"text": "the text of Ben", "seen": 0})
    html = response.content.decode()
    assert response.status_code == 409
    theirs, mine = html.split("What they changed")[1].split("What you changed")
    for text, other, part in (("of Ana", "of Ben", theirs), ("of Ben", "of Ana", mine)):
        assert re.search(rf"<ins>.*the text {text}</ins>", part)
        assert other not in part
        assert re.search(r"<del>.*Some \*text\*, .*</del>", part)
    assert 'lang="en" dir="ltr"' in html
    assert client.post(path, {"text": "both", "seen": 1}).status_code == 302
    assert text_in(draft, "01-one.md") == "both"


def test_an_earlier_revision_is_opened_and_brought_back(world: World) -> None:
    draft = world.draft()
    for seen, text in enumerate(["the first text", "the second text"]):
        save_text(draft, "01-one.md", text, seen=seen, by=world.ana, at=NOW)
    path, client = world.path("draft-edit", draft.pk, "01-one.md"), world.browser(world.ben)
    assert (
        f'href="{path}?revision=1"' in client.get(world.path("draft-history", draft.pk, "01-one.md")).content.decode()
    )
    remove_file(draft, "01-one.md", seen=2, by=world.ana, at=NOW)
    html = client.get(f"{path}?revision=1").content.decode()
    assert "the first text" in html
    assert re.search(r'name="seen"[^>]*value="3"|value="3"[^>]*name="seen"', html)
    client.post(f"{path}?revision=1", {"text": "the first text", "seen": 3})
    assert (text_in(draft, "01-one.md"), number_of(draft, "01-one.md")) == ("the first text", 4)
    for wrong in ("3", "9", "x", "", "9" * 5000):
        assert client.get(f"{path}?revision={wrong}").status_code == 404


def test_a_text_that_was_removed_meanwhile_is_not_lost(world: World) -> None:
    draft = world.draft()
    path = world.path("draft-edit", draft.pk, "01-one.md")
    remove_file(draft, "01-one.md", seen=0, by=world.ana, at=NOW)
    client = world.browser(world.ben)
    assert client.get(path).status_code == 404
    response = client.post(path, {"text": "the text of Ben", "seen": 0})
    assert response.status_code == 409
    assert "the text of Ben" in response.content.decode()
    client.post(path, {"text": "the text of Ben", "seen": 1})
    assert text_in(draft, "01-one.md") == "the text of Ben"


def test_a_text_that_was_moved_meanwhile_is_saved_where_it_is_now(world: World) -> None:
    draft = world.draft(PLAIN)
    path = world.path("draft-edit", draft.pk, "02-two.md")
    rename_file(draft, "02-two.md", "03-two.md", seen=0, by=world.ana, at=NOW)
    rename_file(draft, "03-two.md", "04-two.md", seen=1, by=world.ana, at=NOW + timedelta(seconds=1))
    client = world.browser(world.ben)
    assert client.get(path)["Location"] == world.path("draft-edit", draft.pk, "04-two.md")
    response = client.post(path, {"text": "the text of Ben", "seen": 0})
    assert response["Location"] == world.path("draft-edit", draft.pk, "04-two.md")
    assert text_in(draft, "04-two.md") == "the text of Ben"
    assert "02-two.md" not in DraftFiles(draft).paths()


def test_a_text_that_was_moved_and_changed_meanwhile_is_a_conflict_where_it_is_now(world: World) -> None:
    draft = world.draft()
    path = world.path("draft-edit", draft.pk, "02-two.md")
    move_lesson(draft, "02-two.md", up=True, by=world.ana, at=NOW)
    write(draft, "01-two.md", "the text of Ana", world.ana)
    response = world.browser(world.ben).post(path, {"text": "the text of Ben", "seen": 0})
    html = response.content.decode()
    assert (response.status_code, "the text of Ana" in html, "the text of Ben" in html) == (409, True, True)
    assert f'action="{world.path("draft-edit", draft.pk, "01-two.md")}"' in html
    assert text_in(draft, "01-two.md") == "the text of Ana"


def test_what_somebody_wrote_before_the_text_was_moved_is_not_overwritten(world: World) -> None:
    draft = world.draft(PLAIN)
    path = world.path("draft-edit", draft.pk, "02-two.md")
    rename_file(draft, "02-two.md", "03-two.md", seen=0, by=world.ana, at=NOW)
    write(draft, "03-two.md", "the text of Ana", world.ana)
    rename_file(draft, "03-two.md", "04-two.md", seen=2, by=world.ana, at=NOW + timedelta(seconds=1))
    assert number_of(draft, "04-two.md") == 1
    for seen in (0, 1, 2, 7):
        assert world.browser(world.ben).post(path, {"text": "the text of Ben", "seen": seen}).status_code == 409
    assert text_in(draft, "04-two.md") == "the text of Ana"


def test_a_text_saved_after_the_draft_was_submitted_stays_on_the_page(world: World) -> None:
    draft = submit(world.draft(), by=world.ana, at=NOW)
    path = world.path("draft-edit", draft.pk, "01-one.md")
    response = world.browser(world.ben).post(path, {"text": "the text of Ben", "seen": 0})
    assert response.status_code == 422
    assert "the text of Ben" in response.content.decode()
    assert number_of(draft, "01-one.md") == 0


def test_a_file_that_changed_meanwhile_is_not_removed(world: World) -> None:
    draft = world.draft()
    path = world.path("draft-edit", draft.pk, "01-one.md")
    save_text(draft, "01-one.md", "the text of Ana", seen=0, by=world.ana, at=NOW)
    world.browser(world.ben).post(path, {"remove": 1, "seen": 0})
    assert text_in(draft, "01-one.md") == "the text of Ana"
    world.browser(world.ben).post(path, {"rename": 1, "to": "05-one.md", "seen": 1})
    assert text_in(draft, "05-one.md") == "the text of Ana"
