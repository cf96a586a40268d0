"""A course by keyboard alone, as wide as 1280 pixels are at 400 %: every stop is seen, and nothing scrolls sideways."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from courses.achievements.models import Achievement
from programs.models import Program
from tests.factories import PASSWORD
from tests.test_browser import bakery
from tests.test_browser.conftest import PHONE, Opener

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NARROW = {"width": 320, "height": 256}  # 1280 by 1024 at 400 %
STOP = """() => {
  const stop = document.activeElement, box = stop.getBoundingClientRect(), style = getComputedStyle(stop);
  const middle = box.left + box.width / 2;
  const places = [[box.left + 3, box.top + 3], [box.right - 3, box.bottom - 3], [middle, box.top + 9]];
  const there = places.map(([x, y]) => document.elementFromPoint(x, y)).filter((element) => element);
  return {
    name: stop.id || stop.name || stop.innerText || stop.tagName,
    isMarked: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    isSeen: there.some((element) => stop.contains(element) || element.contains(stop)),
    isNarrow: document.documentElement.scrollWidth <= innerWidth,
  };
}"""


def tab_to(page: Page, selector: str) -> None:
    """Goes forward by Tab until what is meant has the focus; every stop on the way is marked and can be seen."""
    for _ in range(150):
        page.keyboard.press("Tab")
        stop = page.evaluate(STOP)
        assert stop == {**stop, "isMarked": True, "isSeen": True, "isNarrow": True}, page.url
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{selector} cannot be reached by keyboard on {page.url}")


def press(page: Page, selector: str) -> None:
    tab_to(page, selector)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def sign_in(page: Page) -> None:
    tab_to(page, "[name=login]")
    page.keyboard.type("learner@demo.example")
    tab_to(page, "[name=password]")
    page.keyboard.type(PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def practise(page: Page) -> None:
    """Answers wrongly, hears so, and answers again from where the focus stayed."""
    said = page.locator(".practice [aria-live]")
    tab_to(page, ".practice input[type=radio]")
    page.keyboard.press("ArrowDown")
    tab_to(page, ".practice button")
    page.keyboard.press("Enter")
    expect(said).to_contain_text("Not right")
    expect(page.locator(".practice button")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(said).to_contain_text("Yeast works faster")
    expect(page.locator(".practice fieldset")).to_have_accessible_description(
        "Right Yeast works faster when it is warm."
    )


def see_what_is_missing(page: Page) -> None:
    """Sends nothing: the list of what is missing has the focus, and leads to each question."""
    press(page, "#answers button[type=submit]:not([tabindex], [name])")
    expect(page).to_have_title("Not sent: Assessment · The bakery · AI Skills for the United Kingdom · Uplift")
    expect(page.get_by_role("alert")).to_be_focused()
    tab_to(page, "[href='#question-q-one']")
    page.keyboard.press("Enter")
    question = page.locator("#question-q-one")
    expect(question).to_be_focused()
    expect(question).to_have_accessible_name("1. Which is a grain?")
    expect(question).to_have_accessible_description("Choose an answer.")


def answer_all_kinds(page: Page) -> None:
    choose(page, "q-one", "Rye")
    each(page, "#question-q-several input", 3, lambda name: "Space" if name != "Sand" else "")
    choose(page, "q-true", "True")
    tab_to(page, "[name=a-q-number]")
    page.keyboard.type("502")
    tab_to(page, "[name=a-q-text]")
    page.keyboard.type("Yeast")
    each(page, "#question-q-matching select", 2, lambda name: {"Rye": "d", "Wheat": "l"}[name])
    each(page, "#question-q-ordering select", 3, lambda name: str(["Mix", "Wait", "Bake"].index(name) + 1))


def choose(page: Page, question: str, name: str) -> None:
    tab_to(page, f"[name=a-{question}]")
    page.keyboard.press("Space")
    if label(page) != name:
        page.keyboard.press("ArrowDown")
    assert label(page) == name


def each(page: Page, fields: str, number: int, key_for: Callable[[str], str]) -> None:
    """Presses in each field the key that its label asks for."""
    for _ in range(number):
        tab_to(page, fields)
        if key := key_for(label(page)):
            page.keyboard.press(key)


def label(page: Page) -> str:
    return str(page.evaluate("document.activeElement.labels[0].innerText.trim()"))


def test_a_course_is_taken_by_keyboard_alone_at_four_hundred_per_cent(
    country: Program, opened: Opener, complaints: list[str], tmp_path: Path
) -> None:
    bakery.publish(tmp_path)
    page = opened("/accounts/login/", viewport=NARROW)
    sign_in(page)
    page.goto(bakery.COURSE)
    press(page, "main form button")
    practise(page)
    press(page, "form[data-offline=done] button")
    press(page, "form[data-offline=done] button")
    press(page, "main form button[type=submit]")
    see_what_is_missing(page)
    answer_all_kinds(page)
    press(page, "#answers button[type=submit]:not([tabindex], [name])")

    expect(page.locator("h1")).to_have_text("You have passed")
    assert Achievement.objects.count() == 1
    assert [one for one in complaints if "422" not in one] == []


def test_an_open_menu_never_covers_what_has_the_focus(country: Program, opened: Opener) -> None:
    page = opened("/p/gb/learn/", role="learner", viewport=PHONE)
    page.goto("/p/gb/learn/")
    tab_to(page, ".menu:has([action$='/logout/']) summary")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    tab_to(page, ".menu-list button")
    tab_to(page, "main a")
    expect(page.get_by_role("button", name="Sign out")).to_be_hidden()
