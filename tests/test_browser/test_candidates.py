"""Candidates in a real browser: by key, by button, without JavaScript, on a phone, light and dark."""

from datetime import date

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from courses.matching.models import Candidate, Decision
from programs.models import Partner, Program
from tests.factories import AchievementFactory, CourseFactory
from tests.test_browser.conftest import DESK, PHONE, Opener
from tests.test_matching.cast import Office

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
QUEUE = "/p/gb/candidates/"
PARTNERS = {"north-college": "North College", "northgate": "Northgate Logistics"}
NAMES = [
    ("Mohammed Al Hussain", "Muhamad Hossain"),
    ("陈伟明", "Tan Wei Ming"),
    ("राहुल शर्मा", "Rahul Sharma"),
    ("Theodora Blackwood", "T. Blackwood"),
]


@pytest.fixture
def office(program: Program) -> Office:
    """The manager of the demonstration, with four persons who were reported twice, and one with a name alone."""
    from accounts.models import User

    college, employer = (Partner.objects.create(program=program, code=c, name=n) for c, n in PARTNERS.items())
    manager = User.objects.get(email="manager@demo.example")
    office = Office(program, manager, manager, college, employer)
    office.crowd()
    course = CourseFactory.create(program=program, title="Working with AI: first steps")
    for number, (name, other) in enumerate(NAMES):
        told = {"email": f"{number}@example.org", "phone": str(number)}
        person = office.say(name, employer="Northgate Logistics Ltd", email=told["email"], phone=told["phone"])
        office.say(other, partner=employer, employer="Northgate Logistics", email=told["email"], phone=told["phone"])
        AchievementFactory.create(program=program, person=person, course=course, partner=college)
    office.say("Rosalind Fairweather", date(1971, 6, 7))
    office.say("Rosalind Fairweather", date(1971, 6, 7), partner=employer)
    office.search()
    return office


def states() -> list[str]:
    return sorted(Candidate.objects.values_list("state", flat=True))


def test_keys_decide_and_undo_and_the_next_one_comes(office: Office, opened: Opener, complaints: list[str]) -> None:
    page = opened(QUEUE, role="program manager")
    assert states() == ["open"] * 5
    for key, says in (("s", "Merged"), ("d", "Kept apart"), ("l", "Put off")):
        shown = page.locator("#candidate").inner_text()
        page.keyboard.press(key)
        expect(page.locator("#review [role=status]").first).to_contain_text(says)
        expect(page.locator("#candidate")).not_to_have_text(shown)
        expect(page.locator("#candidate")).to_be_focused()
    assert states() == ["different", "later", "open", "open", "same"]

    page.keyboard.press("u")
    expect(page.locator("#review [role=status]").first).to_contain_text("Undone")

    assert states() == ["different", "open", "open", "open", "same"]
    assert complaints == []


def test_a_name_and_birth_date_alone_are_not_merged_by_a_key(office: Office, opened: Opener) -> None:
    page = opened(f"{QUEUE}{Candidate.objects.get(is_alone=True).pk}/", role="program manager")

    page.keyboard.press("s")
    expect(page.get_by_label("What else do you know?")).to_be_focused()
    page.keyboard.type("slide")
    assert states() == ["open"] * 5
    page.get_by_role("button", name="One person").click()

    expect(page.locator("#review [role=status]").first).to_contain_text("Merged")
    assert Decision.objects.get().because == "slide"


def test_the_keys_can_be_switched_off_and_stay_off(office: Office, opened: Opener) -> None:
    page = opened(QUEUE, role="program manager")
    switch = page.get_by_label("Decide by single keys")
    switch.uncheck()
    for _ in range(2):
        expect(page.locator("kbd").first).to_be_hidden()
        page.locator("h1").click()
        page.keyboard.press("s")
        page.keyboard.press("Control+d")
        page.reload()
    expect(switch).not_to_be_checked()

    assert states() == ["open"] * 5


def test_buttons_do_the_same_without_javascript(office: Office, opened: Opener) -> None:
    page = opened(QUEUE, role="program manager", java_script_enabled=False)
    expect(page.locator("kbd").first).to_be_hidden()

    page.get_by_role("button", name="One person").click()
    expect(page.locator("main")).to_contain_text("Merged")
    page.get_by_role("button", name="Undo").first.click()

    expect(page.locator("main")).to_contain_text("Undone")
    assert states() == ["open"] * 5


def test_many_with_the_same_evidence_are_decided_and_undone_at_once(office: Office, opened: Opener) -> None:
    page = opened(f"{QUEUE}{largest().pk}/", role="program manager")
    page.get_by_role("link", name="Decide together").click()
    page.get_by_label("I have looked at each of them").check()
    page.get_by_role("button", name="merge").click()
    expect(page.locator("main")).to_contain_text("together")
    assert states().count("same") > 1

    page.get_by_role("button", name="Undo").first.click()
    expect(page.locator("#review [role=status]").first).to_contain_text("all of them are open again")

    assert states() == ["open"] * 5


def largest() -> Candidate:
    rows = Candidate.objects.all()
    return max(rows, key=lambda row: rows.filter(pattern=row.pattern).count())


@pytest.mark.parametrize(("viewport", "scheme"), [(PHONE, "dark"), (DESK, "light")], ids=["phone-dark", "desk-light"])
def test_every_page_is_accessible_and_fits(
    office: Office, opened: Opener, viewport: dict[str, int], scheme: str
) -> None:
    alone = Candidate.objects.get(is_alone=True).pk
    page = opened(QUEUE, role="program manager", viewport=viewport, color_scheme=scheme)
    page.keyboard.press("s")
    expect(page.locator("#review [role=status]").first).to_contain_text("Merged")
    for path in (QUEUE, f"{QUEUE}{alone}/", f"{QUEUE}{largest().pk}/alike/"):
        page.goto(path)
        for details in page.locator("main details").all():
            details.locator("summary").click()
        found = Axe().run(page).response["violations"]
        assert [fault["id"] for fault in found if fault["impact"] in ("serious", "critical")] == []
        assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"), path
