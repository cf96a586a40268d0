import errno
from pathlib import Path

import psycopg
import pytest
from django.db.utils import OperationalError
from environs import EnvError
from pytest_django import Settings

from config.commandline import explanation


def database_trouble(cause: Exception) -> OperationalError:
    trouble = OperationalError(str(cause))
    trouble.__cause__ = cause
    return trouble


def test_a_full_disk_is_named_and_a_missing_file_is_not_explained_away() -> None:
    full = explanation(OSError(errno.ENOSPC, "No space left on device", "/srv/static/x.css"))
    assert full == "No disk space is left for /srv/static/x.css. Make room there and run again; nothing is damaged."
    assert explanation(FileNotFoundError(errno.ENOENT, "No such file", "x.csv")) is None


def test_a_folder_of_somebody_else_is_named() -> None:
    line = explanation(PermissionError(errno.EACCES, "Permission denied", "/srv/uplift/secrets/secret-key"))
    assert line is not None
    assert line.startswith("You may not use /srv/uplift/secrets/secret-key. Run as the user whom it belongs to")


def test_a_setting_that_is_not_valid_is_named() -> None:
    assert "PORT" in str(explanation(EnvError('Environment variable "PORT" invalid')))


def test_a_database_without_space_is_named(settings: Settings) -> None:
    line = explanation(database_trouble(psycopg.errors.DiskFull("could not extend file")))
    assert line is not None
    assert line.startswith(f"The database has no disk space left in {settings.DATA_DIR}")


def test_an_embedded_server_that_does_not_run_is_told_how_to_start(settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    line = explanation(database_trouble(psycopg.OperationalError("no such file")))
    assert line == "Uplift is not running: start it with `make run`, and run this command beside it."


def test_a_server_elsewhere_that_does_not_answer_is_named(settings: Settings) -> None:
    settings.EMBEDDED = False
    line = explanation(database_trouble(psycopg.OperationalError("connection refused")))
    assert line == "The database of DATABASE_URL cannot be reached: connection refused"


@pytest.mark.django_db
def test_a_fault_of_our_own_keeps_its_traceback() -> None:
    assert explanation(database_trouble(psycopg.errors.LockNotAvailable("lock timeout"))) is None
