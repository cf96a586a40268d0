"""`make bench`: measures on a server of its own, and writes what it found into docs/benchmarks.md."""

import argparse
import fcntl
import os
import shutil
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDER = (
    Path(tempfile.gettempdir()) / f"uplift-bench-{os.getuid()}"
)  # on a real disk: what is committed is written there


def main() -> None:
    arguments = argparse.ArgumentParser(prog="make bench", description=__doc__)
    arguments.add_argument("size", nargs="?", default="national", choices=("small", "national", "large"))
    arguments.add_argument("part", nargs="?", choices=("intake", "statements", "matching", "counting", "lessons"))
    chosen = arguments.parse_args()
    FOLDER.mkdir(mode=0o700, exist_ok=True)
    handle = os.open(FOLDER, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        sys.exit("Another make bench runs here; two at once would measure each other.")
    try:
        begin(chosen.size, chosen.part)
    finally:
        shutil.rmtree(FOLDER, ignore_errors=True)


def begin(chosen: str, part: str | None) -> None:
    prepare_django()
    from .report import PARTS, measure
    from .sizes import SIZES

    size = SIZES[chosen]
    free = shutil.disk_usage(FOLDER).free // 1024**3
    if free < size.free_disk:
        sys.exit(f"{FOLDER} has {free} GB free and this needs {size.free_disk}. Another place: TMPDIR=/path make bench")
    measure([part] if part else PARTS, size, FOLDER / "data")


def prepare_django() -> None:
    """A data folder of our own, which the last run has not left behind; nothing comes from an installation."""
    for left in FOLDER.iterdir():
        shutil.rmtree(left)
    (FOLDER / "data").mkdir(mode=0o700)
    sys.path.insert(1, str(ROOT / "platform"))
    for name in [name for name in os.environ if name in ("DATABASE_URL", "DEBUG") or name.startswith("UPLIFT_")]:
        del os.environ[name]
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "UPLIFT_DATA": str(FOLDER / "data"),
        "BROKER_URL": "memory://",
    }
    import django

    django.setup()


if __name__ == "__main__":
    main()
