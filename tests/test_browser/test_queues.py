"""The queues of the demonstration in a real browser: decided by keys alone, searched anew, and with nothing left."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from config.demo.queues import ensure_queues
from courses.matching.models import AskedSearch, Candidate, Search
from courses.matching.operations import find_candidates_asked
from courses.returns.models import HeldRow
from courses.returns.operations import release_waiting_rows
from people.models import Particulars
from programs.models import Program
from tests.test_browser.conftest import DESK, PHONE, Opener
from tests.test_browser.test_every_page import serious

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
KeepPicture = Callable[[Page, str], None]
QUARANTINE, CANDIDATES = "/p/gb/quarantine/", "/p/gb/candidates/"


@pytest.fixture
def filled(program: Program) -> Program:
    ensure_queues(program, at=timezone.now() - timedelta(minutes=5))
    return program


def wait_for(page: Page, says: str) -> None:
    """Returns when it is said and htmx has done with the page: a key that is pressed before may be lost."""
    expect(page.locator("main [role=status]").first).to_contain_text(says)
    expect(page.locator(".htmx-request, .htmx-swapping, .htmx-settling, .htmx-added")).to_have_count(0)


def test_keys_alone_dismiss_release_and_undo(
    filled: Program, opened: Opener, complaints: list[str], keep_picture: KeepPicture
) -> None:
    page = opened(QUARANTINE, role="program manager")
    keep_picture(page, "quarantine")
    for key, says in (("d", "Dismissed"), ("r", "Released")):
        page.keyboard.press(key)
        wait_for(page, says)
    release_waiting_rows(at=timezone.now())
    assert HeldRow.objects.waiting(filled).count() == 95 - 34 - 22

    page.keyboard.press("u")
    wait_for(page, "Undone")

    assert HeldRow.objects.waiting(filled).count() == 95 - 34
    assert complaints == []


def test_the_last_decision_leaves_an_empty_queue(filled: Program, opened: Opener) -> None:
    page = opened(QUARANTINE, role="program manager")
    for left in range(9, -1, -1):
        page.keyboard.press("d")
        expect(page.locator("[aria-labelledby=groups] tbody tr")).to_have_count(left)
        wait_for(page, "Dismissed")
    expect(page.locator(".empty")).to_contain_text("Nothing waits for a decision.")


def test_a_search_is_asked_for_and_the_page_follows_it(filled: Program, opened: Opener, complaints: list[str]) -> None:
    page = opened(CANDIDATES, role="program manager")
    shown = page.locator("#candidate").inner_text()
    page.get_by_role("button", name="Search now").press("Enter")
    expect(page.locator("#searches")).to_contain_text("Searching")
    assert AskedSearch.objects.waiting().count() == 1

    find_candidates_asked(at=timezone.now())

    expect(page.locator("#searches")).to_contain_text("The search has ended.")
    expect(page.locator("#candidate")).to_have_text(shown)
    assert (Search.objects.count(), complaints) == (2, [])


def test_what_a_search_finds_comes_to_an_empty_page_by_itself(filled: Program, opened: Opener) -> None:
    Candidate.objects.all().delete()
    page = opened(CANDIDATES, role="program manager")
    expect(page.locator(".empty")).to_contain_text("Nobody waits")
    page.get_by_role("button", name="Search now").click()
    expect(page.locator("#searches")).to_contain_text("Searching")
    Particulars.objects.filter(name__contains="Blackwood").update(employer="Harbour Bakery")

    find_candidates_asked(at=timezone.now())

    expect(page.locator("#candidate")).to_be_focused()
    expect(page.locator("#review")).to_contain_text("Theodora Blackwood")


def test_a_search_is_asked_for_without_javascript(filled: Program, opened: Opener) -> None:
    page = opened(CANDIDATES, role="program manager", java_script_enabled=False)
    page.get_by_role("button", name="Search now").click()
    expect(page.locator("#searches")).to_contain_text("Searching")


@pytest.mark.parametrize(("viewport", "scheme"), [(PHONE, "dark"), (DESK, "light")], ids=["phone-dark", "desk-light"])
def test_filled_queues_are_accessible_and_fit(
    filled: Program, opened: Opener, viewport: dict[str, int], scheme: str, keep_picture: KeepPicture
) -> None:
    page = opened(CANDIDATES, role="program manager", viewport=viewport, color_scheme=scheme)
    if viewport == DESK:
        keep_picture(page, "candidates")
    faults = serious(page)
    for path, key in ((QUARANTINE, "d"), (CANDIDATES, "s")):
        page.goto(path)
        page.keyboard.press(key)
        wait_for(page, "Dismissed" if key == "d" else "Merged")
        faults += serious(page)
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            faults.append(f"{path} scrolls sideways")
    assert faults == []


def test_both_persons_of_a_candidate_are_seen_at_once_on_a_phone(filled: Program, opened: Opener) -> None:
    page = opened(CANDIDATES, role="program manager", viewport=PHONE)
    table = page.locator(".sides")
    assert table.evaluate("table => table.scrollWidth <= table.parentElement.clientWidth")
