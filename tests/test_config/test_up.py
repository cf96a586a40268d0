"""`manage.py up` as a process of its own. `--only postgres` is the whole supervisor with the fewest parts."""

import os
import signal
import socket
from pathlib import Path

from config.embedded import is_running
from config.postgres import processes_in

from .conftest import Start, until

READY = "PostgreSQL is ready"


def test_ctrl_c_stops_everything_and_is_no_error(start: Start, tmp_path: Path) -> None:
    up = start("up", "--only", "postgres")
    up.wait_for(READY)
    assert up.stop(signal.SIGINT) == 0
    assert "Stopping." in up.text
    assert processes_in(tmp_path / "data/postgres/data") == []


def test_a_polite_stop_and_a_closed_terminal_stop_everything_too(start: Start, tmp_path: Path) -> None:
    for number in (signal.SIGTERM, signal.SIGHUP):
        up = start("up", "--only", "postgres")
        up.wait_for(READY)
        assert up.stop(number) == 0
        assert processes_in(tmp_path / "data/postgres/data") == []


def test_a_second_run_on_the_same_folder_says_who_runs_it_and_where(start: Start, tmp_path: Path) -> None:
    first = start("up", "--only", "postgres", PORT="8123")
    first.wait_for(READY)
    second = start("up", "--only", "postgres")
    assert second.finish() == 1
    assert f"already runs from {tmp_path / 'data'}: http://localhost:8123, process {first.process.pid}" in second.text
    assert is_running(tmp_path / "data")


def test_after_kill_9_nothing_is_left_and_the_next_run_starts(start: Start, tmp_path: Path) -> None:
    first = start("up", "--only", "postgres")
    first.wait_for(READY)
    first.stop(signal.SIGKILL)
    second = start("up", "--only", "postgres")
    second.wait_for(READY)
    second.stop(signal.SIGINT)
    assert processes_in(tmp_path / "data/postgres/data") == []


def test_a_killed_database_is_started_again(start: Start, tmp_path: Path) -> None:
    up = start("up", "--only", "postgres")
    up.wait_for(READY)
    server = int((tmp_path / "data/postgres/data/postmaster.pid").read_text().splitlines()[0])
    os.kill(server, signal.SIGKILL)
    up.wait_for("PostgreSQL ended: starting it again.")
    until(lambda: is_running(tmp_path / "data"))


def test_a_port_that_is_taken_is_named_with_another_to_try(start: Start) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        up = start("up", PORT=str(port))
        assert up.finish() == 1
        assert f"Port {port} on 127.0.0.1 cannot be used" in up.text
        assert f"PORT={port + 1} make run" in up.text


def test_settings_that_do_not_fit_are_refused_before_anything_starts(start: Start, tmp_path: Path) -> None:
    up = start("up", SITE_URL="https://uplift.example.org")
    assert up.finish() == 1
    assert "config.E005" in up.text
    assert not (tmp_path / "data/postgres").exists()


def test_a_command_by_hand_says_that_uplift_is_not_running(start: Start) -> None:
    command = start("migrate")
    assert command.finish() == 1
    assert command.text == "Uplift is not running: start it with `make run`, and run this command beside it.\n"


def test_a_command_by_hand_works_beside_a_run(start: Start) -> None:
    start("up", "--only", "postgres").wait_for(READY)
    command = start("createcachetable", "--verbosity", "2")
    assert command.finish() == 0
    assert "Cache table 'cache' created." in command.text


def test_a_setting_that_is_no_number_is_named(start: Start) -> None:
    command = start("check", PORT="eighty")
    assert command.finish() == 1
    assert command.text.startswith('A setting is not valid: Environment variable "PORT" invalid')
