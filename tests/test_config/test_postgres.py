"""A real server in a folder of each test's own."""

import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from config.embedded import ROLE, embedded_database, is_running, socket_folder
from config.postgres import PostgresServer, processes_in
from config.rights import NOBODY, rights_for
from config.trouble import CannotRunError

from .conftest import until


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def server(tmp_path: Path, said: list[str]) -> Iterator[PostgresServer]:
    server = PostgresServer(tmp_path, said.append, throwaway=True)
    yield server
    server.stop()


def connect(data_dir: Path) -> psycopg.Connection[tuple[object, ...]]:
    address = make_conninfo(host=str(socket_folder(data_dir)), dbname=ROLE, user=ROLE)
    return psycopg.connect(address, autocommit=True)


def ask(data_dir: Path, query: str) -> object:
    with connect(data_dir) as connection:
        row = connection.execute(query.encode()).fetchone()  # type: ignore[arg-type,unused-ignore]
    assert row is not None
    return row[0]


def test_the_application_is_no_superuser_and_owns_its_database(server: PostgresServer, tmp_path: Path) -> None:
    server.start()
    server.ensure_database()
    assert (
        ask(tmp_path, "SELECT usesuper OR usecreatedb OR usebypassrls FROM pg_user WHERE usename = 'uplift'") is False
    )
    assert ask(tmp_path, "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'uplift'") == "uplift"


def test_the_server_listens_on_a_private_socket_only(server: PostgresServer, tmp_path: Path) -> None:
    server.start()
    server.ensure_database()
    assert ask(tmp_path, "SELECT current_setting('listen_addresses')") == ""
    assert stat.S_IMODE(Path(str(embedded_database(tmp_path)["HOST"])).stat().st_mode) == 0o700


def test_starting_again_keeps_the_data(server: PostgresServer, tmp_path: Path) -> None:
    server.start()
    server.ensure_database()
    with connect(tmp_path) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS seven")
    server.stop()
    assert not is_running(tmp_path)
    server.start()
    server.ensure_database()
    assert ask(tmp_path, "SELECT seven FROM kept") == 7


def test_a_server_killed_with_9_starts_again_with_what_was_committed(server: PostgresServer, tmp_path: Path) -> None:
    server.throwaway = False
    server.start()
    server.ensure_database()
    with connect(tmp_path) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS seven")
    assert server.process is not None
    server.process.kill()
    until(server.has_ended)
    server.start()
    assert ask(tmp_path, "SELECT seven FROM kept") == 7


def test_a_stale_note_with_the_number_of_another_process_does_not_hinder(
    server: PostgresServer, tmp_path: Path
) -> None:
    server.start()
    server.stop()
    stranger = subprocess.Popen(["sleep", "600"])
    try:
        (server.cluster / "postmaster.pid").write_text(f"{stranger.pid}\n{server.cluster}\n1\n5432\n\n\n\n")
        server.start()
        assert is_running(tmp_path)
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_a_server_that_outlived_its_supervisor_is_stopped_first(
    server: PostgresServer, tmp_path: Path, said: list[str]
) -> None:
    older = PostgresServer(tmp_path, said.append, throwaway=True)
    older.start()
    server.start()
    assert older.has_ended()
    assert any("Stopping the database server of a run that was killed" in line for line in said)
    assert is_running(tmp_path)


def test_settings_that_are_given_go_before_the_usual_ones(tmp_path: Path) -> None:
    server = PostgresServer(tmp_path, print, throwaway=True, settings={"fsync": "on", "max_wal_size": "1GB"})
    server.start()
    server.ensure_database()
    told = [ask(tmp_path, f"SELECT current_setting('{name}')") for name in ("fsync", "max_wal_size", "timezone")]
    server.stop()
    assert told == ["on", "1GB", "UTC"]


def test_the_server_ends_when_its_supervisor_is_killed_with_9(tmp_path: Path) -> None:
    program = (
        "import pathlib, signal, sys; from config.postgres import PostgresServer; "
        "PostgresServer(pathlib.Path(sys.argv[1]), print, throwaway=True).start(); signal.pause()"
    )
    supervisor = subprocess.Popen(
        [sys.executable, "-c", program, tmp_path], env={**os.environ, "PYTHONPATH": "platform"}
    )
    until(lambda: is_running(tmp_path))
    supervisor.kill()
    supervisor.wait()
    until(lambda: not processes_in(tmp_path / "postgres/data"))


def test_a_cluster_that_was_half_made_is_made_anew(server: PostgresServer, tmp_path: Path) -> None:
    half = tmp_path / "postgres/data.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    server.start()
    assert is_running(tmp_path)
    assert not half.exists()


def test_a_cluster_of_another_major_version_is_refused_in_one_line(server: PostgresServer) -> None:
    server.cluster.mkdir(parents=True)
    (server.cluster / "PG_VERSION").write_text("17\n")
    with pytest.raises(CannotRunError, match=r"made by PostgreSQL 17, and this is PostgreSQL 18.*operations\.md"):
        server.start()


def test_a_server_that_cannot_start_shows_the_end_of_its_log(server: PostgresServer) -> None:
    server.start()
    server.stop()
    (server.cluster / "postgresql.conf").write_text("no_such_setting = 1\n")
    with pytest.raises(CannotRunError, match=r"did not start(.|\n)*no_such_setting"):
        server.start()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives rights away")
def test_under_root_the_server_has_no_rights_of_root(server: PostgresServer) -> None:
    server.start()
    assert server.process is not None
    status = Path(f"/proc/{server.process.pid}/status").read_text()
    assert "CapEff:\t0000000000000000" in status


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_files_of_nobody_are_used_as_nobody(tmp_path: Path) -> None:
    folder = tmp_path / "postgres"
    folder.mkdir()
    os.chown(folder, NOBODY, NOBODY)
    assert rights_for(folder).owner == NOBODY


def test_a_socket_folder_of_somebody_else_is_refused(tmp_path: Path, said: list[str]) -> None:
    folder = socket_folder(tmp_path / ("long" * 30))
    folder.symlink_to(tmp_path)
    try:
        with pytest.raises(CannotRunError, match="must be a folder of your own"):
            PostgresServer(tmp_path / ("long" * 30), said.append).start()
    finally:
        folder.unlink()


def test_stopping_twice_is_stopping_once(server: PostgresServer, tmp_path: Path) -> None:
    server.start()
    server.stop()
    server.stop()
    assert not is_running(tmp_path)


def test_a_stopped_server_writes_down_its_data(server: PostgresServer) -> None:
    server.start()
    assert server.process is not None
    process = server.process
    server.stop()
    assert process.returncode == 0
