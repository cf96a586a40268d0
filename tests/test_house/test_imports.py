"""Imports point one way, and files stay where they are looked for, and short."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import TypeGuard

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
# Each package may import those below it; docs/decisions/0005-import-order.md
MAY_IMPORT = {
    "accounts": set[str](),
    "programs": {"accounts"},
    "people": {"programs"},
    "courses.catalogue": {"people"},
    "courses.achievements": {"courses.catalogue"},
    "courses.returns": {"courses.achievements"},
    "courses.statements": {"courses.returns"},
    "courses.matching": {"courses.achievements"},
    "courses.credentials": {"courses.achievements"},
    "courses.learning": {"courses.credentials"},
    "courses.packages": {"courses.learning", "courses.statements"},
    "courses.authoring": {"courses.packages"},
    "reporting.counting": {"courses.authoring", "courses.returns", "courses.statements", "courses.matching"},
    "reporting.pacing": {"reporting.counting"},
    "reporting.publishing": {"reporting.counting"},
    "reporting.dashboards": {"reporting.pacing", "reporting.publishing"},
    "reporting.exports": {"reporting.pacing", "reporting.publishing"},
}
# config starts everything and may import any package when it runs; of config, a package may import nothing.
APPS = {name.split(".")[-1]: name for name in MAY_IMPORT}
FOLDERS = {name: ROOT / ("" if "." in name else "platform") / name.replace(".", "/") for name in MAY_IMPORT}


def below(package: str) -> set[str]:
    """All packages that the package may import: those named and, through them, those further down."""
    direct = MAY_IMPORT[package]
    return direct.union(*(below(name) for name in direct))


def package_of(module: str) -> str | None:
    return next((name for name in [*MAY_IMPORT, "config"] if module == name or module.startswith(f"{name}.")), None)


def imported_modules(source: str, package: str) -> Iterator[tuple[int, str]]:
    """Line and full name of everything that the source of a file in `package` imports, by import or by name.

    `from courses import returns` is courses.returns, and so is `from .. import returns` in courses.learning.
    """
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            start = [*package.split(".")[: len(package.split(".")) + 1 - node.level]] if node.level else []
            base = ".".join([*start, *filter(None, [node.module])])
            yield from ((node.lineno, f"{base}.{alias.name}".strip(".")) for alias in node.names)
        elif isinstance(node, ast.Call) and name_of(node.func) in ("import_module", "__import__", "import_string"):
            yield from ((node.lineno, str(given.value)) for given in node.args if is_text(given))
        elif isinstance(node, ast.Call) and name_of(node.func) == "get_model":
            labels = [str(given.value).split(".")[0] for given in node.args[:1] if is_text(given)]
            yield from ((node.lineno, APPS.get(label, "")) for label in labels)


def name_of(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def is_text(node: ast.expr) -> TypeGuard[ast.Constant]:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def imports_against_the_direction(package: str, source: str, *, inside: str = "") -> list[str]:
    """What the source of a file may not import; `inside` is the subpackage of the file, if it is in one."""
    allowed = below(package) | {package} if package in MAY_IMPORT else set()
    return [
        f"line {line}: {package} may not import {module}"
        for line, module in imported_modules(source, inside or package)
        if (other := package_of(module)) and other not in allowed
    ]


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_imports_point_one_way(package: str) -> None:
    files = sorted(FOLDERS[package].rglob("*.py"))
    assert files
    found: list[str] = []
    for path in files:
        inside = ".".join([package, *path.parent.relative_to(FOLDERS[package]).parts])
        faults = imports_against_the_direction(package, path.read_text(), inside=inside)
        found += [f"{path}: {fault}" for fault in faults]
    assert found == []


@pytest.mark.parametrize("room", ["courses", "reporting"])
def test_the_rooms_themselves_import_nothing(room: str) -> None:
    assert imports_against_the_direction(room, (ROOT / room / "__init__.py").read_text()) == []


@pytest.mark.parametrize(
    ("package", "inside", "source"),
    [
        ("courses.learning", "", "from reporting.counting.models import Count"),
        ("courses.learning", "", "def f():\n    import reporting.dashboards.views"),
        ("programs", "", "from people.models import Person"),
        ("courses.returns", "", "from courses import learning"),
        ("courses.returns", "", "from ..learning.models import Enrolment"),
        ("courses.returns", "courses.returns.profiles", "from ... import learning"),
        ("courses.returns", "", "importlib.import_module('reporting.counting.models')"),
        ("courses.returns", "", "apps.get_model('counting', 'Count')"),
        ("accounts", "", "from config.celery import app"),
        ("courses", "", "def f():\n    from courses.returns import models"),
    ],
)
def test_an_import_against_the_direction_is_found(package: str, inside: str, source: str) -> None:
    assert imports_against_the_direction(package, source, inside=inside)


@pytest.mark.parametrize("source", ["from .models import Return", "from . import reading", "from .profiles import x"])
def test_an_import_within_the_package_is_none_against_the_direction(source: str) -> None:
    assert imports_against_the_direction("courses.returns", source) == []


def test_every_folder_of_code_is_a_package_of_the_house() -> None:
    found = {path.parent for room in ("platform", "courses", "reporting") for path in (ROOT / room).glob("*/apps.py")}
    assert found == {*FOLDERS.values(), ROOT / "platform" / "config"}


def test_platform_is_a_folder_and_no_package() -> None:
    import platform

    assert not (ROOT / "platform" / "__init__.py").exists()
    assert platform.python_version()


LONGEST = 300  # lines; docs: split by noun


def test_files_stay_short() -> None:
    code = [path for room in ("platform", "courses", "reporting") for path in (ROOT / room).rglob("*.py")]
    lengths = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in code}
    assert {path: lines for path, lines in lengths.items() if lines > LONGEST and "/migrations/" not in path} == {}


def test_test_folders_are_never_named_like_a_package() -> None:
    names = {name.split(".")[-1] for name in MAY_IMPORT} | {"config", "platform", "courses", "reporting"}
    assert {path.name for path in (ROOT / "tests").iterdir() if path.is_dir()} & names == set()
