"""A worker takes the course that ships, in a real browser, with and without JavaScript."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from courses.achievements.models import Achievement
from courses.catalogue.models import Question
from courses.credentials.models import Credential
from programs.models import Program
from reporting.counting.models import Count
from reporting.counting.operations import settle
from tests.factories import NOW
from tests.test_browser.conftest import PHONE, Opener

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
KeepPicture = Callable[[Page, str], None]


def sign_up_and_start(page: Page) -> None:
    page.locator(".card", has_text="United Kingdom").get_by_role("link", name="Start here").click()
    page.locator("main").get_by_role("link", name="Create an account").click()
    page.get_by_label("Email").fill("worker@example.org")
    page.get_by_label("Password", exact=True).fill("a long secret phrase")
    page.locator("main").get_by_role("button").click()
    page.get_by_role("button", name="Join and begin the course").click()


def read_all_lessons(page: Page) -> int:
    read = 0
    while "/assessment/" not in page.url:
        page.locator("main form").last.get_by_role("button").click()
        read += 1
        assert read < 20
    return read


def answer_all(page: Page) -> None:
    for question in Question.objects.all():
        group = page.locator(f"#question-{question.number}")
        for position in question.right:
            group.get_by_label(question.choices[position], exact=True).check()
    page.get_by_role("button", name="Send my answers").click()


@pytest.mark.parametrize("with_javascript", [True, False])
def test_a_worker_signs_up_passes_and_is_counted(
    program: Program, opened: Opener, complaints: list[str], keep_picture: KeepPicture, *, with_javascript: bool
) -> None:
    page = opened("/", viewport=PHONE, java_script_enabled=with_javascript)

    sign_up_and_start(page)
    if with_javascript:
        keep_picture(page, "lesson")
    assert read_all_lessons(page) == 5
    answer_all(page)

    expect(page.locator("h1")).to_have_text("You have passed")
    assert Achievement.objects.count() == Credential.objects.count() == 1
    settle(clock=lambda: NOW)
    assert Count.objects.get(measure_version__measure__code="ai-skills", grouping="day-region").people == 1
    assert complaints == []


def test_anybody_can_verify_the_credential(
    program: Program, opened: Opener, complaints: list[str], keep_picture: KeepPicture
) -> None:
    page = opened("/")
    sign_up_and_start(page)
    read_all_lessons(page)
    answer_all(page)

    stranger = opened(f"/verify/{Credential.objects.get().code}/", java_script_enabled=False)

    keep_picture(stranger, "credential")
    expect(stranger.locator("main")).to_contain_text("Working with AI: first steps")
    expect(stranger.locator("main")).to_contain_text("Valid.")
    assert "worker@example.org" not in stranger.content()
    assert complaints == []


def test_a_form_sent_twice_is_one_attempt(program: Program, opened: Opener) -> None:
    page = opened("/p/gb/courses/ai-first-steps/", role="learner")
    page.goto("/start/gb/")
    page.locator("main").get_by_role("button").first.click()
    page.goto("/p/gb/courses/ai-first-steps/assessment/")
    for _ in range(2):
        expect(page.locator("h1")).to_have_text("Assessment")
        answer_all(page)
        expect(page.locator("h1")).to_have_text("You have passed")
        page.go_back()

    assert Achievement.objects.count() == 1
    assert Credential.objects.count() == 1
