"""What the supervisor prints: whole lines, each with the name of who says it."""

import os
import sys
import threading
from typing import TextIO

PLAIN = 0
WIDTH = 8


class Console:
    """Prints whole lines from several threads. Colours only on a terminal, and not under NO_COLOR (no-color.org)."""

    def __init__(self, stream: TextIO = sys.stdout) -> None:
        self._stream: TextIO | None = stream
        self._turn = threading.Lock()
        self._coloured = stream.isatty() and "NO_COLOR" not in os.environ

    def say(self, line: str, name: str = "uplift", colour: int = PLAIN) -> None:
        """Prints the line after the name. Goes silent when the terminal is gone: the services still must be stopped."""
        label = f"{name:<{WIDTH}}| "
        if self._coloured and colour != PLAIN:
            label = f"\033[{colour}m{label}\033[0m"
        with self._turn:
            try:
                if self._stream:
                    self._stream.write(f"{label}{line}\n")
                    self._stream.flush()
            except OSError:
                self._stream = None
