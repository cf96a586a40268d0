"""The pages on which a question or a video is changed by a form."""

import re
from html import unescape

import pytest
import yaml

from courses.authoring.models import Draft, Revision
from courses.authoring.operations import rename_file, save_text, submit
from courses.authoring.operations.structure import add_language
from courses.authoring.reading import Reading
from courses.catalogue.questions.texts import QuestionText
from tests.factories import NOW
from tests.test_authoring.test_structure import FORMS
from tests.test_authoring.world import FILES, World, number_of, text_in, write

CHANGED: dict[str, dict[str, str]] = {
    "one": {"choices": "*this\nthat"},
    "several": {"choices": "this\n*that\n*nothing: at all\nmore"},
    "true-false": {"truth": "true"},
    "number": {"value": "-4", "tolerance": "", "unit": ""},
    "text": {"accepts": "no"},
    "matching": {"pairs": "b = 2\na \\= c = 1", "others": ""},
    "ordering": {"choices": "second\nfirst\nthird"},
}
VIDEO = """
```video
title: A tour # of the office
file: videos/a.mp4
captions: videos/a.en.vtt
transcript: |
  Somebody walks.
```
"""
FILM, CAPTIONS = b"....ftyp0123456789", b"WEBVTT\n\n00:01.000 --> 00:04.000\nHello\n"
WITH_VIDEO = {
    **FILES,
    "01-one.md": FILES["01-one.md"] + VIDEO.encode(),
    "videos/a.mp4": FILM,
    "videos/a.en.vtt": CAPTIONS,
    "videos/b.mp4": FILM + b"b",
}


def fields_in(html: str) -> dict[str, str]:
    """What a browser would send if nothing were touched."""
    main = html.split("<main")[1].split("</main>")[0]
    areas = re.findall(r'<textarea name="([^"]*)"[^>]*>\n(.*?)</textarea>', main, re.S)
    inputs = [tag for tag in re.findall(r"<input [^>]*>", main) if 'type="radio"' not in tag or " checked" in tag]
    named = [(re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)) for tag in inputs]
    lists = re.findall(r'<select name="([^"]*)".*?<option value="([^"]*)" selected', main, re.S)
    found = [(name[1], value[1] if value else "") for name, value in named if name]
    return {name: unescape(value) for name, value in [*areas, *found, *lists]}


def question(draft: Draft, key: str) -> QuestionText:
    read = Reading.of(draft)
    assert read.faults == []
    return next(one for one in read.judged.readable.questions if one.key == key)


@pytest.mark.parametrize("kind", FORMS)
@pytest.mark.parametrize("path", ["01-one.md", "assessment.yaml"])
def test_a_form_changes_a_question_of_each_kind(world: World, kind: str, path: str) -> None:
    draft, client = world.draft(), world.browser(world.ana)
    first = {"prompt": "What: is it?", "feedback": "Because\n\n- so", **FORMS[kind]}
    client.post(world.path("draft-question", draft.pk, kind, path), first)
    text, address = text_in(draft, path), world.path("draft-change", draft.pk, "what-is-it", path)

    untouched = fields_in(client.get(address).content.decode())
    assert untouched["prompt"] == first["prompt"]
    assert client.get(address).content.decode().count('lang="en" dir="ltr"') >= 2
    assert client.post(address, untouched).status_code == 302
    assert (number_of(draft, path), text_in(draft, path)) == (1, text)

    fields = {**untouched, "prompt": "And now?", **CHANGED[kind]}
    assert client.post(address, fields).status_code == 302
    after = question(draft, "what-is-it")
    assert (after.words["en"].prompt, after.kind, number_of(draft, path)) == ("And now?", kind, 2)
    assert "# how many are needed" in text_in(draft, "assessment.yaml")
    shown = fields_in(client.get(address).content.decode())
    assert {name: shown.get(name, "") for name in CHANGED[kind]} == CHANGED[kind]
    assert after.words["en"].feedback == "Because\n\n- so"


def test_the_page_of_a_text_leads_to_the_forms(world: World) -> None:
    draft, client = world.draft(WITH_VIDEO), world.browser(world.ana)
    html = client.get(world.path("draft-edit", draft.pk, "01-one.md")).content.decode()
    for name, more in (("draft-change", "which"), ("draft-change-video", 1)):
        assert f'href="{world.path(name, draft.pk, more, "01-one.md")}"' in html
    assert f'href="{world.path("draft-video", draft.pk, "01-one.md")}"' in html
    submit(draft, by=world.ana, at=NOW)
    html = client.get(world.path("draft-edit", draft.pk, "01-one.md")).content.decode()
    assert world.path("draft-change", draft.pk, "which", "01-one.md") not in html


def test_comments_and_the_style_of_the_author_stay(world: World) -> None:
    draft, client = world.draft(), world.browser(world.ana)
    address = world.path("draft-change", draft.pk, "which", "01-one.md")
    before = text_in(draft, "01-one.md")
    client.post(address, {**fields_in(client.get(address).content.decode()), "choices": "*this\nthat"})
    assert text_in(draft, "01-one.md") == before.replace("right: 2", "right: 1")
    client.post(address, {**fields_in(client.get(address).content.decode()), "choices": "*this\nthat\nthose"})
    assert text_in(draft, "01-one.md") == before.replace("right: 2", "right: 1").replace(
        "this, that", "this, that, those"
    )


def test_texts_in_other_languages_keep_their_words_and_move_with_their_choice(world: World) -> None:
    draft, client = world.draft(), world.browser(world.ana)
    add_language(draft, "cy", by=world.ana, at=NOW)
    theirs = text_in(draft, "cy/01-one.md").replace("- this", "- hwn").replace("- that", "- hwnnw # nodyn")
    write(draft, "cy/01-one.md", theirs, world.ben)
    address = world.path("draft-change", draft.pk, "which", "01-one.md")
    fields = fields_in(client.get(address).content.decode())

    reworded = {**fields, "prompt": "Which one?", "choices": "this here\n*that"}
    html = client.post(address, reworded, follow=True).content.decode()
    assert "other languages (cy)" in html
    assert text_in(draft, "cy/01-one.md") == theirs

    moved = {**fields_in(client.get(address).content.decode()), "choices": "neither\n*that\nthis here"}
    client.post(address, moved)
    words = question(draft, "which").words
    assert words["en"].choices == ["neither", "that", "this here"]
    assert words["cy"].choices == ["neither", "hwnnw", "hwn"]
    assert question(draft, "which").right == [1]


def test_texts_for_a_choice_that_the_form_does_not_show_stay_with_it(world: World) -> None:
    text = FILES["assessment.yaml"].decode() + (
        "  - id: x\n    kind: one\n    prompt: p\n    choices: [a, b]\n    right: 1\n"
        "    choice_feedback: [of a, of b]\n    feedback: f\n"
    )
    draft, client = world.draft({**FILES, "assessment.yaml": text.encode()}), world.browser(world.ana)
    address = world.path("draft-change", draft.pk, "x", "assessment.yaml")
    fields = fields_in(client.get(address).content.decode())
    client.post(address, {**fields, "choices": "b\n*a\nquite another"})
    after = question(draft, "x")
    assert (after.right, after.words["en"].choice_feedback) == ([1], ["of b", "of a", ""])


def test_two_authors_of_one_text_see_both_texts(world: World) -> None:
    draft, client = world.draft(), world.browser(world.ben)
    address = world.path("draft-change", draft.pk, "which", "01-one.md")
    fields = {**fields_in(client.get(address).content.decode()), "prompt": "What of Ben?"}
    save_text(draft, "01-one.md", text_in(draft, "01-one.md").replace("Some", "Any"), seen=0, by=world.ana, at=NOW)
    response = client.post(address, fields)
    html = response.content.decode()
    assert (response.status_code, "What of Ben?" in html, "Any *text*" in html) == (409, True, True)
    assert number_of(draft, "01-one.md") == 1
    edit = world.path("draft-edit", draft.pk, "01-one.md")
    assert client.post(edit, {"text": "both", "seen": 1}).status_code == 302


def test_who_changed_nothing_meets_no_conflict(world: World) -> None:
    draft, client = world.draft(), world.browser(world.ben)
    address = world.path("draft-change", draft.pk, "which", "01-one.md")
    fields = fields_in(client.get(address).content.decode())
    save_text(draft, "01-one.md", "the text of Ana", seen=0, by=world.ana, at=NOW)
    assert client.post(address, fields)["Location"] == world.path("draft-edit", draft.pk, "01-one.md")
    assert text_in(draft, "01-one.md") == "the text of Ana"


def test_a_question_of_a_lesson_that_was_renamed_meanwhile_is_saved_where_it_is_now(world: World) -> None:
    plain = {**FILES, "02-two.md": b"---\ntitle: Two\nminutes: 5\n---\nText.\n"}
    draft, client = world.draft(plain), world.browser(world.ben)
    address = world.path("draft-change", draft.pk, "which", "01-one.md")
    fields = {**fields_in(client.get(address).content.decode()), "prompt": "What of Ben?"}
    rename_file(draft, "01-one.md", "03-one.md", seen=0, by=world.ana, at=NOW)
    assert client.post(address, fields)["Location"] == world.path("draft-edit", draft.pk, "03-one.md")
    assert "What of Ben?" in text_in(draft, "03-one.md")


@pytest.mark.parametrize(
    ("field", "value"), [("prompt", ""), ("choices", "this\nthat"), ("choices", "x"), ("feedback", " ")]
)
def test_what_cannot_be_taken_is_said_beside_the_field_and_what_was_written_stays(
    world: World, field: str, value: str
) -> None:
    draft, client = world.draft(), world.browser(world.ana)
    address = world.path("draft-change", draft.pk, "which", "01-one.md")
    fields = fields_in(client.get(address).content.decode())
    response = client.post(address, {**fields, "prompt": "Another?", field: value})
    html = response.content.decode()
    assert (response.status_code, f'id="id_{field}_error"' in html) == (422, True)
    assert fields_in(html)["seen"] == "0"
    assert number_of(draft, "01-one.md") == 0


def test_a_question_changed_after_the_draft_was_submitted_stays_on_the_page(world: World) -> None:
    draft, client = world.draft(), world.browser(world.ana)
    address = world.path("draft-change", draft.pk, "which", "01-one.md")
    fields = {**fields_in(client.get(address).content.decode()), "prompt": "Too late?"}
    submit(draft, by=world.ben, at=NOW)
    response = client.post(address, fields)
    assert (response.status_code, "Too late?" in response.content.decode()) == (422, True)
    assert number_of(draft, "01-one.md") == 0


def test_what_is_no_question_to_be_changed_is_not_found(world: World) -> None:
    draft, client = world.draft(WITH_VIDEO), world.browser(world.ana)
    add_language(draft, "cy", by=world.ana, at=NOW)
    for name, more in (
        ("draft-change", ("none", "01-one.md")),
        ("draft-change", ("which", "cy/01-one.md")),
        ("draft-change", ("which", "course.yaml")),
        ("draft-change", ("which", "03-three.md")),
        ("draft-change-video", (2, "01-one.md")),
        ("draft-change-video", (1, "assessment.yaml")),
        ("draft-video", ("assessment.yaml",)),
        ("draft-video", ("03-three.md",)),
    ):
        assert client.get(world.path(name, draft.pk, *more)).status_code == 404, (name, more)
    address = world.path("draft-change", draft.pk, "which", "01-one.md")
    for seen in ("", "x", "7", "9" * 99, "²"):
        assert client.post(address, {"prompt": "x", "seen": seen}).status_code == 404


def test_a_question_that_the_form_cannot_show_is_left_to_the_text(world: World) -> None:
    text = FILES["01-one.md"].replace(b"[this, that]", b'[this, "that\\nthere"]')
    draft, client = world.draft({**FILES, "01-one.md": text}), world.browser(world.ana)
    response = client.get(world.path("draft-change", draft.pk, "which", "01-one.md"), follow=True)
    assert response.redirect_chain == [(world.path("draft-edit", draft.pk, "01-one.md"), 302)]
    assert "Change it in the text" in response.content.decode()


def test_line_ends_of_a_file_stay(world: World) -> None:
    text = FILES["01-one.md"].replace(b"\n", b"\r\n")
    draft, client = world.draft({**FILES, "01-one.md": text}), world.browser(world.ana)
    address = world.path("draft-change", draft.pk, "which", "01-one.md")
    fields = fields_in(client.get(address).content.decode())
    client.post(address, fields)
    assert number_of(draft, "01-one.md") == 0
    client.post(address, {**fields, "choices": "*this\r\nthat"})
    assert text_in(draft, "01-one.md") == text.decode().replace("right: 2", "right: 1")


def test_a_video_is_changed_where_it_stands(world: World) -> None:
    draft, client = world.draft(WITH_VIDEO), world.browser(world.ana)
    address, before = world.path("draft-change-video", draft.pk, 1, "01-one.md"), text_in(draft, "01-one.md")
    fields = fields_in(client.get(address).content.decode())
    assert (fields["file"], fields["captions"], fields["transcript"]) == (
        "videos/a.mp4", "videos/a.en.vtt", "Somebody walks.",
    )  # fmt: skip
    client.post(address, fields)
    assert number_of(draft, "01-one.md") == 0
    client.post(address, {**fields, "file": "videos/b.mp4"})
    assert text_in(draft, "01-one.md") == before.replace("a.mp4", "b.mp4")
    client.post(address, {**fields, "seen": 1, "file": "", "captions": "", "embed": "https://player.vimeo.com/1"})
    after = yaml.safe_load(text_in(draft, "01-one.md").split("```video\n")[1].split("```")[0])
    assert after == {"title": "A tour", "embed": "https://player.vimeo.com/1", "transcript": "Somebody walks.\n"}
    assert "# of the office" in text_in(draft, "01-one.md")
    assert Reading.of(draft).faults == []


def test_a_video_of_another_language_is_changed_too(world: World) -> None:
    draft, client = world.draft(WITH_VIDEO), world.browser(world.ana)
    add_language(draft, "cy", by=world.ana, at=NOW)
    address = world.path("draft-change-video", draft.pk, 1, "cy/01-one.md")
    fields = fields_in(client.get(address).content.decode())
    client.post(address, {**fields, "title": "Taith", "transcript": "Mae rhywun yn cerdded."})
    assert "title: Taith # of the office" in text_in(draft, "cy/01-one.md")
    assert "title: A tour" in text_in(draft, "01-one.md")
    assert Reading.of(draft).faults == []


def test_a_video_is_added_at_the_end(world: World) -> None:
    draft, client = world.draft(WITH_VIDEO), world.browser(world.ana)
    fields = {"title": "Two: more", "file": "videos/b.mp4", "captions": "videos/a.en.vtt", "transcript": "```\nx\n```"}
    assert client.post(world.path("draft-video", draft.pk, "02-two.md"), fields).status_code == 302
    assert Reading.of(draft).faults == []
    address = world.path("draft-change-video", draft.pk, 1, "02-two.md")
    assert fields_in(client.get(address).content.decode()).items() >= fields.items()


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"file": "", "embed": ""}, "file"),
        ({"embed": "https://player.vimeo.com/1"}, "file"),
        ({"captions": ""}, "captions"),
        ({"file": "videos/none.mp4"}, "file"),
        ({"file": "", "embed": "https://elsewhere.example/1"}, "embed"),
        ({"file": "", "embed": "javascript:alert(1)"}, "embed"),
        ({"transcript": ""}, "transcript"),
        ({"transcript": "[nowhere](files/none.pdf)"}, "transcript"),
        ({"title": "x" * 201}, "title"),
    ],
)
@pytest.mark.parametrize("page", ["draft-video", "draft-change-video"])
def test_what_is_no_video_is_said_beside_the_field(world: World, page: str, fields: dict[str, str], wrong: str) -> None:
    draft, client = world.draft(WITH_VIDEO), world.browser(world.ana)
    more: list[object] = [1] if page == "draft-change-video" else []
    address = world.path(page, draft.pk, *more, "01-one.md")
    right = {"title": "x", "file": "videos/a.mp4", "captions": "videos/a.en.vtt", "transcript": "x", "seen": "0"}
    response = client.post(address, {**right, **fields})
    html = response.content.decode()
    assert (response.status_code, f'id="id_{wrong}_error"' in html, html.count('_error"') <= 3) == (422, True, True)
    assert number_of(draft, "01-one.md") == 0


def test_of_two_authors_of_a_video_one_sees_both_texts(world: World) -> None:
    draft, client = world.draft(WITH_VIDEO), world.browser(world.ben)
    address = world.path("draft-change-video", draft.pk, 1, "01-one.md")
    fields = {**fields_in(client.get(address).content.decode()), "title": "A tour of Ben"}
    save_text(draft, "01-one.md", "the text of Ana", seen=0, by=world.ana, at=NOW)
    response = client.post(address, fields)
    html = response.content.decode()
    assert (response.status_code, "A tour of Ben" in html, "of Ana" in html) == (409, True, True)


def test_who_was_signed_out_while_changing_a_question_loses_nothing(world: World) -> None:
    draft, client = world.draft(), world.browser(world.ana)
    address = world.path("draft-change", draft.pk, "which", "01-one.md")
    fields = {**fields_in(client.get(address).content.decode()), "prompt": "Which of them?"}
    kept = world.browser(None).post(address, fields)
    assert (kept.status_code, "Which of them?" in kept.content.decode()) == (403, True)
    assert Revision.objects.filter(draft=draft, number=1).count() == 0


IN_WELSH = {"- this": "- hwn", "- that": "- hwnnw"}


def in_two_languages(world: World, changes: dict[str, str]) -> Draft:
    draft = world.draft()
    add_language(draft, "cy", by=world.ana, at=NOW)
    text = text_in(draft, "cy/01-one.md")
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    write(draft, "cy/01-one.md", text, world.ana)
    return draft


@pytest.mark.parametrize("fault", [{"feedback:": "feedbakc:"}, {"id: which": "id: which\n  :"}])
def test_where_a_translation_cannot_follow_nothing_moves(world: World, fault: dict[str, str]) -> None:
    draft, client = in_two_languages(world, {**IN_WELSH, **fault}), world.browser(world.ana)
    page = world.path("draft-change", draft.pk, "which", "01-one.md")
    before = [text_in(draft, path) for path in ("01-one.md", "cy/01-one.md")]
    response = client.post(page, {**fields_in(client.get(page).content.decode()), "choices": "*that\nthis"})
    assert response.status_code == 422
    assert [text_in(draft, path) for path in ("01-one.md", "cy/01-one.md")] == before


def test_a_conflict_says_which_languages_have_the_question(world: World) -> None:
    draft, client = in_two_languages(world, IN_WELSH), world.browser(world.ben)
    page = world.path("draft-change", draft.pk, "which", "01-one.md")
    fields = fields_in(client.get(page).content.decode())
    save_text(draft, "01-one.md", text_in(draft, "01-one.md").replace("Some", "Any"), seen=0, by=world.ana, at=NOW)
    response = client.post(page, {**fields, "choices": "*that\nthis"})
    assert response.status_code == 409
    assert "Its texts in other languages (cy)" in response.content.decode()


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("01-one.md", "id: which", "id: my question"),
        ("01-one.md", "id: which", "id: a.b"),
        ("assessment.yaml", "id: right-or-wrong", "id: right or wrong"),
        ("01-one.md", "Some", "Some" + "\r" * 30),
    ],
)
def test_whatever_a_text_holds_it_can_be_opened_and_mended(world: World, path: str, old: str, new: str) -> None:
    draft = world.draft()
    assert old in text_in(draft, path)
    write(draft, path, text_in(draft, path).replace(old, new), world.ana)
    response = world.browser(world.ana).get(world.path("draft-edit", draft.pk, path))
    assert response.status_code == 200


def test_of_two_questions_with_one_id_no_form_opens_the_wrong_one(world: World) -> None:
    draft, client = world.draft(), world.browser(world.ana)
    edit = world.path("draft-edit", draft.pk, "01-one.md")
    change = world.path("draft-change", draft.pk, "which", "01-one.md")
    assert change in client.get(edit).content.decode()
    text = text_in(draft, "01-one.md")
    write(draft, "01-one.md", f"{text}\n{text[text.index('```question') :]}", world.ana)
    assert change not in client.get(edit).content.decode()
    assert client.get(change).status_code == 404


def test_nothing_is_written_into_code_that_is_not_closed(world: World) -> None:
    draft = world.draft({**WITH_VIDEO, "02-two.md": FILES["02-two.md"] + b"\n```\ncode\n"})
    fields = {"title": "Two", "file": "videos/b.mp4", "captions": "videos/a.en.vtt", "transcript": "x"}
    response = world.browser(world.ana).post(world.path("draft-video", draft.pk, "02-two.md"), fields)
    assert response.status_code == 422
    assert number_of(draft, "02-two.md") == 0


def test_captions_of_a_video_elsewhere_stay(world: World) -> None:
    video = VIDEO.replace("file: videos/a.mp4", "embed: https://www.youtube-nocookie.com/embed/abcdefghijk")
    draft = world.draft({**WITH_VIDEO, "01-one.md": FILES["01-one.md"] + video.encode()})
    client, page = world.browser(world.ana), world.path("draft-change-video", draft.pk, 1, "01-one.md")
    before = text_in(draft, "01-one.md")
    client.post(page, {**fields_in(client.get(page).content.decode()), "title": "Another"})
    assert text_in(draft, "01-one.md") == before.replace("A tour", "Another")
