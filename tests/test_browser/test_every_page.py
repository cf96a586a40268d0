"""Every page, in every role, on a phone and at a desk, light and dark: accessible, and as wide as the screen."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from programs.models import Program
from tests.test_browser.conftest import DESK, PHONE, Opener

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
KeepPicture = Callable[[Page, str], None]
PAGES = {
    "": [
        "/",
        "/start/gb/",
        "/accounts/login/",
        "/accounts/signup/",
        "/accounts/password/reset/",
        "/verify/",
        "/nowhere/",
    ],
    "learner": [
        "/",
        "/p/gb/learn/",
        "/p/gb/learn/about-me/",
        "/p/gb/courses/ai-first-steps/",
        "/p/gb/courses/ai-first-steps/asking-well/",
        "/p/gb/courses/ai-first-steps/assessment/",
        "/p/gb/credentials/",
    ],
    "partner manager": ["/p/gb/returns/", "/p/gb/partners/demo-college/", "/p/gb/tokens/"],
    "program manager": [
        "/p/gb/",
        "/p/gb/ledger/",
        "/p/gb/ledger/revision/",
        "/p/gb/ledger/postings/",
        "/p/gb/returns/",
        "/p/gb/partners/",
        "/p/gb/partners/demo-college/",
        "/p/gb/quarantine/",
        "/p/gb/quarantine/rules/",
        "/p/gb/candidates/",
        "/p/gb/figures/",
        "/p/gb/tokens/",
    ],
    "ministry": ["/p/gb/figures/", "/p/gb/tokens/"],
    "operator": ["/", "/p/gb/", "/p/gb/ledger/"],
}
MOST_BYTES = 100_000


def serious(page: Page) -> list[str]:
    """What axe-core calls serious or critical."""
    found = Axe().run(page).response["violations"]
    return [
        f"{page.url}: {fault['id']} {[node['html'][:120] for node in fault['nodes']][:3]}"
        for fault in found
        if fault["impact"] in ("serious", "critical")
    ]


def begin_course(page: Page) -> None:
    page.goto("/start/gb/")
    page.locator("main").get_by_role("button").first.click()


@pytest.mark.parametrize("role", PAGES)
@pytest.mark.parametrize(("viewport", "scheme"), [(PHONE, "dark"), (DESK, "light")], ids=["phone-dark", "desk-light"])
def test_pages_are_accessible_and_fit(
    program: Program, opened: Opener, role: str, viewport: dict[str, int], scheme: str
) -> None:
    page = opened("/", role=role, viewport=viewport, color_scheme=scheme)
    if role == "learner":
        begin_course(page)
    faults: list[str] = []
    for path in PAGES[role]:
        page.goto(path)
        faults += serious(page)
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            faults.append(f"{path} scrolls sideways")
    assert faults == []


def test_the_first_page_is_small_with_everything_it_loads(
    program: Program, opened: Opener, keep_picture: KeepPicture
) -> None:
    page = opened("/nowhere/")
    sizes: dict[str, int] = {}
    page.on("response", lambda response: sizes.update({response.url: len(response.body())}))
    page.goto("/", wait_until="networkidle")

    keep_picture(page, "home")
    assert len(sizes) >= 3, "the page, its stylesheet and its script"
    assert sum(sizes.values()) < MOST_BYTES, sizes
    assert {url.split("/")[2] for url in sizes} == {page.url.split("/")[2]}, "nothing comes from elsewhere"
