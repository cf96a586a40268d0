"""The embedded PostgreSQL server of a data folder: created, started, repaired and stopped as our own child."""

import contextlib
import itertools
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import IO

import psycopg
from psycopg import pq, sql

from config import embedded
from config.diskspace import is_exhausted
from config.rights import hand_over, rights_for, server_programs
from config.trouble import CannotRunError

MAJOR = "18"
INITDB = (
    *("--username", embedded.SUPERUSER, "--encoding=UTF8", "--locale=C"),
    *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--auth-local=trust", "--auth-host=reject"),
)
# Recovery time grows with the write-ahead log, hence the limit. Error messages in the log name no data of people.
SETTINGS = {
    "listen_addresses": "",
    "port": embedded.PORT,
    "unix_socket_permissions": "0700",
    "max_wal_size": "512MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "cluster_name": "uplift",
}
# For databases that may be lost: tests.
# Nothing is kept, and nothing tidies up beside the work: what the planner knows must not depend on the moment.
THROWAWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}
LOG_LIMIT = 10 * 1024 * 1024


class PostgresServer:
    """One server on one data folder. The caller holds the folder's lock (``config.supervisor``).

    ``settings`` go before those that are usual here, by PostgreSQL's own names.
    """

    def __init__(
        self,
        data_dir: Path,
        say: Callable[[str], None],
        *,
        throwaway: bool = False,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        self.data_dir = data_dir
        self.folder = embedded.database_folder(data_dir)
        self.cluster = self.folder / "data"
        self.log = self.folder / "log"
        self.say = say
        self.throwaway = throwaway
        self.settings = settings or {}
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Returns when the server accepts connections, however long recovery takes.

        Raises CannotRunError when the folder is unfit or the server ends instead.
        """
        self._refuse_foreign_cluster()
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.rights = rights_for(self.folder)
        if self.rights.notice and self.process is None:
            self.say(self.rights.notice)
        self.programs = server_programs(self.rights, self.folder)
        hand_over(self.rights, self.folder)
        self._prepare_socket_folder()
        self._clear_leftovers()
        if not self.cluster.exists():
            self._create_cluster()
        self._launch()
        self._wait_until_ready()

    def stop(self) -> None:
        """Ends connections, writes everything down and returns when the server is gone."""
        if self.process is None:
            return
        self.process.send_signal(signal.SIGINT)
        for waited in itertools.count(10, 10):
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(10)
                break
            self.say(f"PostgreSQL is still writing its data down ({waited} s); please wait.")
        self.process = None
        with contextlib.suppress(OSError):
            embedded.socket_folder(self.data_dir).rmdir()

    def has_ended(self) -> bool:
        """Whether the server was started and is gone, without having been stopped."""
        return self.process is not None and self.process.poll() is not None

    @property
    def exit_code(self) -> int | None:
        """How the server ended, if it has: negative for a signal."""
        return self.process.returncode if self.process else None

    def ensure_database(self, *, may_create_databases: bool = False) -> None:
        """Creates the role and the database of the application where they are missing. The role is no superuser."""
        with psycopg.connect(embedded.superuser_conninfo(self.data_dir), autocommit=True) as connection:
            role, database = sql.Identifier(embedded.ROLE), sql.Identifier(embedded.DATABASE)
            if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [embedded.ROLE]).fetchone():
                right = sql.SQL("CREATEDB" if may_create_databases else "NOCREATEDB")
                connection.execute(sql.SQL("CREATE ROLE {} LOGIN NOSUPERUSER NOCREATEROLE {}").format(role, right))
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [embedded.DATABASE]).fetchone():
                connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(database, role))

    def failure(self, what: str) -> CannotRunError:
        """The exception for ``what`` ("PostgreSQL ended"), with its cause: no disk space, or the log's last lines."""
        lines = self.log.read_text(errors="replace").splitlines()[-4:] if self.log.exists() else []
        if is_exhausted(self.data_dir) or any("No space left on device" in line for line in lines):
            return CannotRunError(f"{what}: no disk space is left in {self.data_dir}. Make room there and run again.")
        return CannotRunError("\n  ".join([f"{what}. The end of {self.log}:", *lines]))

    def _refuse_foreign_cluster(self) -> None:
        if not self.cluster.exists():
            return
        owner = self.cluster.stat().st_uid
        if os.geteuid() not in (0, owner):
            raise CannotRunError(
                f"The database in {self.cluster} belongs to user number {owner}, and you are {os.geteuid()}. "
                "Run as that user, or choose another data folder: UPLIFT_DATA=/path make run"
            )
        major = (self.cluster / "PG_VERSION").read_text().strip()
        if major != MAJOR:
            raise CannotRunError(
                f"The database in {self.cluster} was made by PostgreSQL {major}, and this is PostgreSQL {MAJOR}. "
                "Move it over as docs/operations.md says under Upgrading, or choose another folder: UPLIFT_DATA=/path"
            )

    def _prepare_socket_folder(self) -> None:
        folder = embedded.socket_folder(self.data_dir)
        folder.mkdir(mode=0o700, exist_ok=True)
        if folder.is_symlink() or folder.stat().st_uid not in (os.geteuid(), self.rights.owner):
            raise CannotRunError(f"{folder} must be a folder of your own, and is not. Remove it and run again.")
        folder.chmod(0o700)
        os.chown(folder, self.rights.owner, -1)

    def _clear_leftovers(self) -> None:
        """A server that outlived its supervisor is stopped; a note that it left behind is removed once it is gone."""
        for waited in itertools.count():
            leftovers = processes_in(self.cluster)
            if not leftovers:
                break
            if waited == 0:
                self.say(f"Stopping the database server of a run that was killed (process {min(leftovers)}).")
            if waited in (0, 30):
                _signal(leftovers, signal.SIGINT if waited == 0 else signal.SIGQUIT)
            time.sleep(1)
        (self.cluster / "postmaster.pid").unlink(missing_ok=True)

    def _create_cluster(self) -> None:
        """Under another name first: a cluster that bears its name is complete."""
        draft = self.cluster.with_name("data.new")
        shutil.rmtree(draft, ignore_errors=True)
        with self._open_log() as log:
            command = [*INITDB, "--pgdata", str(draft), *(["--no-sync"] if self.throwaway else [])]
            if self._run("initdb", command, log).wait() != 0:
                raise self.failure("PostgreSQL could not create its database")
        draft.rename(self.cluster)

    def _launch(self) -> None:
        settings = SETTINGS | {"unix_socket_directories": str(embedded.socket_folder(self.data_dir))}
        settings |= (THROWAWAY if self.throwaway else {}) | dict(self.settings)
        options = [f"--{name}={value}" for name, value in settings.items()]
        with self._open_log() as log:
            self.process = self._run("postgres", ["-D", str(self.cluster), *options], log)

    def _run(self, program: str, arguments: Sequence[str], log: IO[bytes]) -> subprocess.Popen[bytes]:
        """A child in a session of its own, which the kernel stops (fast shutdown) when this process dies."""
        command = [*self.rights.prefix, "setpriv", "--pdeathsig", "INT", str(self.programs / program), *arguments]
        surroundings = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"}
        return subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True, env=surroundings
        )

    def _open_log(self) -> IO[bytes]:
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT:
            self.log.replace(self.log.with_name("log.old"))
        return self.log.open("ab")

    def _wait_until_ready(self) -> None:
        for tenths in itertools.count():
            if self.process is None or self.process.poll() is not None:
                raise self.failure("PostgreSQL did not start")
            reply = embedded.answer(self.data_dir)
            if reply is pq.Ping.OK:
                return
            if tenths % 100 == 20 and reply is pq.Ping.REJECT:
                self.say("PostgreSQL is recovering from an unclean stop; it keeps what was saved. Please wait.")
            time.sleep(0.1)


def processes_in(cluster: Path) -> list[int]:
    """The server processes that work in this cluster. They change into it when they start and never leave."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if (process / "cwd").readlink() == cluster and (process / "comm").read_text() == "postgres\n":
                found.append(int(process.name))
    return found


def _signal(processes: Iterable[int], number: signal.Signals) -> None:
    for process in processes:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, number)
