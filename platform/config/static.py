"""Static files are collected again only when one of them changed: it takes seconds."""

import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

NEVER_SERVED = ["redoc"]  # comes with the API's pages; it calls a font host


def is_up_to_date() -> bool:
    """Whether the files collected last are those of now."""
    return _note().exists() and _note().read_text() == fingerprint()


def collect() -> None:
    """Collects the static files and compresses them."""
    call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=NEVER_SERVED)
    _note().write_text(fingerprint())


def _note() -> Path:
    return Path(settings.STATIC_ROOT) / "collected.sha256"


def fingerprint() -> str:
    """A checksum of the names, sizes and times of all static files."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            path = storage.path(name)
            digest.update(f"{path} {storage.size(name)} {storage.get_modified_time(name)}\n".encode())
    return digest.hexdigest()
