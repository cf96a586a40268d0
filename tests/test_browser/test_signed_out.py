"""The session ends while an author writes: with and without JavaScript, what was written is saved in the end."""

import pytest
from playwright.sync_api import Page, expect

from courses.authoring.models import Draft, Revision
from courses.authoring.operations import new_course
from programs.models import Program
from tests.factories import NOW, PASSWORD
from tests.test_browser.conftest import PHONE, Opener
from tests.test_browser.test_every_page import serious

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WORDS = "---\ntitle: Mine\nminutes: 5\n---\n\nA sentence & <b>another</b>.\n"
FITS = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
FILE = "01-first-lesson.md"


@pytest.fixture
def draft(country: Program) -> Draft:
    author = country.memberships.get(role="author", user__email__startswith="author").user
    return new_course(
        country, author, code="new", title="New", language="en", level="beginner", minutes=30, tags=["ai"], at=NOW
    )


def sign_in_here(page: Page) -> None:
    page.get_by_label("Email").fill("author@demo.example")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.locator("main").get_by_role("button", name="Sign in").click()
    page.get_by_text("Account", exact=True).first.wait_for()


def send(page: Page) -> None:
    with page.expect_navigation():
        page.locator("main").get_by_role("button", name="Send it again").click()


def saved(draft: Draft) -> str:
    return str(Revision.objects.current(draft).get(path=FILE).text)


@pytest.mark.parametrize("script", [True, False], ids=["with-script", "without-script"])
def test_what_was_written_is_saved_after_signing_in(opened: Opener, draft: Draft, script: bool) -> None:
    path = f"/p/gb/authoring/{draft.pk}/edit/{FILE}"
    page = opened(path, role="author", viewport=PHONE, java_script_enabled=script)
    page.get_by_label("Text").fill(WORDS)
    page.context.clear_cookies(name="sessionid")
    with page.expect_navigation():
        page.locator("#editor button").click()
    expect(page.locator("h1")).to_have_text("You are not signed in any more")
    assert page.get_by_label("What you wrote").input_value() == WORDS
    assert not script or (serious(page) == [] and page.evaluate(FITS))

    with page.context.expect_page() as other:
        page.get_by_role("link", name="Sign in, in a new tab").click()
    sign_in_here(other.value)
    expect(other.value.locator("main")).to_contain_text("waits in the other tab")
    send(page)
    if not script:  # the token is that of before
        expect(page.locator("h1")).to_have_text("Please send it again")
        send(page)
    expect(page.locator("main")).to_contain_text("Saved.")
    assert saved(draft) == WORDS


def test_who_signed_in_again_elsewhere_is_asked_once_more(opened: Opener, draft: Draft) -> None:
    page = opened(f"/p/gb/authoring/{draft.pk}/edit/{FILE}", role="author")
    page.get_by_label("Text").fill(WORDS)
    page.context.clear_cookies()
    other = page.context.new_page()
    other.goto("/accounts/login/")
    sign_in_here(other)
    with page.expect_navigation():
        page.locator("#editor button").click()
    expect(page.locator("h1")).to_have_text("Please send it again")
    assert serious(page) == []
    send(page)
    expect(page.locator("main")).to_contain_text("Saved.")
    assert saved(draft) == WORDS
