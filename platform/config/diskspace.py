"""Room on the disk of the data folder: asked for before starting, and named as the cause when something dies of it."""

import shutil
from pathlib import Path

from config.trouble import CannotRunError

MIB = 1024 * 1024
# Measured: a new cluster takes 40 MB, its write-ahead log up to 512 MB, the demonstration data and static files 100 MB.
NEEDED_FIRST = 700 * MIB
NEEDED_LATER = 100 * MIB
# Below this, a process that died most likely died of it.
EXHAUSTED = 20 * MIB


def free_bytes(folder: Path) -> int:
    """Bytes that this user may still write in the file system of the folder (or of its nearest existing parent)."""
    while not folder.exists():
        folder = folder.parent
    return shutil.disk_usage(folder).free


def require_space(folder: Path, needed: int) -> None:
    """Raises CannotRunError when fewer than ``needed`` bytes are free in the folder's file system."""
    free = free_bytes(folder)
    if free < needed:
        raise CannotRunError(
            f"Not enough disk space in {folder}: {free // MIB} MB are free and {needed // MIB} MB are needed. "
            "Make room there, or choose another folder: UPLIFT_DATA=/path/with/space make run"
        )


def is_exhausted(folder: Path) -> bool:
    """Whether the folder's file system has so little room left that writing fails."""
    return free_bytes(folder) < EXHAUSTED
