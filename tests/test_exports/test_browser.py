"""In a real browser, under the content security policy that we ship."""

import pytest
from playwright.sync_api import ConsoleMessage, Page
from pytest_django.live_server_helper import LiveServer

pytestmark = pytest.mark.browser


@pytest.fixture
def complaints(page: Page) -> list[str]:
    """What the browser has complained about."""
    found: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            found.append(message.text)

    page.on("console", hear)
    page.on("pageerror", lambda error: found.append(str(error)))
    return found


@pytest.mark.django_db(transaction=True)
def test_the_description_of_the_api_can_be_read_in_a_browser(
    live_server: LiveServer, page: Page, complaints: list[str]
) -> None:
    page.goto(f"{live_server.url}/api/docs/")
    page.locator(".opblock").first.wait_for()
    page.locator(".opblock-summary-control", has_text="figures/").click()
    page.get_by_text("fewer than 5").first.wait_for()
    assert page.locator(".opblock").count() == 6  # two of figures, four of returns
    assert complaints == []
