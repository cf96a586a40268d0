"""A web server on the benches' database, and what it costs."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from django.db import connection

from .cost import NANOSECONDS, children

THREADS = 4
ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def web(application: str, *, probe: str, processes: int = 2, **environment: str) -> Iterator[tuple[int, int]]:
    """gunicorn as Uplift starts it, on this database, once it answers the address `probe`; its process and port."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]
    command = [
        *(sys.executable, "-m", "gunicorn", "--pythonpath", "platform", application, "--bind", f"127.0.0.1:{port}"),
        *("--worker-class", "gthread", "--workers", str(processes), "--threads", str(THREADS), "--no-control-socket"),
        *("--log-level", "warning"),
    ]
    process = subprocess.Popen(
        command, cwd=ROOT, env=os.environ | {"DATABASE_URL": address_of_database(), **environment}
    )
    try:
        wait_for(port, probe)
        yield process.pid, port
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def address_of_database() -> str:
    """The database that Django's connection works in, as DATABASE_URL says it."""
    found = connection.settings_dict
    return f"postgresql://{found['USER']}@/{found['NAME']}?host={quote(str(found['HOST']), safe='')}"


def wait_for(port: int, probe: str) -> None:
    for _ in range(300):
        try:
            line = http.client.HTTPConnection("localhost", port, timeout=5)
            line.request("GET", probe)
            if line.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("gunicorn does not answer")


def web_seconds(pid: int) -> float:
    """CPU seconds of gunicorn's processes."""
    return sum(
        int(Path(f"/proc/{process}/task/{task.name}/schedstat").read_text().split()[0]) / NANOSECONDS
        for process in children(pid)
        for task in Path(f"/proc/{process}/task").iterdir()
    )
