"""What one run of Uplift has for itself: the data folder and the port."""

import contextlib
import fcntl
import os
import socket
import time
from collections.abc import Iterator
from pathlib import Path

from config.trouble import CannotRunError


@contextlib.contextmanager
def holding(data_dir: Path, address: str) -> Iterator[None]:
    """Keeps the data folder for this process alone; the kernel lets go of it however the process ends.

    Raises CannotRunError when another run holds it.
    """
    data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (data_dir / "lock").open("a+") as note:
        try:
            fcntl.flock(note, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            note.seek(0)
            raise CannotRunError(
                f"Uplift already runs from {data_dir}: {note.read().strip()}. Use it there, or stop it with Ctrl-C. "
                "For a second one: UPLIFT_DATA=/another/folder PORT=8001 make run"
            ) from None
        note.truncate(0)
        note.write(f"{address}, process {os.getpid()}, since {time.strftime('%d %B %H:%M')}")
        note.flush()
        yield


def take_port(host: str, port: int) -> socket.socket:
    """The socket that the web server will listen on. Raises CannotRunError when somebody else has the port.

    A web server of a run that was killed may need a moment to let go, hence the second look.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    door = socket.socket(family, socket.SOCK_STREAM)
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    for attempt in range(20):
        try:
            door.bind((host, port))
        except OSError as error:
            if attempt < 19:
                time.sleep(0.1)
                continue
            door.close()
            raise CannotRunError(
                f"Port {port} on {host} cannot be used ({error.strerror}). "
                f"Stop the program that has it, or choose another port: PORT={port + 1} make run"
            ) from None
        break
    return door
