"""A partner's file in, a figure out: uploaded, counted and looked at in a real browser."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from courses.returns.models import Return
from courses.returns.operations import load_waiting_returns
from programs.models import Program
from reporting.counting.operations import settle
from tests.factories import NOW
from tests.open_university import PROVIDERS, content_of, needs_the_data, send
from tests.test_browser.conftest import Opener

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
KeepPicture = Callable[[Page, str], None]
FILE = """person_id,course,completed_on,result,region,sector,employer,employer_size,age_band
1000000019,partner-ai-foundations,2026-03-02,assessed,TLI,Q,,large,under-35
1000000027,partner-ai-foundations,2026-04-02,assessed,TLL,Q,,small,35-54
1000000027,partner-ai-foundations,2026-04-02,assessed,TLL,Q,,small,35-54
1000000035,partner-ai-foundations,2026-02-31,assessed,TLL,Q,,small,35-54
1000000043,partner-ai-foundations,2026-05-04,assessed,Atlantis,Q,,small,35-54
"""


def upload(page: Page, tmp_path: Path) -> None:
    path = tmp_path / "march.csv"
    path.write_text(FILE)
    page.locator("input[type=file]").set_input_files(path)
    page.get_by_label("Kind of file").select_option(label="Uplift's standard file")
    page.get_by_role("button", name="Send the file").click()


@pytest.mark.parametrize("with_javascript", [True, False])
def test_a_partner_sends_a_file_and_sees_how_every_row_ended(
    program: Program, opened: Opener, tmp_path: Path, complaints: list[str], *, with_javascript: bool
) -> None:
    page = opened("/p/gb/returns/", role="partner manager", java_script_enabled=with_javascript)

    upload(page, tmp_path)
    load_waiting_returns(at=NOW)
    page.reload()

    sent = Return.objects.get()
    assert (sent.sent, sent.accepted, sent.duplicate, sent.quarantined) == (5, 2, 1, 2)
    expect(page.locator("main")).to_contain_text("Atlantis")
    expect(page.locator("main")).to_contain_text("completed_on")
    assert complaints == []


def test_a_filter_swaps_the_figures_and_is_a_plain_link_too(
    program: Program, opened: Opener, tmp_path: Path, complaints: list[str]
) -> None:
    upload(opened("/p/gb/returns/", role="partner manager"), tmp_path)
    load_waiting_returns(at=NOW)
    settle(clock=lambda: NOW)
    page = opened("/p/gb/", role="program manager")
    expect(page.locator(".figure").first).to_have_text("2")

    page.evaluate("window.isTheSamePage = true")
    page.locator("#figures").get_by_role("link", name="London", exact=True).click()
    page.wait_for_url("**region=TLI*")

    expect(page.locator(".figure").first).to_have_text("1")
    assert page.evaluate("window.isTheSamePage") is True
    plain = opened(page.url, role="program manager", java_script_enabled=False)
    expect(plain.locator(".figure").first).to_have_text("1")
    plain.get_by_role("link", name="All regions").first.click()
    expect(plain.locator(".figure").first).to_have_text("2")
    assert complaints == []


@needs_the_data
def test_seven_real_returns_give_one_defensible_count(
    program: Program, opened: Opener, complaints: list[str], keep_picture: KeepPicture
) -> None:
    for provider in PROVIDERS:
        send(program, provider, content_of(provider))
    settle(clock=lambda: NOW)

    page = opened("/p/gb/?measure=open-university", role="program manager")

    page.set_viewport_size({"width": 1280, "height": 1600})
    keep_picture(page, "dashboard")
    expect(page.locator(".figure").first).to_have_text("14,581")
    expect(page.locator("main")).to_contain_text("804 more than the whole")
    expect(page.locator("main")).to_contain_text("15,385")
    assert complaints == []
