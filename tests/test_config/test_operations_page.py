"""docs/operations.md is complete: a setting that it does not name cannot be found."""

import re
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)


def read_settings() -> set[str]:
    return set(re.findall(r'env\.\w+\(\s*"(\w+)"', (ROOT / "platform/config/settings.py").read_text()))


def described_settings() -> set[str]:
    rows = re.findall(r"^\| (`[A-Z].*?) \|", (ROOT / "docs/operations.md").read_text(), re.MULTILINE)
    return {name for row in rows for name in re.findall(r"`([A-Z_]+)`", row)}


def test_every_environment_variable_is_described() -> None:
    assert read_settings() - described_settings() == set()


def test_nothing_is_described_that_does_not_exist() -> None:
    assert described_settings() - read_settings() == {"NO_COLOR"}
