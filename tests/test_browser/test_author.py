"""An author writes by keyboard alone, somebody else publishes, and learners have the course."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from courses.authoring.models import Draft
from courses.catalogue.models import Course, Question
from programs.models import Program
from tests.test_browser.conftest import DESK, PHONE, Opener
from tests.test_browser.test_every_page import serious

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
KeepPicture = Callable[[Page, str], None]
LESSON = "A sentence of my own."
NARROW = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"


def tab_to(page: Page, name: str) -> None:
    """Goes forward by Tab until what has the name is reached."""
    for _ in range(200):
        page.keyboard.press("Tab")
        focused = page.evaluate("(document.activeElement.labels?.[0] ?? document.activeElement).innerText.trim()")
        if focused.split("\n")[0] == name:
            return
    raise AssertionError(f"{name} cannot be reached by keyboard")


def press(page: Page, name: str) -> None:
    """Presses a link or button that leads to a page."""
    tab_to(page, name)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def begin(page: Page) -> None:
    for label, text in (("Code", "spreadsheets"), ("Title", "Spreadsheets"), ("Tags", "ai")):
        tab_to(page, label)
        page.keyboard.type(text)
    press(page, "Begin a draft")
    expect(page.locator("h1")).to_have_text("Spreadsheets")


def write_a_lesson(page: Page) -> None:
    press(page, "01-first-lesson.md")
    tab_to(page, "Text")
    page.keyboard.press("Control+End")
    page.keyboard.type(f"\n{LESSON}")
    press(page, "Save")
    expect(page.locator(".preview")).to_contain_text(LESSON)


def add_a_question(page: Page) -> None:
    tab_to(page, "Add a question at the end")
    page.keyboard.press("Enter")
    press(page, "True or false")
    for label, text in (
        ("What is asked", "Is a sheet a table?"),
        ("What is said after the answer: why it is so", "It is."),
    ):
        tab_to(page, label)
        page.keyboard.type(text)
    tab_to(page, "True")
    page.keyboard.press("Space")
    press(page, "Add the question")
    expect(page.locator(".preview")).to_contain_text("Is a sheet a table?")


def test_an_author_writes_by_keyboard_and_a_second_person_publishes(
    program: Program, opened: Opener, complaints: list[str], keep_picture: KeepPicture
) -> None:
    page = opened("/p/gb/authoring/", role="author")
    begin(page)
    write_a_lesson(page)
    add_a_question(page)
    keep_picture(page, "authoring")
    draft = f"/p/gb/authoring/{Draft.objects.get().pk}/"
    page.goto(draft)
    press(page, "Ask a second person to publish it")
    expect(page.locator("main")).to_contain_text("somebody else must publish it")

    reviewer = opened(draft, role="second author")
    press(reviewer, "See it as learners will")
    expect(reviewer.locator("main")).to_contain_text(LESSON)
    reviewer.goto(draft)
    press(reviewer, "Publish it")

    expect(reviewer.locator("main")).to_contain_text("Published.")
    assert Course.objects.get(code="spreadsheets").newest_version().number == 1
    assert complaints == []


@pytest.mark.parametrize(("viewport", "scheme"), [(PHONE, "dark"), (DESK, "light")], ids=["phone-dark", "desk-light"])
def test_pages_of_a_draft_are_accessible_and_fit(
    program: Program, opened: Opener, viewport: dict[str, int], scheme: str
) -> None:
    page = opened("/p/gb/authoring/", role="author", viewport=viewport, color_scheme=scheme)
    page.locator("tbody button").first.click()
    draft = page.url
    code = Draft.objects.get().code
    lesson = Course.objects.get(code=code).newest_version().outline[0]["slug"]
    key = Question.objects.filter(version__course__code=code, lesson=None).order_by("pk")[0].key
    faults: list[str] = []
    for path in (
        "", f"edit/01-{lesson}.md", "edit/assessment.yaml", f"history/01-{lesson}.md", "preview/assessment/",
        f"preview/{lesson}/", f"question/matching/01-{lesson}.md", f"change/{key}/assessment.yaml",
        f"new-video/01-{lesson}.md",
    ):  # fmt: skip
        page.goto(f"{draft}{path}")
        faults += serious(page)
        if not page.evaluate(NARROW):
            faults.append(f"{page.url} scrolls sideways")
    assert faults == []


def test_a_question_is_changed_by_keyboard_in_the_form_that_added_it(
    program: Program, opened: Opener, complaints: list[str]
) -> None:
    page = opened("/p/gb/authoring/", role="author")
    begin(page)
    press(page, "01-first-lesson.md")
    add_a_question(page)
    tab_to(page, "Change a question or a video")
    page.keyboard.press("Enter")
    press(page, "Is a sheet a table?")
    expect(page.get_by_label("True", exact=True)).to_be_checked()
    tab_to(page, "What is asked")
    page.keyboard.press("Control+A")
    page.keyboard.type("Is a table a sheet?")
    press(page, "Save")
    expect(page.locator(".preview")).to_contain_text("Is a table a sheet?")
    expect(page.locator(".preview")).to_contain_text("It is.")
    assert complaints == []
