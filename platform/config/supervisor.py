"""Keeps one Uplift running: starts its parts in order, restarts what dies, stops them in reverse."""

import http.client
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from types import FrameType
from urllib.parse import urlsplit

from django.conf import settings

from config.children import Child, Stamina, surroundings
from config.console import Console
from config.diskspace import is_exhausted
from config.postgres import PostgresServer
from config.trouble import CannotRunError

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Supervisor:
    """Runs until a stop signal (Ctrl-C, SIGTERM, a closed terminal), or until something cannot be kept running."""

    def __init__(self, console: Console, server: PostgresServer | None) -> None:
        self.console = console
        self.server = server
        self.children: list[Child] = []
        self.server_stamina = Stamina()
        self.stops_asked = 0

    def run(self, work: Callable[[], None]) -> int:
        """Calls ``work``, which starts the parts and watches over them. However it ends, everything is stopped.

        Returns the exit code: 0 after a stop signal, 1 (and it has said why) when ``work`` could not go on.
        """
        code = 0
        for number in STOP_SIGNALS:
            signal.signal(number, signal.default_int_handler)
        try:
            work()
        except KeyboardInterrupt:
            self.console.say("Stopping. Please wait a moment; Ctrl-C again hurries.")
        except CannotRunError as reason:
            self.console.say(str(reason))
            code = 1
        finally:
            for number in STOP_SIGNALS:
                signal.signal(number, self._hurry)
            self._stop()
        return code

    def start_database(self) -> None:
        """Starts the embedded server, if there is one, and makes its role and database."""
        if self.server:
            self.server_stamina.begin()
            self.server.start()
            self.server.ensure_database()

    def do(self, *command: str) -> None:
        """Runs a management command to its end, with its output as it is. Raises CannotRunError when it fails."""
        call = ["setpriv", "--pdeathsig", "TERM", sys.executable, "manage.py", *command]
        process = subprocess.Popen(call, cwd=settings.BASE_DIR, env=surroundings(), start_new_session=True)
        try:
            if process.wait() != 0:
                raise self._explain(f"`manage.py {' '.join(command)}` did not work")
        finally:
            process.terminate()
            process.wait()

    def start(self, children: Sequence[Child]) -> None:
        """Starts the services, and watches over them from now on."""
        for child in children:
            self.children.append(child)
            child.start()

    def wait_for_page(self, host: str, port: int) -> None:
        """Returns when the first page answers."""
        while (status := _status(host, port)) is None:
            self._look_after()
            time.sleep(0.1)
        if status >= 500:
            self.console.say(f"The first page answers with an error ({status}); the lines above say why.")

    def watch(self) -> None:
        """Restarts what dies, until a stop signal comes."""
        while True:
            self._look_after()
            time.sleep(0.2)

    def _look_after(self) -> None:
        if self.server:
            self._look_after_database(self.server)
        for child in self.children:
            child.revive()

    def _look_after_database(self, server: PostgresServer) -> None:
        if is_exhausted(settings.DATA_DIR):
            raise server.failure("Uplift stops, so that nothing is damaged")
        if server.has_ended():
            self.server_stamina.spend("PostgreSQL ended", server.exit_code)
            self.console.say("PostgreSQL ended: starting it again.")
            server.start()

    def _explain(self, what: str) -> CannotRunError:
        if self.server and (self.server.has_ended() or is_exhausted(settings.DATA_DIR)):
            return self.server.failure(what)
        return CannotRunError(f"{what}; the lines above say why.")

    def _stop(self) -> None:
        for child in reversed(self.children):
            child.stop(lambda: self.stops_asked > 0)
        if self.server:
            self.server.stop()

    def _hurry(self, number: int, frame: FrameType | None) -> None:
        self.stops_asked += 1


def _status(host: str, port: int) -> int | None:
    connection = http.client.HTTPConnection(host, port, timeout=5)
    try:
        connection.request("GET", "/", headers={"Host": urlsplit(settings.SITE_URL).netloc})
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()
