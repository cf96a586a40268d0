"""What manage.py runs: a management command, with one line instead of a traceback for an installation's troubles."""

import errno
import sys
from pathlib import Path

import psycopg
from django.core.management import execute_from_command_line
from django.db.utils import OperationalError
from environs import EnvError

from config import embedded
from config.diskspace import is_exhausted


def execute(arguments: list[str]) -> None:
    """Runs the command. Ends the process with a line that says what to do, where the cause lies outside the code."""
    try:
        execute_from_command_line(arguments)
    except (OSError, OperationalError, EnvError) as trouble:
        line = explanation(trouble)
        if line is None:
            raise
        sys.exit(line)


def explanation(trouble: Exception) -> str | None:
    """The line for a known trouble: a wrong setting, a full disk, a foreign data folder, a database that is not up."""
    if isinstance(trouble, EnvError):
        return f"A setting is not valid: {trouble}. docs/operations.md lists all settings."
    if isinstance(trouble, OSError):
        return _about_files(trouble)
    return _about_database(trouble)


def _about_files(trouble: OSError) -> str | None:
    where = trouble.filename or "the data folder"
    if trouble.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"No disk space is left for {where}. Make room there and run again; nothing is damaged."
    if trouble.errno in (errno.EACCES, errno.EROFS) and trouble.filename:
        return (
            f"You may not use {where}. Run as the user whom it belongs to, or choose another data folder: "
            "UPLIFT_DATA=/path make run"
        )
    return None


def _about_database(trouble: Exception) -> str | None:
    from django.conf import settings

    folder = Path(settings.DATA_DIR)
    if isinstance(trouble.__cause__, psycopg.errors.DiskFull) or (settings.EMBEDDED and is_exhausted(folder)):
        return f"The database has no disk space left in {folder}. Make room there and run again; nothing is damaged."
    if settings.EMBEDDED and not embedded.is_running(folder):
        return "Uplift is not running: start it with `make run`, and run this command beside it."
    if isinstance(trouble.__cause__, psycopg.OperationalError) and trouble.__cause__.sqlstate is None:
        return f"The database of DATABASE_URL cannot be reached: {trouble}"
    return None
