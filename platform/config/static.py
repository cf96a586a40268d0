"""Static files are collected again only when one of them changed: it takes seconds."""

import hashlib

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

NEVER_SERVED = ["redoc"]  # comes with the API's pages; it calls a font host


def collect_if_changed() -> bool:
    """Collects and compresses the static files if any has changed since the last time. Says whether it did."""
    note = settings.DATA_DIR / "static.sha256"
    now = fingerprint()
    if note.exists() and note.read_text() == now:
        return False
    call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=NEVER_SERVED)
    note.write_text(now)
    return True


def fingerprint() -> str:
    """A checksum of the names, sizes and times of all static files."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            path = storage.path(name)
            digest.update(f"{path} {storage.size(name)} {storage.get_modified_time(name)}\n".encode())
    return digest.hexdigest()
