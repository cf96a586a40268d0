"""An assessment with a time limit on a slow connection: the newest answers win, and the end of the time judges them."""

from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, Route, expect

from courses.catalogue.models import Course
from courses.learning.models import Attempt
from courses.learning.operations import begin_course, open_attempt
from people.models import Person
from programs.models import Program
from tests.factories import NOW
from tests.test_browser import bakery
from tests.test_browser.conftest import PHONE, Opener

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def attempt_page(program: Program, opened: Opener, folder: Path) -> Page:
    """The learner's attempt at the bakery's assessment; its clock goes on when the test says so."""
    bakery.publish(folder)
    person = Person.objects.get(program=program, user__email="learner@demo.example")
    enrolment = begin_course(person, Course.objects.get(program=program, code="bakery"), at=NOW)
    attempt = open_attempt(enrolment, at=timezone.now())
    page = opened("/", role="learner", viewport=PHONE)
    page.clock.install()
    page.goto(f"{bakery.COURSE}assessment/{attempt.form_key}/")
    return page


def test_when_the_time_is_over_what_is_answered_is_judged_and_the_result_is_shown(
    program: Program, opened: Opener, tmp_path: Path
) -> None:
    page = attempt_page(program, opened, tmp_path)
    page.locator("[name=a-q-text]").fill("Yeast")
    page.clock.fast_forward(31 * 60 * 1000)
    expect(page.locator("h1")).to_have_text("Not passed yet")
    attempt = Attempt.objects.get()
    assert (attempt.right, attempt.answers["q-text"]) == (1, "Yeast")


def test_newer_answers_wait_until_the_older_ones_have_arrived(program: Program, opened: Opener, tmp_path: Path) -> None:
    page = attempt_page(program, opened, tmp_path)
    held: list[Route] = []

    def hold_the_first(route: Route) -> None:
        held.append(route)
        if len(held) > 1:
            route.continue_()

    page.route("**/assessment/**", hold_the_first)
    for text in ("Yeas", "Yeast"):
        page.locator("[name=a-q-text]").fill(text)
        page.clock.fast_forward(2000)
        page.wait_for_timeout(300)
    assert len(held) == 1
    held[0].continue_()
    expect(page.locator("[data-said]")).to_have_text("Saved.")
    for _ in range(50):
        if Attempt.objects.get().answers.get("q-text") == "Yeast":
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"the newest answers did not arrive: {Attempt.objects.get().answers}")
