"""A link from one course to another: followed with and without a connection."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from courses.catalogue.models import Course
from courses.learning.operations import begin_course
from people.models import Person
from programs.models import Program
from tests.factories import NOW
from tests.test_browser import bakery
from tests.test_browser.conftest import PHONE, Opener
from tests.test_browser.test_offline import KEPT, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LINK = "\n[How the mill works](course:mill/oven) and [the mill](course:mill).\n"


@pytest.fixture
def linked(country: Program, tmp_path: Path) -> Program:
    """The bakery, which leads to the mill."""
    mill = {path: text.replace("bakery", "mill").replace("Oven", "Stones") for path, text in bakery.FILES.items()}
    bakery.publish(tmp_path / "mill", mill)
    lesson = bakery.FILES["01-dough.md"].replace("\n| Flour", f"{LINK}\n| Flour")
    bakery.publish(tmp_path / "bakery", {**bakery.FILES, "01-dough.md": lesson})
    return country


def begin(program: Program, code: str) -> None:
    person = Person.objects.get(program=program, user__email="learner@demo.example")
    begin_course(person, Course.objects.get(program=program, code=code), at=NOW)


def test_who_has_not_begun_the_other_course_comes_to_its_first_page(linked: Program, opened: Opener) -> None:
    page = opened("/", role="learner", viewport=PHONE)
    begin(linked, "bakery")
    for name in ("How the mill works", "the mill"):
        page.goto(f"{bakery.COURSE}dough/")
        page.get_by_role("link", name=name, exact=True).click()
        page.wait_for_url("**/p/gb/courses/mill/")


def test_without_a_connection_it_leads_to_the_copy(linked: Program, opened: Opener) -> None:
    page = opened("/", role="learner", viewport=PHONE, service_workers="allow")
    for code in ("mill", "bakery"):
        begin(linked, code)
        page.goto(f"/p/gb/courses/{code}/dough/")
        wait_until(page, f"{KEPT} >= {3 if code == 'mill' else 6}")
    page.context.set_offline(True)
    page.get_by_role("link", name="How the mill works").click()
    page.wait_for_url("**/p/gb/courses/mill/oven/")
    expect(page.locator("h1")).to_have_text("Stones")
