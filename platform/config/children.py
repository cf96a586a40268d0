"""A service that the supervisor keeps running: a child process, its lines on the console, its restarts and its end."""

import contextlib
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from django.conf import settings

from config.console import Console
from config.trouble import CannotRunError

FAST = 10.0  # seconds: a service that ends sooner after its start has not really started
PATIENCE = 5  # so many fast ends in a row, and the supervisor gives up


class Stamina:
    """Counts how often something ended right after its start."""

    def __init__(self) -> None:
        self.started = 0.0
        self.fast_ends = 0

    def begin(self) -> None:
        self.started = time.monotonic()

    def spend(self, what: str, code: int | None) -> None:
        """Call after each end. Raises CannotRunError after too many fast ones in a row: restarting is no help.

        An end by SIGKILL came from outside (a person, or the kernel short of memory), so that restarting does help.
        """
        is_fast = time.monotonic() - self.started < FAST and code != -signal.SIGKILL
        self.fast_ends = self.fast_ends + 1 if is_fast else 0
        if self.fast_ends >= PATIENCE:
            raise CannotRunError(f"{what} {PATIENCE} times in a row right after its start. The lines above say why.")
        self.begin()


@dataclass
class Child:
    """One service.

    ``orphaned`` is the signal that the kernel sends it when the supervisor is killed, ``patience`` the seconds that it
    has to end when asked to.
    """

    name: str
    command: Sequence[str]
    console: Console
    colour: int
    orphaned: str = "TERM"
    patience: float = 10.0
    files: Sequence[int] = ()
    process: subprocess.Popen[str] | None = field(default=None, init=False)
    stamina: Stamina = field(default_factory=Stamina, init=False)

    def start(self) -> None:
        """Starts the service in a session of its own, so that Ctrl-C reaches the supervisor alone."""
        self.process = subprocess.Popen(
            ["setpriv", "--pdeathsig", self.orphaned, *self.command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            cwd=settings.BASE_DIR,
            env=surroundings(),
            pass_fds=self.files,
            start_new_session=True,
        )
        self.stamina.begin()
        threading.Thread(target=self._repeat, args=[self.process], daemon=True).start()

    def revive(self) -> None:
        """Starts the service again if it has ended. Raises CannotRunError when that happens again and again."""
        if self.process is None or self.process.poll() is None:
            return
        self._end_group()
        what = f"{self.name} {ending(self.process.returncode)}"
        self.stamina.spend(what, self.process.returncode)
        self.console.say(f"{what}: starting it again.")
        self.start()

    def stop(self, in_a_hurry: Callable[[], bool]) -> None:
        """Asks the service to end; after its patience or when in a hurry, ends it and whatever it started by force."""
        if self.process is None:
            return
        self.process.terminate()
        deadline = time.monotonic() + self.patience
        while self.process.poll() is None and time.monotonic() < deadline and not in_a_hurry():
            time.sleep(0.05)
        if self.process.poll() is None:
            self.console.say(f"{self.name} is still busy and is ended by force; what it began will be done again.")
        self._end_group()
        self.process.wait()
        self.process = None

    def _end_group(self) -> None:
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)

    def _repeat(self, process: subprocess.Popen[str]) -> None:
        if process.stdout:
            with process.stdout as lines:
                for line in filter(str.strip, lines):
                    self.console.say(line.rstrip(), self.name, self.colour)


def surroundings() -> dict[str, str]:
    """The environment of a child: ours, with our packages on Python's path and lines that appear at once."""
    paths = [str(settings.BASE_DIR / "platform"), *filter(None, [os.environ.get("PYTHONPATH")])]
    return os.environ | {"PYTHONPATH": os.pathsep.join(paths), "PYTHONUNBUFFERED": "1"}


def ending(code: int) -> str:
    """How a process ended, in words: ``ended with code 3``, ``was killed (SIGKILL)``."""
    return f"ended with code {code}" if code >= 0 else f"was killed ({signal.Signals(-code).name})"
