"""The stylesheet: small, its colours readable in light and dark, its classes told, and no style outside it."""

import re
from pathlib import Path

import pytest
from django.conf import settings

SHEET = Path(settings.BASE_DIR, "templates/static/uplift.css")
TEMPLATES = sorted(Path(settings.BASE_DIR, "templates").rglob("*.html"))
SHEETS = [
    path
    for room in ("templates", "platform", "courses", "reporting")
    for path in Path(settings.BASE_DIR, room).rglob("*.css")
]
TEXT_ON = {
    "ground": ["ink", "muted", "accent", "accent-strong", "success", "warning", "error"],
    "paper": ["ink", "muted", "accent", "accent-strong", "success", "warning", "error"],
    "accent-soft": ["ink", "accent", "accent-strong"],
    "success-soft": ["ink", "success"],
    "warning-soft": ["ink", "warning"],
    "error-soft": ["ink", "error"],
    "accent": ["on-accent"],
    "accent-strong": ["on-accent"],
    "bar": ["on-bar", "on-bar-muted"],
}
EDGES_ON = {"ground": ["edge", "focus", "accent"], "paper": ["edge", "focus", "accent", "warning"]}


def tokens(scheme: str) -> dict[str, str]:
    """The colours of a scheme; the dark one changes some of the light one's."""
    light, dark = re.findall(r":root \{(.*?)\}", SHEET.read_text(), re.S)[:2]
    rules = light if scheme == "light" else light + dark
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", rules))


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted([luminance(one), luminance(other)])
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_has_the_contrast_that_wcag_asks_of_text(scheme: str) -> None:
    colours = tokens(scheme)
    pairs = [(text, ground) for ground, names in TEXT_ON.items() for text in names]
    assert {pair for pair in pairs if contrast(colours[pair[0]], colours[pair[1]]) < 4.5} == set()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_edge_and_focus_ring_can_be_told_from_its_ground(scheme: str) -> None:
    colours = tokens(scheme)
    pairs = [(edge, ground) for ground, names in EDGES_ON.items() for edge in names]
    assert {pair for pair in pairs if contrast(colours[pair[0]], colours[pair[1]]) < 3} == set()


def test_the_stylesheet_is_small() -> None:
    assert len(SHEET.read_bytes()) < 25_000


def test_the_stylesheet_loads_nothing_from_elsewhere() -> None:
    assert re.findall(r"url\(|@import", SHEET.read_text()) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(settings.BASE_DIR)))
def test_a_template_brings_no_style_and_no_script_of_its_own(path: Path) -> None:
    assert (
        re.findall(r"\sstyle=|<style|<script(?![^>]*\bsrc=)|\son\w+=|https?://[^\s\"']+\.(?:js|css)", path.read_text())
        == []
    )


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(settings.BASE_DIR)))
def test_every_class_of_a_template_is_in_a_stylesheet(path: Path) -> None:
    known = {name for sheet in SHEETS for name in re.findall(r"\.([a-z][\w-]*)", sheet.read_text())}
    plain = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", " ", path.read_text(), flags=re.S)
    used = {name for names in re.findall(r'\sclass="([^"]*)"', plain) for name in names.split()}
    assert used - known == set()
