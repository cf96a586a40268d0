"""Real processes for the machine room's tests: ``manage.py up`` on a folder of its own."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings

PATIENCE = 120  # seconds until a test gives up waiting; nothing is asserted about time
Start = Callable[..., "Running"]


class Running:
    """A ``manage.py`` process whose output is kept in a file."""

    def __init__(self, output: Path, *command: str, **surroundings: str) -> None:
        self.output = output
        with output.open("wb") as file:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", *command],
                cwd=settings.BASE_DIR,
                env={**os.environ, "BROKER_URL": "", **surroundings},
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=file,
                start_new_session=True,
            )

    @property
    def text(self) -> str:
        return self.output.read_text()

    def wait_for(self, words: str) -> str:
        """The output so far, once it contains the words."""
        until(lambda: words in self.text or self.process.poll() is not None)
        assert words in self.text, self.text
        return self.text

    def finish(self) -> int:
        """The exit code, once the process has ended."""
        return self.process.wait(PATIENCE)

    def stop(self, number: int) -> int:
        self.process.send_signal(number)
        return self.finish()


def until(condition: Callable[[], bool]) -> None:
    """Returns when the condition holds; fails the test if it never does."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """``start("up", "--only", "postgres")`` on this test's data folder; what still runs at the end is ended."""
    processes: list[Running] = []

    def begin(*command: str, **surroundings: str) -> Running:
        output = tmp_path / f"output-{len(processes)}"
        surroundings = {"UPLIFT_DATA": str(tmp_path / "data"), **surroundings}
        processes.append(Running(output, *command, **surroundings))
        return processes[-1]

    yield begin
    for running in processes:
        running.process.terminate()
        running.process.wait(PATIENCE)
