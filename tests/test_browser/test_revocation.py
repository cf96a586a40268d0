"""The judge's case in a real browser: a provider is revoked by two people, the count follows, and it is undone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from courses.achievements.operations import carry_out_waiting_mass_revocations
from programs.models import Program
from reporting.counting.clock import database_now
from reporting.counting.operations import recount, settle
from tests.open_university import PROVIDERS, content_of, needs_the_data, send
from tests.test_browser.conftest import Opener

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), needs_the_data]
KeepPicture = Callable[[Page, str], None]
LEDGER = "/p/gb/ledger/?measure=open-university"
REVISION = "/p/gb/ledger/revision/?measure=open-university"


def work() -> None:
    """What the workers do every few seconds."""
    carry_out_waiting_mass_revocations(at=database_now())
    settle(clock=database_now)


def approve(opened: Opener, role: str) -> None:
    page = opened("/p/gb/revocations/", role=role)
    page.locator("main").get_by_role("link", name="Open University").first.click()
    page.get_by_label("I have checked").check()
    page.locator("button[value=approve]").click()
    work()


def test_two_people_revoke_a_provider_and_undo_it(
    program: Program, opened: Opener, complaints: list[str], keep_picture: KeepPicture
) -> None:
    for provider in PROVIDERS:
        send(program, provider, content_of(provider))
    settle(clock=database_now)
    before = database_now()

    page = opened("/p/gb/revocations/", role="program manager")
    page.get_by_label("Partner").select_option(label="Open University module FFF")
    page.get_by_label("First day").fill("2013-01-01")
    page.get_by_label("Last day").fill("2015-12-31")
    page.get_by_label("Reason").fill("Exams were not supervised.")
    page.get_by_role("button", name="Show how many").click()
    page.get_by_role("button", name="Propose it").click()
    approve(opened, "second program manager")

    page = opened(LEDGER, role="program manager")
    expect(page.locator(".figure").first).to_have_text("11,128")
    page.goto(REVISION)
    expect(page.locator("main")).to_contain_text("3,453")
    page.set_viewport_size({"width": 1280, "height": 1600})
    keep_picture(page, "revision")

    page.goto("/p/gb/revocations/")
    page.locator("main").get_by_role("link", name="Open University").first.click()
    page.get_by_label("Why is it undone?").fill("They were supervised.")
    page.get_by_role("button", name="Propose to undo it").click()
    approve(opened, "second program manager")

    page.goto(LEDGER)
    expect(page.locator(".figure").first).to_have_text("14,581")
    page.goto(f"{LEDGER}&as_of={before.strftime('%Y-%m-%dT%H:%M:%S.%fZ')}")
    expect(page.locator(".figure").first).to_have_text("14,581")
    keep_picture(page, "ledger")
    assert recount(program, at=database_now()).differences == 0
    assert complaints == []
