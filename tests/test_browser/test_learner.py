"""A worker takes the course that ships, in a real browser, with and without JavaScript."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from courses.achievements.models import Achievement
from courses.catalogue.models import Question
from courses.catalogue.questions.answers import PLACED
from courses.catalogue.questions.texts import Kind
from courses.credentials.models import Credential
from courses.learning.models import Attempt
from programs.models import Program
from reporting.counting.models import Count
from reporting.counting.operations import settle
from tests.factories import NOW
from tests.test_browser.conftest import PHONE, Opener
from tests.test_learning.cast import right_places

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
        with page.expect_navigation():
            page.locator("form[data-offline=done] button").click()
        read += 1
        assert read < 20
    return read


def take_assessment(page: Page) -> None:
    """Begins the assessment and answers everything rightly."""
    page.locator("main form button[type=submit]").last.click()
    page.locator("#answers").wait_for()
    answer_all(page)
    page.locator("ol.stack").wait_for()


def answer_all(page: Page) -> None:
    for question, _ in Attempt.objects.get(submitted_at=None).questions():
        for name, value in fields_of(question).items():
            field = page.locator(f'[name="{name}"]')
            if question.kind in PLACED:
                field.evaluate("(list, place) => { list.value = place; }", str(value))
            elif not isinstance(value, list):
                field.fill(str(value))
            else:
                for place in value:
                    page.locator(f'[name="{name}"][value="{place}"]').check()
    page.locator("#answers button[type=submit]:not([name])").last.click()


def fields_of(question: Question) -> dict[str, str | int | list[int]]:
    """The fields of a question's form, with what is right."""
    name, texts = f"a-{question.key}", question.texts["en"]
    if question.kind in PLACED:
        return {**right_places(question)}
    if question.kind == Kind.TEXT:
        return {name: texts["accepts"][0]}
    if question.kind == Kind.NUMBER:
        return {name: str(question.right["value"])}  # type: ignore[index]
    return {name: [int(not question.right)] if question.kind == Kind.TRUE_FALSE else list(question.right)}  # type: ignore[arg-type]


@pytest.mark.parametrize("with_javascript", [True, False])
def test_a_worker_signs_up_passes_and_is_counted(
    program: Program, opened: Opener, complaints: list[str], keep_picture: KeepPicture, *, with_javascript: bool
) -> None:
    page = opened("/", viewport=PHONE, java_script_enabled=with_javascript)

    sign_up_and_start(page)
    if with_javascript:
        keep_picture(page, "lesson")
    assert read_all_lessons(page) == 16
    take_assessment(page)

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
    take_assessment(page)

    stranger = opened(f"/verify/{Credential.objects.get().code}/", java_script_enabled=False)

    keep_picture(stranger, "credential")
    expect(stranger.locator("main")).to_contain_text("AI foundations for work")
    expect(stranger.locator("main")).to_contain_text("Valid.")
    assert "worker@example.org" not in stranger.content()
    assert complaints == []


def test_a_form_sent_twice_is_one_attempt(program: Program, opened: Opener) -> None:
    page = opened("/start/gb/", role="learner")
    page.locator("main").get_by_role("button").first.click()
    page.goto("/p/gb/courses/ai-foundations/assessment/")
    take_assessment(page)
    expect(page.locator("h1")).to_have_text("You have passed")
    page.reload()
    expect(page.locator("h1")).to_have_text("You have passed", timeout=15_000)
    assert Attempt.objects.count() == 1
    assert Achievement.objects.count() == 1
    assert Credential.objects.count() == 1
