import io
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import call_command

HERE = Path(__file__).parent


@pytest.fixture
def ruritania() -> str:
    """The text of the invented country's file."""
    return (HERE / "ruritania.toml").read_text(encoding="utf-8")


@pytest.fixture
def load(tmp_path: Path) -> Callable[[str], str]:
    """Loads a country file with this text, and answers what the command prints."""

    def load(text: str) -> str:
        file, printed = tmp_path / "country.toml", io.StringIO()
        file.write_text(text, encoding="utf-8")
        call_command("load_country", str(file), stdout=printed)
        return printed.getvalue()

    return load
