"""An assessment on a poor connection: nothing that was answered is lost, nothing is sent twice, and it is said."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from courses.achievements.models import Achievement
from courses.catalogue.models import Course
from courses.learning.models import Attempt
from courses.learning.operations import begin_course, open_attempt
from people.models import Person
from programs.models import Program
from tests.factories import NOW
from tests.test_browser import bakery
from tests.test_browser.conftest import PHONE, Opener

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CUTS = 20


@pytest.fixture
def page(country: Program, opened: Opener, tmp_path: Path) -> Page:
    """The learner's attempt at the bakery's assessment; its clock goes on when the test says so."""
    from django.utils import timezone

    bakery.publish(tmp_path)
    person = Person.objects.get(program=country, user__email="learner@demo.example")
    enrolment = begin_course(person, Course.objects.get(program=country, code="bakery"), at=NOW)
    attempt = open_attempt(enrolment, at=timezone.now())
    page = opened("/", role="learner", viewport=PHONE)
    page.clock.install()
    page.goto(f"{bakery.COURSE}assessment/{attempt.form_key}/")
    return page


def lose_the_answer(route: Route) -> None:
    """The server does what it was asked for; the browser never hears of it."""
    route.fetch()
    route.abort()


def saved(name: str) -> object:
    return Attempt.objects.get().answers.get(name)


def test_every_answer_is_saved_while_the_network_is_cut_twenty_times(page: Page) -> None:
    said = page.locator("[data-said]")
    for cut in range(CUTS):
        if cut % 2:
            page.route("**/assessment/**", lose_the_answer, times=1)
        page.context.set_offline(cut % 2 == 0)
        page.locator("[name=a-q-number]").fill(str(480 + cut))
        page.clock.fast_forward(1000)
        expect(said).to_contain_text("Not saved yet")
        page.context.set_offline(False)
        page.clock.fast_forward(5000)
        expect(said).to_have_text("Saved.")
        assert saved("q-number") == str(480 + cut)
    assert Attempt.objects.count() == 1


def test_sending_without_a_connection_keeps_the_page_and_its_answers(page: Page) -> None:
    page.locator("[name=a-q-text]").fill("Yeast")
    page.context.set_offline(True)
    page.locator("#answers button[type=submit]:not([name], [tabindex])").click()
    page.clock.fast_forward(10)
    expect(page.locator("[data-said]")).to_contain_text("Not saved yet")
    expect(page.locator("[name=a-q-text]")).to_have_value("Yeast")

    page.context.set_offline(False)
    page.clock.fast_forward(5000)
    expect(page.locator("[data-said]")).to_have_text("Saved.")
    assert saved("q-text") == "Yeast"


def test_an_attempt_whose_result_never_arrived_is_judged_once(page: Page) -> None:
    address = page.url
    page.get_by_label("Rye", exact=True).first.check()
    page.locator("#answers button[type=submit]:not([name], [tabindex])").click()
    page.get_by_role("alert").wait_for()
    page.route("**/assessment/**", lose_the_answer, times=1)
    page.get_by_role("button", name="Send it all the same").click(no_wait_after=True)
    page.wait_for_timeout(500)

    page.goto(address)
    expect(page.locator("h1")).to_have_text("Not passed yet")
    assert Attempt.objects.get().submitted_at is not None
    assert not Achievement.objects.exists()


def test_who_was_signed_out_is_not_told_that_answers_are_saved(page: Page) -> None:
    page.context.clear_cookies(name="sessionid")
    page.locator("[name=a-q-text]").fill("Yeast")
    page.clock.fast_forward(1000)
    expect(page.locator("[data-said]")).to_contain_text("Not saved yet")
    assert saved("q-text") is None


def test_five_minutes_before_the_end_it_is_said_once_and_politely(page: Page) -> None:
    said = page.get_by_role("status").last
    page.clock.fast_forward(24 * 60 * 1000)
    expect(said).to_have_text("")
    page.clock.fast_forward(70 * 1000)
    expect(said).to_have_text("Five minutes are left.")
