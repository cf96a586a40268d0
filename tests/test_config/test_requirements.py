"""The locks: they name no host, pin everything, and agree with pyproject.toml and with each other."""

import re
import tomllib
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
LOCKS = ["requirements.txt", "requirements-dev.txt", "requirements-uv.txt"]


def pins(lock: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for name, version in re.findall(r"^([\w.-]+)==([\w.]+)", (ROOT / lock).read_text(), re.MULTILINE):
        found.setdefault(name, set()).add(version)
    return found


def wanted(*groups: list[str]) -> set[str]:
    names = (re.split(r"[\[<>=~! ]", line)[0] for group in groups for line in group)
    return {name.lower().replace("_", "-") for name in names}


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_host(lock: str) -> None:
    assert re.findall(r"https?:|--index|--find-links|@ ", (ROOT / lock).read_text()) == []


@pytest.mark.parametrize("lock", LOCKS)
def test_every_line_of_a_lock_is_pinned_by_its_checksum(lock: str) -> None:
    entries = re.split(r"\n(?=\w)", (ROOT / lock).read_text().strip())
    assert [entry for entry in entries if "==" not in entry or "--hash=sha256:" not in entry] == []


def test_all_that_pyproject_names_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    extras = project["project"]["optional-dependencies"]
    run = wanted(project["project"]["dependencies"], extras["embedded"], extras["redis"])
    assert run <= pins("requirements.txt").keys()
    assert wanted(project["dependency-groups"]["dev"]) <= pins("requirements-dev.txt").keys()


def test_developers_run_what_users_run() -> None:
    run, dev = pins("requirements.txt"), pins("requirements-dev.txt")
    assert {name: versions for name, versions in run.items() if dev.get(name) != versions} == {}
