"""A course on a poor connection: it breaks again and again, and everything that was done arrives once."""

import pytest
from playwright.sync_api import Page, expect

from courses.catalogue.models import Course
from courses.learning.models import LessonDone, PracticeAnswer
from courses.learning.operations import begin_course
from people.models import Person
from programs.models import Program
from tests.factories import NOW
from tests.test_browser.conftest import PHONE, Opener

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
COURSE = "/p/gb/courses/ai-foundations/"
CUTS = 20


# How many pages the browser has kept of this reader's course.
KEPT = """(await Promise.all((await caches.keys()).filter((name) => name.startsWith("lessons-")).map(
    async (name) => (await (await caches.open(name)).keys()).length))).reduce((one, other) => one + other, 0)"""


def wait_until(page: Page, expression: str) -> None:
    """Waits for something that only asynchronous code can tell."""
    for _ in range(200):
        if page.evaluate(f"async () => {expression}"):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"{expression} did not come true")


def begun(opened: Opener, program: Program) -> Page:
    """The first lesson, once the browser has kept all of them."""
    page = opened("/", role="learner", viewport=PHONE, service_workers="allow")
    person = Person.objects.get(program=program, user__email="learner@demo.example")
    begin_course(person, Course.objects.get(program=program, code="ai-foundations"), at=NOW)
    page.goto(f"{COURSE}what-ai-is/")
    wait_until(page, f"{KEPT} > 16")
    return page


def test_a_course_goes_on_while_the_network_is_cut_twenty_times(program: Program, opened: Opener) -> None:
    page = begun(opened, program)
    lessons = 0
    for cut in range(CUTS):
        page.context.set_offline(cut % 2 == 0)
        if lessons < 15:
            with page.expect_navigation():
                page.locator("form[data-offline=done] button").click()
            lessons += 1
        page.context.set_offline(cut % 2 == 1)
        page.wait_for_timeout(50)
    page.context.set_offline(False)
    page.goto(COURSE)
    wait_until(page, "(await waiting()).length === 0")
    assert LessonDone.objects.count() == lessons == 15


def test_a_practice_answer_given_offline_is_kept_and_recorded_once(program: Program, opened: Opener) -> None:
    page = begun(opened, program)
    page.context.set_offline(True)
    form = page.locator("form.practice:has(input[type=radio])").first
    form.locator("input[type=radio]").first.check()
    form.get_by_role("button").click()
    expect(form).to_contain_text("Kept on this device")
    expect(page.locator("#offline")).to_be_visible()
    assert not PracticeAnswer.objects.exists()

    page.context.set_offline(False)
    wait_until(page, "(await waiting()).length === 0")
    page.reload()
    assert PracticeAnswer.objects.count() == 1
    expect(page.locator("form.practice:has(input[type=radio])").first.locator(".badge")).to_be_visible()


def test_signing_out_forgets_what_was_kept(program: Program, opened: Opener) -> None:
    page = begun(opened, program)
    page.get_by_text("Account", exact=True).first.click()
    with page.expect_navigation():
        page.get_by_role("button", name="Sign out").click()
    assert page.evaluate("async () => (await caches.keys()).filter((name) => name.startsWith('lessons-'))") == []


def test_an_assessment_is_never_kept(program: Program, opened: Opener) -> None:
    page = begun(opened, program)
    page.goto(f"{COURSE}assessment/")
    page.goto(COURSE)
    kept = page.evaluate(
        """async () => (await Promise.all((await caches.keys()).map(async (name) =>
            (await (await caches.open(name)).keys()).map((one) => one.url)))).flat()"""
    )
    assert len(kept) > 15
    assert not [url for url in kept if "/assessment/" in url]


# Some browsers (Firefox) tell the worker of headers by which pages vary and which it did not ask with itself.
ASKED_OTHERWISE = """async () => {
  const [name] = (await caches.keys()).filter((name) => name.startsWith("lessons-"));
  const cache = await caches.open(name);
  for (const {url} of await cache.keys()) {
    const copy = await cache.match(url);
    await cache.delete(url);
    await cache.put(new Request(url, {headers: {"Accept-Language": "tlh"}}), copy);
  }
}"""


def test_what_was_kept_is_found_whatever_else_a_page_varies_by(program: Program, opened: Opener) -> None:
    page = begun(opened, program)
    page.evaluate(ASKED_OTHERWISE)
    page.context.set_offline(True)
    page.goto(f"{COURSE}language-models/")
    expect(page.locator("#offline")).to_be_visible()
    expect(page.locator("form.practice").first).to_be_visible()
