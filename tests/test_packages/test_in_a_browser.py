"""Packages played in a Chromium: to completion, after a killed tab, without a connection, and in other windows."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as django_settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, FrameLocator, Page, expect
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from courses.achievements.models import Achievement
from courses.packages.models import PackageState
from programs.models import Evidence
from tests.leaving import leave
from tests.test_packages import pages
from tests.test_packages.making import cmi5, scorm_12, scorm_2004
from tests.test_packages.world import Player, player

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WAIT = 15_000  # milliseconds


@dataclass
class Screen:
    """The page of a lesson, as its learner sees it."""

    who: Player
    page: Page

    @property
    def package(self) -> FrameLocator:
        return self.page.frame_locator("iframe[data-package]").frame_locator("#content")

    @property
    def state(self) -> FrameLocator:
        return self.page.frame_locator("iframe[data-package]")

    def expect_package(self, text: str) -> None:
        expect(self.package.locator("#page")).to_have_text(text, timeout=WAIT)

    def expect_state(self, state: str) -> None:
        expect(self.state.locator("#state")).to_have_attribute("data-state", state, timeout=WAIT)

    def press(self, name: str) -> None:
        self.package.get_by_role("button", name=name).click()


Opener = Callable[[Player], Screen]


@pytest.fixture
def hosts(live_server: LiveServer, settings: Settings, packages_host: None) -> str:
    """The two hosts of one server; answers the address of the pages."""
    settings.SITE_URL = live_server.url
    settings.PACKAGES_URL = f"http://127.0.0.1:{urlsplit(live_server.url).port}"
    return live_server.url


@pytest.fixture
def opened(browser: Browser, hosts: str) -> Iterator[Opener]:
    """Opens the first lesson in a browser of the learner's."""
    contexts: list[BrowserContext] = []

    def open_lesson(who: Player) -> Screen:
        context = browser.new_context(base_url=hosts)
        contexts.append(context)
        sign_in(context, who.client, hosts)
        page = context.new_page()
        page.set_default_timeout(WAIT)
        page.goto(who.page())
        return Screen(who, page)

    yield open_lesson
    leave(contexts)


def sign_in(context: BrowserContext, client: Client, address: str) -> None:
    """Gives the browser the session that the test client has."""
    name = django_settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": address, "httpOnly": True}])


def learner(files: Mapping[str, bytes | str]) -> Player:
    return player(files)


def is_completed(who: Player) -> bool:
    achievement = Achievement.objects.filter(person=who.enrolment.person).first()
    assert achievement is None or achievement.evidence == Evidence.COMPLETED
    return achievement is not None


def test_a_scorm_1_2_package_is_played_killed_resumed_and_passed(opened: Opener) -> None:
    who = learner(scorm_12(("index.html", pages.SCORM_12)))
    screen = opened(who)
    screen.expect_package("Page 1, ab-initio, Learner")
    screen.press("Next")
    screen.press("Next")
    screen.expect_state("saved")
    screen.page.close(run_before_unload=False)

    again = opened(who)
    again.expect_package("Page 3, resume, Learner")
    again.press("Pass")
    again.expect_state("ended")
    expect(again.page.get_by_text("Done", exact=True)).to_be_visible()
    expect(again.page.get_by_text("Best score: 92")).to_be_visible()
    state = PackageState.objects.get()
    assert (state.is_passed, state.score, state.seconds, state.launched) == (True, Decimal(92), Decimal(300), 2)
    assert is_completed(who)


def test_a_scorm_2004_package_of_two_items_is_played_killed_resumed_and_completed(opened: Opener) -> None:
    who = learner(scorm_2004(("one.html", pages.SCORM_2004), ("two.html", pages.SCORM_2004)))
    screen = opened(who)
    screen.expect_package("Page 1, ab-initio")
    screen.press("Next")
    screen.expect_state("saved")
    screen.page.close(run_before_unload=False)

    again = opened(who)
    again.expect_package("Page 2, resume")
    again.press("Complete")
    again.expect_state("ended")
    assert not is_completed(who)

    again.page.goto(who.page(who.lessons()[1]))
    again.expect_package("Page 1, ab-initio")
    again.press("Complete")
    again.expect_state("ended")
    expect(again.page.get_by_role("link", name="To the course")).to_be_visible()
    assert is_completed(who)


def test_a_cmi5_package_is_played_killed_resumed_and_passed(opened: Opener) -> None:
    who = learner(cmi5(("index.html", pages.CMI5), moveOn="CompletedAndPassed", masteryScore="0.8"))
    screen = opened(who)
    screen.expect_package("Page 1, Normal")
    screen.press("Next")
    screen.expect_package("Page 2, Normal")
    screen.page.close(run_before_unload=False)

    again = opened(who)
    again.expect_package("Page 2, Normal")
    again.press("Pass")
    expect(again.package.get_by_text("This lesson has ended")).to_be_visible(timeout=WAIT)
    expect(again.page.get_by_text("Done", exact=True)).to_be_visible(timeout=WAIT)
    state = PackageState.objects.get()
    assert (state.is_completed, state.is_passed, state.score, state.seconds) == (True, True, Decimal(90), Decimal(60))
    assert is_completed(who)


def test_a_package_that_opens_a_window_of_its_own_finds_the_interface_in_its_opener(opened: Opener) -> None:
    who = learner(scorm_12(("index.html", pages.OPENER)) | {"course.html": pages.SCORM_12})
    screen = opened(who)
    with screen.page.context.expect_page() as popup:
        screen.press("Open")
    course = popup.value
    expect(course.locator("#page")).to_have_text("Page 1, ab-initio, Learner", timeout=WAIT)
    course.get_by_role("button", name="Pass").click()
    screen.expect_state("ended")
    assert is_completed(who)


@pytest.mark.parametrize("place", ["parent.API", "parent.parent.API || parent.API"])
def test_a_package_that_looks_in_one_window_only_finds_the_interface(opened: Opener, place: str) -> None:
    """The window around it, or a frame deeper: the second page is inside a frame of the package's own."""
    item = f"<p id=page></p><script>var api = {place}; document.getElementById('page').textContent ="
    item += " api.LMSInitialize('') + ' ' + api.LMSGetValue('cmi.core.lesson_mode');</script>"
    is_deeper = "parent.parent" in place
    index = '<iframe id="inner" src="item.html"></iframe>' if is_deeper else item
    screen = opened(learner(scorm_12(("index.html", index)) | {"item.html": item}))
    found = screen.package.frame_locator("#inner") if is_deeper else screen.package
    expect(found.locator("#page")).to_have_text("true normal", timeout=WAIT)


def test_a_package_that_looks_in_the_outermost_window_works_in_a_window_of_its_own(opened: Opener) -> None:
    item = "<p id=page></p><script>document.getElementById('page').textContent = top.API.LMSInitialize('');</script>"
    screen = opened(learner(scorm_12(("index.html", item))))
    with screen.page.context.expect_page() as popup:
        screen.page.get_by_role("link", name="in a window of its own").click()
    expect(popup.value.frame_locator("#content").locator("#page")).to_have_text("true", timeout=WAIT)


def test_a_lesson_can_be_opened_in_a_window_of_its_own(opened: Opener) -> None:
    who = learner(scorm_12(("index.html", pages.SCORM_12)))
    screen = opened(who)
    screen.expect_package("Page 1, ab-initio, Learner")
    with screen.page.context.expect_page() as popup:
        screen.page.get_by_role("link", name="in a window of its own").click()
    content = popup.value.frame_locator("#content")
    content.get_by_role("button", name="Pass").click()
    expect(popup.value.locator("#state")).to_have_attribute("data-state", "ended", timeout=WAIT)
    assert is_completed(who)


def test_what_is_set_without_a_connection_arrives_when_there_is_one_again(opened: Opener) -> None:
    who = learner(scorm_12(("index.html", pages.SCORM_12)))
    screen = opened(who)
    screen.expect_package("Page 1, ab-initio, Learner")
    for _ in range(3):
        screen.page.context.set_offline(True)
        screen.press("Next")
        screen.expect_state("waiting")
        screen.page.context.set_offline(False)
        screen.expect_state("saved")
    assert PackageState.objects.get().values["cmi.suspend_data"] == "4"
    screen.page.context.set_offline(True)
    screen.press("Pass")
    screen.expect_state("waiting")
    assert not is_completed(who)
    screen.page.context.set_offline(False)
    screen.expect_state("ended")
    assert is_completed(who)


def test_an_older_window_is_told_that_the_lesson_was_opened_again(opened: Opener) -> None:
    who = learner(scorm_12(("index.html", pages.SCORM_12)))
    older = opened(who)
    older.expect_package("Page 1, ab-initio, Learner")
    newer = opened(who)
    newer.press("Next")
    newer.expect_state("saved")
    older.press("Pass")
    older.expect_state("elsewhere")
    assert not is_completed(who)
    assert PackageState.objects.get().values["cmi.suspend_data"] == "2"


def test_what_was_set_last_arrives_although_the_learner_leaves_at_once(opened: Opener) -> None:
    item = pages.SCORM_12.replace('api.LMSCommit("");', "")
    who = learner(scorm_12(("index.html", item)))
    screen = opened(who)
    screen.press("Next")
    screen.page.goto("about:blank")
    again = opened(who)
    again.expect_package("Page 2, resume, Learner")


@pytest.mark.parametrize("moment", ["beforeunload", "pagehide", "unload"])
def test_what_an_item_says_only_while_it_is_left_arrives(opened: Opener, moment: str) -> None:
    """Most packages report when their page is closed, often while an earlier commit is still on its way."""
    at_once = 'api.LMSCommit(""); show(); };'
    assert at_once in pages.SCORM_12
    last = (
        f'addEventListener("{moment}", function () {{ api.LMSSetValue("cmi.suspend_data", "7");'
        ' api.LMSSetValue("cmi.core.exit", "suspend"); api.LMSCommit(""); api.LMSFinish(""); });'
    )
    item = pages.SCORM_12.replace(at_once, f"{at_once} {last}")
    who = learner(scorm_12(("index.html", item)))
    screen = opened(who)
    screen.press("Next")
    screen.page.goto("about:blank")
    again = opened(who)
    again.expect_package("Page 7, resume, Learner")


def test_a_lesson_is_done_by_keyboard_alone(opened: Opener) -> None:
    who = learner(scorm_12(("index.html", pages.SCORM_12)))
    screen = opened(who)
    screen.expect_package("Page 1, ab-initio, Learner")
    frame = screen.page.frame_locator("iframe[data-package]").frame_locator("#content")
    for _ in range(40):
        screen.page.keyboard.press("Tab")
        if frame.locator("#pass:focus").count():
            break
    screen.page.keyboard.press("Enter")
    screen.expect_state("ended")
    assert is_completed(who)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_serious_keeps_anybody_from_the_page(
    opened: Opener, scheme: Literal["light", "dark"], width: int
) -> None:
    screen = opened(learner(scorm_12(("index.html", f'<html lang="en"><title>Item</title>{pages.SCORM_12}'))))
    screen.page.emulate_media(color_scheme=scheme)
    screen.page.set_viewport_size({"width": width, "height": 800})
    screen.press("Next")
    screen.expect_state("saved")
    found = Axe().run(screen.page).response["violations"]
    assert [fault["id"] for fault in found if fault["impact"] in ("serious", "critical")] == []
    assert screen.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_without_javascript_the_page_says_what_is_needed(hosts: str) -> None:
    who = learner(scorm_12(("index.html", pages.SCORM_12)))
    html = who.client.get(who.page()).content.decode()
    assert "needs JavaScript" in html.split("<noscript>")[1].split("</noscript>")[0]
