"""A package that reaches for the session, in a real browser: nothing that it tries works."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Request, expect

from accounts.models import Session
from courses.achievements.models import Achievement
from courses.learning.models import LessonDone
from courses.packages.models import PackageState
from tests.test_packages import pages
from tests.test_packages.making import scorm_12
from tests.test_packages.test_in_a_browser import Opener, hosts, learner, opened

__all__ = ["hosts", "opened"]  # fixtures
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
REFUSED = (
    "parent", "top", "top property", "storage of the site", "fetch", "fetch without asking", "post", "xhr", "picture",
    "script", "style", "socket", "events", "service worker", "worker", "worker of a blob", "camera", "place", "domain",
    "frame of the site", "window", "sandbox", "leading the page away",
)  # fmt: skip


def test_a_package_that_reaches_for_the_session_gets_nothing(opened: Opener, hosts: str) -> None:
    who = learner(scorm_12(("index.html", pages.HOSTILE)) | {"worker.js": "postMessage(1)"})
    asked: list[Request] = []
    screen = opened(who)
    address = screen.page.url
    screen.page.context.on("request", lambda request: asked.append(request))
    expect(screen.package.locator("#page")).to_have_text("tried everything", timeout=120_000)
    found = screen.package.locator("#page").evaluate("() => window.found")

    assert {name: found.pop(name) for name in REFUSED} == dict.fromkeys(REFUSED, "refused")
    assert found.pop("cookies") == ""
    assert found.pop("claim to be assessed") == "422"
    assert found.pop("launches of others") == "404"
    screen.package.locator("#page").evaluate("() => setTimeout(window.leave)")
    screen.page.wait_for_timeout(1500)
    assert screen.page.url == address
    assert [frame.url for frame in screen.page.frames if "login" in frame.url or "logout" in frame.url] == []
    posted = [one.url for one in asked if one.method == "POST" and urlsplit(one.url).hostname == "localhost"]
    assert posted == []
    assert Session.objects.count() == 1
    assert (PackageState.objects.get().values, LessonDone.objects.count(), Achievement.objects.count()) == ({}, 0, 0)
