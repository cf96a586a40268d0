"""Every page, in every role, on a phone and at a desk, light and dark: accessible, and as wide as the screen."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Response

from courses.catalogue.models import Course
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
        "/p/gb/learn/search/?q=publik servise",
        "/p/gb/courses/ai-foundations/",
        "/p/gb/courses/ai-foundations/language-models/",
        "/p/gb/courses/ai-foundations/documents/?language=hi",
        "/p/gb/courses/ai-foundations/numbers-and-tables/?language=zh-hans",
        "/p/gb/courses/ai-public-service/",
        "/p/gb/courses/ai-foundations/assessment/",
        "/p/gb/credentials/",
    ],
    "partner manager": ["/p/gb/returns/", "/p/gb/partners/demo-college/", "/p/gb/tokens/"],
    "program manager": [
        "/p/gb/",
        "/p/gb/ledger/",
        "/p/gb/ledger/revision/",
        "/p/gb/ledger/postings/",
        "/p/gb/authoring/",
        "/p/gb/returns/",
        "/p/gb/partners/",
        "/p/gb/partners/demo-college/",
        "/p/gb/quarantine/",
        "/p/gb/quarantine/rules/",
        "/p/gb/candidates/",
        "/p/gb/figures/",
        "/p/gb/tokens/",
    ],
    "author": ["/p/gb/authoring/"],
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


def take_an_assessment(page: Page) -> list[str]:
    """The pages that there are only on the way: practice that is judged, an attempt, its faults and its result."""
    page.goto("/p/gb/courses/ai-foundations/language-models/")
    question = page.locator("form.practice:has(input[type=radio])").first
    question.locator("input[type=radio]").first.check()
    question.get_by_role("button").click()
    question.locator(".badge").wait_for()
    faults = serious(page)
    page.goto("/p/gb/courses/ai-foundations/assessment/")
    page.locator("main form button[type=submit]").last.click()
    faults += serious(page)
    page.locator("#answers button[type=submit]:not([name])").last.click()
    page.get_by_role("alert").wait_for()
    faults += serious(page)
    page.locator("[name=final]").click()
    page.locator("ol.stack").wait_for()
    return faults + serious(page)


@pytest.mark.parametrize("role", PAGES)
@pytest.mark.parametrize(("viewport", "scheme"), [(PHONE, "dark"), (DESK, "light")], ids=["phone-dark", "desk-light"])
def test_pages_are_accessible_and_fit(
    program: Program, opened: Opener, role: str, viewport: dict[str, int], scheme: str
) -> None:
    page = opened("/", role=role, viewport=viewport, color_scheme=scheme)
    if role == "learner":
        begin_course(page)
    faults: list[str] = take_an_assessment(page) if role == "learner" else []
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


@pytest.mark.parametrize("language", ["en", "ta"])
def test_no_page_of_a_learner_weighs_a_hundred_kilobytes_without_its_pictures(
    program: Program, opened: Opener, language: str
) -> None:
    page = opened("/", role="learner")
    begin_course(page)
    sizes: dict[str, int] = {}

    def weigh(response: Response) -> None:
        if not response.url.endswith(".svg") and "/media/" not in response.url:
            sizes[response.url] = len(response.body())

    heavy = {}
    for lesson in Course.objects.get(code="ai-foundations").newest_version().outline:
        page.on("response", weigh)
        page.goto(f"/p/gb/courses/ai-foundations/{lesson['slug']}/?language={language}", wait_until="load")
        page.remove_listener("response", weigh)
        own = {url: size for url, size in sizes.items() if "/courses/" not in url or lesson["slug"] in url}
        if sum(own.values()) >= MOST_BYTES:
            heavy[lesson["slug"]] = own
        sizes.clear()
    assert heavy == {}
