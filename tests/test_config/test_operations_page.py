"""docs/operations.md tells every environment variable that the settings read."""

import re
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)


def undocumented(code: str, page: str) -> set[str]:
    read = set(re.findall(r'\benv\.\w+\(\s*"([A-Z_]+)"', code))
    assert read
    return {name for name in read if f"`{name}`" not in page}


def test_every_environment_variable_is_on_the_page() -> None:
    code = (ROOT / "platform/config/settings.py").read_text()
    assert undocumented(code, (ROOT / "docs/operations.md").read_text()) == set()


def test_a_variable_that_is_missing_on_the_page_is_found() -> None:
    assert undocumented('env.bool("SECRET_DOOR", False)', "`DEBUG`") == {"SECRET_DOOR"}
