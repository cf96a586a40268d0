"""What only a browser can tell: pages that fit a phone, that assistive technology can use, that obey our own CSP."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from programs.models import Role
from tests.factories import PASSWORD, MembershipFactory, TargetFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGES = ["/", "/accounts/login/", "/accounts/signup/", "/accounts/password/reset/", "/no/such/page/"]


def faults(page: Page) -> list[str]:
    """What axe-core calls serious or critical."""
    found = Axe().run(page).response["violations"]
    return [
        f"{fault['id']}: {fault['nodes'][0]['html']}" for fault in found if fault["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_use_the_public_pages(browser: Browser, live_server: LiveServer, scheme: str) -> None:
    TargetFactory.create()
    page = browser.new_page(color_scheme=scheme)  # type: ignore[arg-type]
    found = {}
    for address in PAGES:
        page.goto(f"{live_server.url}{address}")
        found[address] = faults(page)
    page.close()
    assert found == {address: [] for address in PAGES}


def test_the_public_pages_fit_the_narrowest_phone(page: Page, live_server: LiveServer) -> None:
    TargetFactory.create()
    page.set_viewport_size({"width": 320, "height": 600})
    wide = []
    for address in PAGES:
        page.goto(f"{live_server.url}{address}")
        wide += [address] if page.evaluate("document.documentElement.scrollWidth") > 320 else []
    assert wide == []


def test_no_page_breaks_our_own_content_security_policy(page: Page, live_server: LiveServer) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(f"{live_server.url}/")
    assert page.evaluate("htmx.config.includeIndicatorStyles") is False
    assert said == []


def test_a_user_signs_in_finds_their_pages_and_signs_out(page: Page, live_server: LiveServer) -> None:
    user = MembershipFactory.create(role=Role.LEARNER).user
    page.goto(f"{live_server.url}{reverse('account_login')}")
    page.get_by_label("Email").fill(user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="Learn in Ruritania Learns").click()
    assert faults(page) == []
    page.get_by_text("Account", exact=True).click()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("link", name="Sign in").wait_for()


def test_the_first_thing_the_keyboard_reaches_skips_to_the_content(page: Page, live_server: LiveServer) -> None:
    page.goto(f"{live_server.url}/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
