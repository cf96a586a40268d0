"""The United Kingdom's program as it ships, a cast with one role each, and a Chromium."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from config.demo.accounts import CAST, ensure_cast
from programs.models import Partner, Program
from tests.database import copied
from tests.factories import NOW, PASSWORD
from tests.leaving import leave

SCREENSHOTS = Path(settings.BASE_DIR) / "docs" / "screenshots"
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
Opener = Callable[..., Page]


def make_country() -> None:
    root = Path(settings.BASE_DIR)
    call_command("load_country", str(root / "platform/programs/countries/gb.toml"), verbosity=0)
    program = Program.objects.get(code="gb")
    Partner.objects.create(program=program, code="demo-college", name="Example College", kind="provider")
    ensure_cast([program], password=PASSWORD, at=NOW)


def make_program() -> None:
    make_country()
    call_command("load_courses", verbosity=0)
    profiles = sorted((Path(settings.BASE_DIR) / "courses/returns/profiles").glob("*.toml"))
    call_command("load_profile", *map(str, profiles), verbosity=0)


@pytest.fixture
def country(transactional_db: None) -> Program:
    """The program with its cast, and without courses: a test brings its own."""
    copied(make_country)
    return Program.objects.get()


@pytest.fixture
def program(transactional_db: None) -> Program:
    """The same with the courses and return profiles that ship."""
    copied(make_program)
    return Program.objects.get()


@pytest.fixture
def complaints() -> list[str]:
    """What the browser has complained about, in any page of the test."""
    return []


@pytest.fixture
def opened(browser: Browser, live_server: LiveServer, complaints: list[str]) -> Iterator[Opener]:
    """Opens a page in a fresh browser context, in a session of the one of the cast who has the `role`, if one is given.

    Who signs in by the form says so with `sign_in`.
    Nothing goes on in the background, unless a test says `service_workers="allow"`; all is closed before the tables are
    emptied.
    """
    contexts: list[BrowserContext] = []

    def hear(message: ConsoleMessage) -> None:
        is_ours = "registration blocked by Playwright" not in message.text
        if is_ours and message.type in ("error", "warning"):
            complaints.append(f"{message.text} ({message.location.get('url')})")

    def open_page(path: str = "/", *, role: str = "", viewport: dict[str, int] = DESK, **context: object) -> Page:
        given: dict[str, Any] = {"service_workers": "block", **context}
        contexts.append(browser.new_context(base_url=live_server.url, viewport=viewport, **given))  # type: ignore[arg-type]
        page = contexts[-1].new_page()
        page.set_default_timeout(15_000)
        page.on("console", hear)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        if role:
            give_session(contexts[-1], role, live_server.url)
        page.goto(path)
        return page

    yield open_page
    leave(contexts)


def give_session(context: BrowserContext, role: str, address: str) -> None:
    client, name = Client(), settings.SESSION_COOKIE_NAME
    client.force_login(User.objects.get(email=next(account.email for account in CAST if account.who == role)))
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": address, "httpOnly": True}])


def sign_in(page: Page, email: str) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.locator("main").get_by_role("button", name="Sign in").click()
    page.get_by_text("Account", exact=True).first.wait_for()


@pytest.fixture
def keep_picture(request: pytest.FixtureRequest) -> Callable[[Page, str], None]:
    """Keeps a picture for the README when the run was asked to: pytest tests/test_browser --screenshots."""

    def keep(page: Page, name: str) -> None:
        if request.config.getoption("--screenshots"):
            SCREENSHOTS.mkdir(exist_ok=True)
            page.screenshot(path=SCREENSHOTS / f"{name}.png")

    return keep
