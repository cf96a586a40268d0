"""The whole Uplift of `make run`, without the demonstration: pages, worker, clock and database."""

import os
import signal
import socket
import urllib.request
from pathlib import Path

import pytest

from .conftest import Running, Start, until

READY = "Uplift is ready"


@pytest.fixture
def port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as door:
        return int(door.getsockname()[1])


def run(start: Start, port: int) -> Running:
    up = start("up", PORT=str(port), UPLIFT_DEMO="0", UPLIFT_WEB_PROCESSES="1", UPLIFT_WORKER_PROCESSES="1")
    up.wait_for(READY)
    return up


def processes_of(data: Path, having: str = "") -> list[int]:
    """Everything that runs for this data folder: by the environment that it inherited, or by its command line."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            surroundings, command = (process / "environ").read_bytes(), (process / "cmdline").read_text()
        except OSError:
            continue
        is_ours = f"UPLIFT_DATA={data}\0".encode() in surroundings or str(data) in command
        if is_ours and having in command.replace("\0", " "):
            found.append(int(process.name))
    return found


def first_page(port: int) -> int:
    with urllib.request.urlopen(f"http://localhost:{port}/") as answer:
        return int(answer.status)


@pytest.mark.long
def test_it_serves_survives_deaths_and_leaves_nothing_behind(start: Start, tmp_path: Path, port: int) -> None:
    data = tmp_path / "data"
    first = run(start, port)
    assert first_page(port) == 200
    assert "Not Found" not in first.text  # the first page is asked for where it is

    first.stop(signal.SIGKILL)
    until(lambda: processes_of(data) == [])

    second = run(start, port)
    os.kill(min(processes_of(data, "celery --quiet --app config.celery worker")), signal.SIGKILL)
    second.wait_for("worker was killed (SIGKILL): starting it again.")
    assert first_page(port) == 200
    assert second.stop(signal.SIGINT) == 0
    assert processes_of(data) == []
