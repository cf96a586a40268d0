"""Who was signed out while they wrote loses no word, and nobody lays words into another's form."""

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from courses.authoring.models import Draft
from courses.authoring.operations import save_text, submit
from programs.unsent import LONGEST, MOST_FIELDS
from tests.factories import NOW, MembershipFactory
from tests.test_authoring.world import FILES, World, number_of, text_in

OURS = "http://testserver"
TEXT = FILES["01-one.md"].decode().replace("Some *text*", "\n</textarea><script>alert(1)</script> *words*")


def strict(user: object = None) -> Client:
    """A browser: forms need the token that their page had."""
    client = Client(enforce_csrf_checks=True)
    if user:
        client.force_login(user)  # type: ignore[arg-type]
    return client


def token_in(html: str) -> str:
    found = re.search(
        r'<form method="post"[^>]*>\s*<input type="hidden" name="csrfmiddlewaretoken" value="(\w+)"', html
    )
    assert found
    return found[1]


def fields_of(html: str) -> dict[str, str]:
    """What the page's own form would send, as a browser reads it."""
    main = html.split("<main")[1].split("</main>")[0]
    hidden = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', main)
    areas = re.findall(r'<textarea[^>]* name="([^"]*)"[^>]*>\n(.*?)</textarea>', main, re.S)
    return {name: unescape(value) for name, value in [*hidden, *areas]}


def test_a_text_posted_after_the_session_ended_comes_back_and_is_saved(world: World) -> None:
    draft = world.draft()
    path, client = world.path("draft-edit", draft.pk, "01-one.md"), strict(world.ana)
    token = token_in(client.get(path).content.decode())
    del client.cookies["sessionid"]

    kept = client.post(path, {"text": TEXT, "seen": 0, "csrfmiddlewaretoken": token})
    assert kept.status_code == 403
    fields = fields_of(kept.content.decode())
    assert (fields["text"], fields["seen"]) == (TEXT, "0")
    assert number_of(draft, "01-one.md") == 0
    assert client.post(path, fields).status_code == 403  # still not signed in: the same page again

    client.force_login(world.ana)
    assert client.post(path, fields).status_code == 302
    assert text_in(draft, "01-one.md") == TEXT


def test_who_signed_in_again_elsewhere_is_asked_once_more_and_told_as_whom(world: World) -> None:
    draft, client = world.draft(), strict(world.ana)
    path = world.path("draft-edit", draft.pk, "01-one.md")
    old = token_in(client.get(path).content.decode())
    del client.cookies["csrftoken"]  # signing in gives the browser another one
    client.get(path)

    fields = {"text": TEXT, "seen": 0, "csrfmiddlewaretoken": old}
    refused = client.post(path, fields, headers={"origin": OURS})
    html = refused.content.decode()
    assert (refused.status_code, f"now as {world.ana.email}" in html, 'id="sign-in"' in html) == (403, True, False)
    assert number_of(draft, "01-one.md") == 0
    assert client.post(path, fields_of(html)).status_code == 302
    assert text_in(draft, "01-one.md") == TEXT


def test_a_browser_that_forgot_everything_is_asked_to_sign_in(world: World) -> None:
    draft = world.draft()
    path = world.path("draft-edit", draft.pk, "01-one.md")
    response = strict().post(path, {"text": TEXT, "seen": 0}, headers={"origin": OURS})
    html = response.content.decode()
    assert (response.status_code, 'id="sign-in"' in html) == (403, True)
    assert fields_of(html)["text"] == TEXT


def test_the_conflict_of_two_authors_is_still_shown(world: World) -> None:
    draft, client = world.draft(), world.browser(None)
    path = world.path("draft-edit", draft.pk, "01-one.md")
    fields = fields_of(client.post(path, {"text": "the text of Ben", "seen": 0}).content.decode())
    save_text(draft, "01-one.md", "the text of Ana", seen=0, by=world.ana, at=NOW)
    response = world.browser(world.ben).post(path, fields)
    html = response.content.decode()
    assert (response.status_code, "of Ana" in html, "of Ben" in html) == (409, True, True)
    assert text_in(draft, "01-one.md") == "the text of Ana"


def test_no_markup_of_the_text_is_markup_of_the_page(world: World) -> None:
    path = world.path("draft-edit", world.draft().pk, "01-one.md")
    html = Client().post(path, {"text": TEXT, '"><b>': '"><i>', "seen": 0}).content.decode()
    assert "<script>alert" not in html
    assert "<b>" not in html
    assert "<i>" not in html


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "null", "http://testserver.elsewhere.example", ""])
def test_words_that_another_site_sends_are_not_laid_into_a_form(world: World, origin: str) -> None:
    draft, client = world.draft(), strict(world.ana)
    path = world.path("draft-edit", draft.pk, "01-one.md")
    headers = {"origin": origin} if origin else {}
    for who in (client, strict()):
        response = who.post(path, {"text": "words of a thief", "seen": 0}, headers=headers)
        assert response.status_code == 403
        assert "words of a thief" not in response.content.decode()


def test_every_form_in_which_authors_write_is_kept(world: World) -> None:
    draft = submit(world.draft(), by=world.ana, at=NOW)
    forms = {
        world.path("drafts"): {"new": "1", "new-code": "data", "new-title": "Data"},
        world.path("draft", draft.pk): {"decision": "send-back", "note": "Too long."},
        world.path("draft-question", draft.pk, "one", "01-one.md"): {"prompt": "Which?", "choices": "*a\nb"},
        world.path("draft-change", draft.pk, "which", "01-one.md"): {"prompt": "Which?", "choices": "*a\nb"},
        world.path("draft-video", draft.pk, "01-one.md"): {"title": "Seen", "transcript": "Somebody walks."},
        world.path("draft-change-video", draft.pk, 1, "01-one.md"): {"title": "Seen", "transcript": "Somebody runs."},
    }
    for path, fields in forms.items():
        response = Client().post(path, fields)
        assert response.status_code == 403, path
        assert fields_of(response.content.decode()).items() >= fields.items()


def test_what_needs_no_writing_is_asked_for_anew(world: World) -> None:
    draft = world.draft()
    for name, fields in (
        ("draft", {"decision": "submit", "note": " "}),
        ("draft-lesson", {"lesson-title": "Three"}),
        ("draft-question", {"truth": "true"}),
    ):
        more = ["true-false", "01-one.md"] if name == "draft-question" else []
        response = Client().post(world.path(name, draft.pk, *more), fields)
        assert (response.status_code, response["Location"].split("?")[0]) == (302, reverse("account_login"))
    assert Draft.objects.get(pk=draft.pk).is_open


def test_a_password_is_never_sent_again() -> None:
    response = strict().post(reverse("account_login"), {"login": "a@example.org", "password": "secret words"},
                             headers={"origin": OURS})  # fmt: skip
    assert response.status_code == 403
    assert "secret words" not in response.content.decode()


def test_signing_in_leads_to_the_page_that_says_where_the_words_are(world: World) -> None:
    path = world.path("draft-edit", world.draft().pk, "01-one.md")
    html = Client().post(f"{path}?next=//elsewhere.example", {"text": "some words", "seen": 0}).content.decode()
    found = re.search(r'id="sign-in"[^>]*href="([^"]*)"', html)
    assert found
    back = parse_qs(urlsplit(unescape(found[1])).query)["next"]
    assert back == [f"{path}?unsent=1"]
    assert "waits in the other tab" in world.browser(world.ana).get(back[0]).content.decode()
    assert 'href="#sign-in">Sign in' in html  # no link of the page leads away from the words unasked


def test_more_than_a_form_of_ours_can_send_is_not_sent_back(world: World) -> None:
    path = world.path("draft-edit", world.draft().pk, "01-one.md")
    assert Client().post(path, {"text": "ab " * LONGEST, "seen": 0}).status_code in (302, 400)
    assert Client().post(path, {"text": "a b", **{f"field-{n}": "1" for n in range(MOST_FIELDS)}}).status_code == 302
    assert Client().post(path, {"text": "ab " * 160_000, "seen": 0}).status_code == 403


def test_an_outsider_who_signs_in_learns_nothing_and_saves_nothing(world: World) -> None:
    draft = world.draft()
    path = world.path("draft-edit", draft.pk, "01-one.md")
    fields = fields_of(Client().post(path, {"text": "some words", "seen": 0}).content.decode())
    outsider = MembershipFactory.create(role="learner").user
    assert world.browser(outsider).post(path, fields).status_code == 404
    assert fields_of(Client().post(path.replace("first", "none"), {"text": "x y"}).content.decode())["text"] == "x y"
    assert number_of(draft, "01-one.md") == 0
