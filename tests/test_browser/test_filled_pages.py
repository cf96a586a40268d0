"""Pages of returns with much on them: what is due, a score with reasons, a return on its way, a queue that waits."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from courses.returns.models import NothingToReport, Return
from courses.returns.operations import load_return_now, say_nothing_to_report, set_schedule
from programs.models import Partner, Program
from tests.test_browser.conftest import DESK, PHONE, Opener
from tests.test_browser.test_every_page import serious
from tests.test_returns.anomaly_world import academy_of, file_of_lines, line
from tests.test_returns.school import School

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
KeepPicture = Callable[[Page, str], None]
PARTNER = "/p/gb/partners/demo-college/"


@pytest.fixture
def college(program: Program) -> School:
    """Reports monthly: it was late, said that there was nothing, sent nonsense, and owes the month before last."""
    from accounts.models import User

    college = academy_of(Partner.objects.get(program=program, code="demo-college"))
    now = timezone.now()
    this_month = program.day_of(now).replace(day=1)
    months = [this_month]
    for _ in range(5):
        months.append((months[-1] - timedelta(days=1)).replace(day=1))
    set_schedule(college.partner, months=1, begins_on=months[-1], due_after_days=10, at=now, by=None)
    rows = [line(f"A{n}", ended=f"{months[5]} 10:30") for n in range(30)]
    odd = [line(f"S{n}", account="GB01", name=f"Name {n}", ended=f"{months[4]} 10:30") for n in range(8)]
    faulty = [line("F", result="Perhaps"), line("G", ended="2026-13-01")]
    for content in (file_of_lines([*rows, *odd, *faulty]), b"no,columns,of,ours\n1,2,3,4\n"):
        load_return_now(college.keep(content, received_at=now).pk, at=now)
    say_nothing_to_report(college.partner, months[3], at=now, by=User.objects.get(email="partner@demo.example"))
    return college


def faults_of(page: Page) -> list[str]:
    sideways = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    return [*serious(page), *([f"{page.url} scrolls sideways"] if sideways else [])]


@pytest.mark.parametrize(("viewport", "scheme"), [(PHONE, "dark"), (DESK, "light")], ids=["phone-dark", "desk-light"])
def test_filled_pages_are_accessible_and_fit(
    college: School, opened: Opener, viewport: dict[str, int], scheme: str, keep_picture: KeepPicture
) -> None:
    sent = Return.objects.filter(status="loaded").get()
    waiting = college.keep(b"x" * 1000)
    Return.objects.filter(pk=waiting.pk).update(rows_read=600, bytes_read=300)
    shared = ["/p/gb/returns/", PARTNER, f"/p/gb/returns/{sent.pk}/", f"/p/gb/returns/{waiting.pk}/"]
    alone = ["/p/gb/partners/", "/p/gb/quarantine/", "/p/gb/quarantine/rules/"]
    faults: list[str] = []
    for role, paths in (("partner manager", shared), ("program manager", [*shared, *alone])):
        page = opened("/", role=role, viewport=viewport, color_scheme=scheme)
        for path in paths:
            page.goto(path)
            faults += faults_of(page)
    page.goto(PARTNER)
    keep_picture(page, f"partner-{scheme}")
    assert faults == []


@pytest.mark.parametrize("with_javascript", [True, False])
def test_nothing_to_report_is_one_press_and_so_is_undoing_it(
    college: School, opened: Opener, complaints: list[str], *, with_javascript: bool
) -> None:
    page = opened(PARTNER, role="partner manager", java_script_enabled=with_javascript)
    main = page.locator("main")
    expect(main).to_contain_text("2 periods overdue")

    main.get_by_role("button", name="Nothing to report").last.click()
    expect(page.locator("[role=status]").first).to_contain_text("Noted: nothing to report.")
    assert NothingToReport.objects.standing().count() == 2
    for _ in range(2):
        main.get_by_role("button", name="Undo").first.click()
        expect(page.locator("[role=status]").first).to_contain_text("Taken back")

    assert not NothingToReport.objects.standing().exists()
    assert complaints == []


def test_a_program_manager_sets_a_schedule_in_the_browser(
    program: Program, opened: Opener, complaints: list[str]
) -> None:
    page = opened(PARTNER, role="program manager")
    page.get_by_label("How often").select_option(label="Every month")
    page.get_by_label("The first period begins on").fill("2026-01-01")
    page.get_by_label("Due so many days").fill("15")
    page.get_by_role("button", name="Set the schedule").click()

    expect(page.locator("main")).to_contain_text("Set: every month, due 15 days after its end.")
    expect(page.locator("#due")).to_be_visible()
    expect(page.get_by_role("row", name="Jan 2026")).to_contain_text("overdue")
    assert complaints == []
