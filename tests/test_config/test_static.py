import shutil
from pathlib import Path

import pytest
from pytest_django import Settings

from config.static import collect, is_up_to_date


@pytest.fixture
def styles(settings: Settings, tmp_path: Path) -> Path:
    source = tmp_path / "source"
    source.mkdir()
    settings.STORAGES = {"staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}}
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STATICFILES_DIRS = [source]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    (source / "look.css").write_text("a { color: red }")
    return source / "look.css"


def collected(folder: Path) -> list[str]:
    return [path.read_text() for path in (folder / "static").glob("look.*.css")]


def test_files_are_collected_once(styles: Path, tmp_path: Path) -> None:
    assert not is_up_to_date()
    collect()
    assert is_up_to_date()
    assert collected(tmp_path) == ["a { color: red }"]


def test_a_changed_file_is_collected_again(styles: Path, tmp_path: Path) -> None:
    collect()
    styles.write_text("a { color: blue; }")
    assert not is_up_to_date()
    collect()
    assert "a { color: blue; }" in collected(tmp_path)


def test_files_that_vanished_are_collected_again(styles: Path, tmp_path: Path) -> None:
    collect()
    shutil.rmtree(tmp_path / "static")
    assert not is_up_to_date()
