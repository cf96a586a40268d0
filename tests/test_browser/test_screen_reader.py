"""What a screen reader is told: Chromium's accessibility tree of a lesson, an assessment and its result."""

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from programs.models import Program
from tests.test_browser import bakery
from tests.test_browser.conftest import Opener

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LANDMARKS = ("banner", "navigation", "main", "contentinfo", "complementary", "search")
CONTROLS = ("radio", "checkbox", "textbox", "combobox", "button", "link")


@dataclass(frozen=True)
class Node:
    """One thing that is spoken, with what it says about itself."""

    role: str
    name: str
    description: str
    properties: dict[str, Any]


def tree(page: Page) -> list[Node]:
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    return [
        Node(
            node["role"]["value"],
            node.get("name", {}).get("value", "").strip(),
            node.get("description", {}).get("value", "").strip(),
            {one["name"]: one["value"].get("value") for one in node.get("properties", [])},
        )
        for node in nodes
        if not node["ignored"]
    ]


def named(nodes: list[Node], *roles: str) -> list[str]:
    return [node.name for node in nodes if node.role in roles]


def faults_of(page: Page) -> list[str]:
    """What is wrong on any page: headings that skip, controls without a name, landmarks that cannot be told apart."""
    nodes = tree(page)
    levels = [node.properties["level"] for node in nodes if node.role == "heading"]
    marks = [(node.role, node.name) for node in nodes if node.role in LANDMARKS]
    return [
        *([] if levels.count(1) == 1 and levels[0] == 1 else [f"{page.url}: headings begin {levels[:3]}"]),
        *[f"{page.url}: h{one} follows h{before}" for before, one in pairwise(levels) if one > before + 1],
        *[f"{page.url}: {node} has no name" for node in nodes if node.role in CONTROLS and not node.name],
        *[f"{page.url}: {mark} is there twice" for mark in set(marks) if marks.count(mark) > 1],
        *[f"{page.url}: {role} is missing" for role in ("banner", "main", "contentinfo") if role not in dict(marks)],
    ]


@pytest.fixture
def page(country: Program, opened: Opener, tmp_path: Path) -> Page:
    """The first lesson of the bakery's course, begun."""
    bakery.publish(tmp_path)
    page = opened("/", role="learner")
    page.goto(bakery.COURSE)
    page.locator("main form button").click()
    page.locator("article").wait_for()
    return page


def test_every_page_of_a_learner_has_headings_names_and_landmarks_in_order(page: Page) -> None:
    faults = []
    for path in (
        "/", "/start/gb/", "/p/gb/learn/", "/p/gb/learn/search/?q=bread", "/p/gb/learn/about-me/", bakery.COURSE,
        f"{bakery.COURSE}dough/", f"{bakery.COURSE}oven/", f"{bakery.COURSE}assessment/",
        "/p/gb/credentials/", "/nowhere/",
    ):  # fmt: skip
        page.goto(path)
        faults += faults_of(page)
    assert faults == []


def test_the_questions_of_an_assessment_are_named_groups_with_named_fields(page: Page) -> None:
    page.goto(f"{bakery.COURSE}assessment/")
    page.locator("main form button[type=submit]").click()
    page.locator("#answers").wait_for()
    nodes = tree(page)

    assert faults_of(page) == []
    assert {node.name: node.description for node in nodes if node.role == "group" and node.name} == {
        "1. Which is a grain?": "",
        "2. What is in it?": "Choose all that apply.",
        "3. Bread is baked.": "",
        "4. How many grams?": "",
        "5. What makes it rise?": "",
        "6. Which belongs to which?": "",
        "7. Put the steps in order.": "Begin with what is done first. Give every line its place: 1 is first.",
    }
    assert sorted(named(nodes, "radio")) == ["False", "Rye", "Salt", "True"]
    assert sorted(named(nodes, "checkbox")) == ["Milk", "Rye", "Sand"]
    assert named(nodes, "textbox") == ["Your answer (g)", "Your answer"]
    assert sorted(named(nodes, "combobox")) == ["Bake", "Mix", "Rye", "Wait", "Wheat"]
    assert [node.properties["live"] for node in nodes if node.role == "status"] == ["polite", "polite"]


def test_what_is_missing_is_an_alert_with_the_focus_and_each_question_says_it(page: Page) -> None:
    page.goto(f"{bakery.COURSE}assessment/")
    page.locator("main form button[type=submit]").click()
    page.locator("#answers button[type=submit]:not([name], [tabindex])").click()
    page.get_by_role("alert").wait_for()
    nodes = tree(page)

    assert faults_of(page) == []
    assert page.title().startswith("Not sent: Assessment")
    assert [node.properties.get("focused") for node in nodes if node.role == "alert"] == [True]
    assert all(node.description for node in nodes if node.role == "group" and node.name)
    assert [node.properties.get("invalid") for node in nodes if node.role == "textbox"] == ["true", "true"]

    page.locator("[name=final]").click()
    expect(page).to_have_title("Not passed yet · The bakery · AI Skills for the United Kingdom · Uplift")
    assert faults_of(page) == []


def test_what_is_said_about_practice_comes_into_the_place_that_is_listened_to(page: Page) -> None:
    place = page.locator(".practice [aria-live=polite]").element_handle()
    page.get_by_role("button", name="Check my answer").click()
    expect(page.locator(".practice fieldset")).to_be_focused()
    expect(page.locator(".practice fieldset")).to_have_accessible_description("Choose an answer.")

    page.get_by_label("False").check()
    page.get_by_role("button", name="Check my answer").click()
    page.locator(".practice .badge").wait_for()

    assert place.evaluate("place => place.isConnected && place.innerText.startsWith('Not right')")
    [question] = [node for node in tree(page) if node.role == "group" and node.name == "Dough likes warmth."]
    assert question.description.startswith("Not right")


def test_every_part_is_spoken_in_its_own_language(page: Page) -> None:
    page.locator("#languages [value=ta]").click()
    page.wait_for_load_state()
    page.goto(f"{bakery.COURSE}oven/")
    expect(page.locator("article")).to_have_attribute("lang", "en")
    assert page.evaluate("document.querySelector('.message:not([hidden])').closest('[lang]').lang") == "ta"

    page.goto(f"{bakery.COURSE}assessment/")
    page.locator("main form button[type=submit]").click()
    question = page.locator("#question-q-true")
    expect(question).to_have_attribute("lang", "en")
    expect(question.locator("label").first).to_have_attribute("lang", "ta")
    expect(page.locator("#languages [value=zh-hans]")).to_have_attribute("lang", "zh-hans")
    assert page.evaluate("document.querySelector('.eyebrow a').lang") == "ta"
