#!/usr/bin/env python3
"""Start here: every management command of Uplift."""

import os
import sys
from pathlib import Path


def main() -> None:
    # platform/ is a source folder, not a package: docs/decisions/0001-platform-is-a-folder.md
    sys.path.insert(1, str(Path(__file__).resolve().parent / "platform"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from config.commandline import execute

    execute(sys.argv)


if __name__ == "__main__":
    main()
