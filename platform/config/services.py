"""The services of one Uplift on one machine: the pages, the worker and the clock, as commands."""

import socket
import sys

from django.conf import settings

from config.children import Child
from config.console import Console

# Workers that tell each other that they live, and of each other, tell nobody anything here.
SILENT = ("--without-heartbeat", "--without-gossip", "--without-mingle")
CYAN, GREEN, MAGENTA = 36, 32, 35


def services(console: Console, door: socket.socket) -> list[Child]:
    """In the order in which they start; they stop in reverse, so that nothing rings when nobody works any more."""
    python, celery = sys.executable, ("-m", "celery", "--quiet", "--app", "config.celery")
    web = (
        *(python, "-m", "gunicorn", "config.wsgi", "--bind", f"fd://{door.fileno()}", "--no-control-socket"),
        *("--worker-class", "gthread", "--workers", str(settings.WEB_PROCESSES), "--threads", "4"),
        *("--graceful-timeout", "5", "--limit-request-line", "8190", "--log-level", "warning"),
    )
    # Each works alone. The processes of a pool share a lock on their queue; one that is killed while it holds the lock
    # stops the others for ever, and nobody notices.
    worker = (python, *celery, "worker", "--loglevel", "WARNING", *SILENT, "--pool", "solo", "--hostname")
    beat = (python, *celery, "beat", "--loglevel", "WARNING", "--pidfile", "")
    return [
        Child("web", web, console, CYAN, orphaned="QUIT", files=[door.fileno()]),
        *(
            Child("worker", (*worker, f"worker-{number}@%h"), console, GREEN, orphaned="KILL")
            for number in range(settings.WORKER_PROCESSES)
        ),
        Child("beat", beat, console, MAGENTA),
    ]
