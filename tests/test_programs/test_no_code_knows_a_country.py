"""A country is data. No Python text names one: neither its codes, nor its name, its locale or its time zone."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel import Locale

from programs.definitions import SHIPPED, ProgramDefinition, read_country_file

ROOT = SHIPPED.parent.parent.parent
ROOMS = (ROOT / "platform", ROOT / "courses", ROOT / "reporting")
SOURCES = sorted(path for room in ROOMS for path in room.rglob("*.py") if "migrations" not in path.parts)


def words_of(nation: ProgramDefinition) -> set[str]:
    """Texts that only code which knows the nation would hold."""
    name = Locale("en").territories[nation.country]
    regions = {region.names["en"] for region in nation.regions}
    return {nation.code, nation.country, nation.number_locale, nation.time_zone, name, *nation.names.values(), *regions}


WORDS = {word.casefold() for file in SHIPPED.glob("*.toml") for word in words_of(read_country_file(file))}
LONG_WORDS = re.compile("|".join(rf"\b{re.escape(word)}\b" for word in sorted(WORDS) if len(word) > 2))


# Texts that mean something else where they stand, each with what.
OTHER_MEANINGS = {"courses/packages/manifests/cmi5.py": {"au": "the element of an assignable unit"}}


def literals(source: str) -> Iterator[tuple[int, str]]:
    """Every text in the code with its line, but no docstring: an explanation may give an example."""
    tree = ast.parse(source)
    explained = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in explained:
            yield node.lineno, node.value


def named(source: str) -> list[str]:
    return [
        f"line {line}: {text!r}"
        for line, text in literals(source)
        if text.casefold() in WORDS or LONG_WORDS.search(text.casefold())
    ]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_code_names_a_country(path: Path) -> None:
    known = OTHER_MEANINGS.get(str(path.relative_to(ROOT)), {})
    assert [
        line for line in named(path.read_text(encoding="utf-8")) if not line.endswith(tuple(map(repr, known)))
    ] == []


@pytest.mark.parametrize("code", ['x = "gb"', 'zone == "Australia/Sydney"', 'f"for {name} in India"', "{'SG': 1}"])
def test_code_that_knows_a_country_is_found(code: str) -> None:
    assert named(code)
