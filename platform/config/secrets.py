"""Secrets that an installation makes for itself when none is given by the environment."""

import contextlib
import os
import secrets
from pathlib import Path


def stored_secret(folder: Path, name: str, *, length: int = 48) -> str:
    """The secret kept in ``folder/secrets/name``: `length` random bytes, made on first use, for its owner's eyes.

    Two processes that start at once agree on one value: the file appears whole, by link, or not at all.
    """
    path = folder / "secrets" / name
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = path.with_name(f".{name}.{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(length), encoding="ascii")
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    return path.read_text(encoding="ascii")
