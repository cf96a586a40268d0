"""What was done offline, and how it comes back: after signing in again, and never for somebody else."""

import pytest
from playwright.sync_api import Page, expect

from courses.catalogue.models import Course
from courses.learning.models import LessonDone, PracticeAnswer
from courses.learning.operations import begin_course
from people.models import Person
from people.operations import person_of_user
from programs.models import Program
from tests.factories import NOW, UserFactory
from tests.test_browser.conftest import PHONE, Opener, sign_in
from tests.test_browser.test_offline import COURSE, KEPT, begun, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LEARNER = "learner@demo.example"
NOTHING_WAITS = "(await waiting()).length === 0"
# What somebody on the same page would do by hand, without leaving it.
SEND = "await sendAll().then(() => true)"


def done_offline(page: Page) -> None:
    """The first lesson, done without a connection; another is shown afterwards."""
    page.context.set_offline(True)
    with page.expect_navigation():
        page.locator("form[data-offline=done] button").click()
    wait_until(page, "(await waiting()).length === 1")


def test_what_was_done_offline_is_sent_after_signing_in_again(program: Program, opened: Opener) -> None:
    page = begun(opened, program)
    done_offline(page)
    page.context.clear_cookies()
    page.context.set_offline(False)
    page.goto(COURSE)
    assert "/accounts/login/" in page.url
    assert not LessonDone.objects.exists()

    sign_in(page, LEARNER)
    page.goto(COURSE)
    wait_until(page, NOTHING_WAITS)
    assert LessonDone.objects.count() == 1


def test_what_was_done_offline_is_never_recorded_for_who_signs_in_next(program: Program, opened: Opener) -> None:
    other = UserFactory.create(email="other@demo.example")
    person = person_of_user(program, other, at=NOW)
    begin_course(person, Course.objects.get(program=program, code="ai-foundations"), at=NOW)
    page = begun(opened, program)
    done_offline(page)
    page.context.clear_cookies()
    page.context.set_offline(False)

    second = page.context.new_page()
    sign_in(second, other.email)
    wait_until(page, SEND)  # the first reader's page, in the second reader's session
    second.goto(COURSE)
    wait_until(second, SEND)
    assert not LessonDone.objects.exists()

    wait_until(second, f"{KEPT} > 16")  # else the browser still asks for pages while it has no cookies
    second.context.clear_cookies()
    sign_in(second, LEARNER)
    second.goto(COURSE)
    wait_until(second, NOTHING_WAITS)
    assert LessonDone.objects.get().enrolment.person.user.email == LEARNER


def test_what_the_server_cannot_take_does_not_hold_up_the_rest(program: Program, opened: Opener) -> None:
    page = begun(opened, program)
    done_offline(page)
    lesson = page.url.removeprefix(page.url.split("/p/")[0])
    for url in (
        f"{COURSE}none/",
        COURSE.replace("ai-foundations", "ai-small-business") + "first/",
        f"{lesson}practice/x/",
    ):
        page.evaluate("async ([owner, url]) => store('readwrite', (box) => box.add({owner, url, body: ''}))",
                      [page.locator("#offline").get_attribute("data-owner"), url])  # fmt: skip
    page.context.set_offline(False)
    page.goto(COURSE)
    wait_until(page, NOTHING_WAITS)
    assert LessonDone.objects.count() == 1


def test_an_answer_to_practice_survives_a_session_that_is_over(
    program: Program, opened: Opener, complaints: list[str]
) -> None:
    page = begun(opened, program)
    page.context.clear_cookies()
    form = page.locator("form.practice:has(input[type=radio])").first
    form.locator("input[type=radio]").first.check()
    with page.expect_navigation():
        form.get_by_role("button").click()
    page.wait_for_url("**/accounts/login/**")
    sign_in(page, LEARNER)
    page.goto(COURSE)
    wait_until(page, NOTHING_WAITS)
    assert PracticeAnswer.objects.count() == 1
    complaints.clear()  # the browser's own remark on the refusal


def test_a_browser_that_keeps_nothing_sends_what_is_done_at_once(program: Program, opened: Opener) -> None:
    page = opened("/", viewport=PHONE)
    page.add_init_script(
        "Object.defineProperty(window, 'indexedDB', {value: {open() { throw new Error('private'); }}})"
    )
    sign_in(page, LEARNER)
    person = Person.objects.get(program=program, user__email=LEARNER)
    begin_course(person, Course.objects.get(program=program, code="ai-foundations"), at=NOW)
    page.goto(f"{COURSE}what-ai-is/")
    with page.expect_navigation():
        page.locator("form[data-offline=done] button").click()
    page.wait_for_load_state()
    assert LessonDone.objects.count() == 1


def test_signing_out_says_once_what_would_be_lost(program: Program, opened: Opener) -> None:
    page = begun(opened, program)
    done_offline(page)
    sign_out(page)
    expect(page.locator("#offline")).to_contain_text("is not sent yet")
    assert "/courses/" in page.url


def test_signing_out_sends_what_waits(program: Program, opened: Opener) -> None:
    page = begun(opened, program)
    body = "async ([owner, url]) => { await store('readwrite', (box) => box.add({owner, url, body: 'language=en'})); }"
    path = page.url.removeprefix(page.url.split("/p/")[0])
    page.evaluate(body, [page.locator("#offline").get_attribute("data-owner"), path])
    sign_out(page)
    page.wait_for_url(lambda url: "/courses/" not in url)
    assert LessonDone.objects.count() == 1


def sign_out(page: Page) -> None:
    page.locator("header summary", has_text="Account").click()
    page.get_by_role("button", name="Sign out").click()
