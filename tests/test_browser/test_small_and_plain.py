"""A course in Tamil on a phone without JavaScript; and on screens that are enlarged, spaced or recoloured."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from courses.achievements.models import Achievement
from programs.models import Program
from tests.factories import PASSWORD
from tests.test_browser import bakery
from tests.test_browser.conftest import PHONE, Opener
from tests.test_browser.test_every_page import serious
from tests.test_browser.test_learner import answer_all

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NARROW = {"width": 320, "height": 640}
FITS = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
# WCAG 2.2, 1.4.12 (text spacing) and 1.4.4 (text of twice the size), the worst of both.
SPACED = """html { font-size: 200% !important; }
* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; }
p { margin-block-end: 2em !important; }"""
CLIPPED = """[...document.querySelectorAll("main *, header *, footer *")].filter((one) => {
  const style = getComputedStyle(one);
  const isMeantToBe = one.clientWidth <= 1 || one.matches(".visually-hidden");
  return !isMeantToBe && ["hidden", "clip"].includes(style.overflowX) && one.scrollWidth > one.clientWidth + 1;
}).map((one) => one.outerHTML.slice(0, 120))"""
LEARNERS = ["/p/gb/learn/", "/p/gb/learn/about-me/", bakery.COURSE, f"{bakery.COURSE}dough/", f"{bakery.COURSE}oven/"]


def tap(page: Page, selector: str) -> None:
    with page.expect_navigation():
        page.locator(selector).last.tap()


def read_in_tamil(page: Page) -> int:
    """Reads every lesson to its end; all of them are there in Tamil, and fit the phone."""
    read = 0
    while "/assessment/" not in page.url:
        expect(page.locator("html")).to_have_attribute("lang", "ta")
        expect(page.locator("article")).to_have_attribute("lang", "ta")
        assert page.evaluate(FITS), page.url
        tap(page, "form[data-offline=done] button")
        read += 1
        assert read < 20
    return read


def test_a_course_in_tamil_on_a_phone_without_javascript(
    program: Program, opened: Opener, complaints: list[str]
) -> None:
    page = opened("/start/gb/", viewport=PHONE, java_script_enabled=False, locale="ta", has_touch=True, is_mobile=True)
    tap(page, "main a.button:not(.quiet)")
    page.locator("[name=email]").fill("worker@example.org")
    page.locator("[name=password1]").fill("a long secret phrase")
    tap(page, "main form button")
    tap(page, "main form button[type=submit]")
    page.locator("form.practice:has(input[type=radio]) label").first.tap()
    tap(page, "form.practice:has(:checked) button")
    expect(page.locator("form.practice .badge")).to_have_count(1)
    assert read_in_tamil(page) == 16

    tap(page, "main form button[type=submit]")
    tap(page, "#answers button[type=submit]:not([name])")
    expect(page.get_by_role("alert")).to_be_visible()
    assert page.evaluate(FITS)
    answer_all(page)
    expect(page.locator("h1")).to_have_text("தேர்ச்சி பெற்றுவிட்டீர்கள்")
    assert Achievement.objects.count() == 1
    assert [one for one in complaints if "422" not in one] == []


def bakery_of(opened: Opener, folder: Path, **context: object) -> Page:
    bakery.publish(folder)
    page = opened(bakery.COURSE, role="learner", **context)
    page.goto(bakery.COURSE)
    page.locator("main form button").first.click()
    page.goto(f"{bakery.COURSE}assessment/")
    page.locator("main form button[type=submit]").click()
    page.locator("#answers").wait_for()
    return page


def test_nothing_is_cut_off_when_text_is_twice_as_large_and_widely_spaced(
    country: Program, opened: Opener, tmp_path: Path
) -> None:
    page = bakery_of(opened, tmp_path, viewport={"width": 640, "height": 800}, bypass_csp=True)
    faults: list[str] = []
    for path in [page.url, *LEARNERS]:
        page.goto(path)
        page.add_style_tag(content=SPACED)
        faults += [] if page.evaluate(FITS) else [f"{path} scrolls sideways"]
        faults += page.evaluate(CLIPPED)
    assert faults == []


# Of forced colours axe-core sees only what they were.
@pytest.mark.parametrize("colours", [{"forced_colors": "active"}, {"reduced_motion": "reduce"}], ids=str)
def test_a_course_can_be_seen_in_forced_colours_and_keeps_still_on_the_narrowest_phone(
    country: Program, opened: Opener, tmp_path: Path, colours: dict[str, str]
) -> None:
    page = bakery_of(opened, tmp_path, viewport=NARROW, **colours)
    faults: list[str] = []
    for path in [page.url, *LEARNERS]:
        page.goto(path)
        faults += [fault for fault in serious(page) if "color-contrast" not in fault or "forced_colors" not in colours]
        faults += [] if page.evaluate(FITS) else [f"{path} scrolls sideways"]
    assert faults == []
    assert page.evaluate("document.getAnimations().length") == 0


COUNT_CLICKS = """addEventListener("click", (event) => {
  if (event.isTrusted) sessionStorage.clicks = Number(sessionStorage.clicks || 0) + 1;
}, true)"""


@pytest.mark.parametrize("is_new", [True, False])
def test_from_signing_in_to_the_first_lesson_of_the_recommended_course_are_at_most_three_clicks(
    program: Program, opened: Opener, *, is_new: bool
) -> None:
    page = opened("/")
    page.context.add_init_script(COUNT_CLICKS)
    page.goto("/accounts/signup/" if is_new else "/accounts/login/")
    page.locator("[name=email], [name=login]").fill("new@example.org" if is_new else "learner@demo.example")
    page.locator("[type=password]").fill("a long secret phrase" if is_new else PASSWORD)
    page.locator("main form button[type=submit]").click()
    page.wait_for_url("**/")
    page.evaluate("sessionStorage.clicks = 0")

    if is_new:
        page.locator(".card", has_text="United Kingdom").get_by_role("link", name="Start here").click()
        page.get_by_role("button", name="Join and begin the course").click()
    else:
        page.get_by_role("link", name="Learn in AI Skills for the United Kingdom").click()
        page.get_by_role("button", name="Begin the course").click()

    page.wait_for_url("**/courses/ai-foundations/what-ai-is/")
    assert page.evaluate("Number(sessionStorage.clicks)") <= 3
