import socket
from pathlib import Path

import pytest

from config import diskspace
from config.diskspace import MIB, require_space
from config.premises import holding, take_port
from config.trouble import CannotRunError


def test_a_folder_is_held_by_one_run_at_a_time(tmp_path: Path) -> None:
    with holding(tmp_path, "http://localhost:8000"):
        second = holding(tmp_path, "http://localhost:8001")
        with pytest.raises(CannotRunError, match=r"already runs from .*: http://localhost:8000, process"):
            second.__enter__()
    with holding(tmp_path, "http://localhost:8002"):
        assert "8002" in (tmp_path / "lock").read_text()


def test_a_free_port_is_taken_before_anything_listens_on_it() -> None:
    with take_port("127.0.0.1", 0) as door, pytest.raises(ConnectionRefusedError):
        socket.create_connection(door.getsockname())


@pytest.mark.parametrize(("host", "family"), [("127.0.0.1", socket.AF_INET), ("::1", socket.AF_INET6)])
def test_a_taken_port_is_refused_with_the_next_one_to_try(host: str, family: socket.AddressFamily) -> None:
    with socket.create_server((host, 0), family=family) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(CannotRunError, match=f"Port {port} .* PORT={port + 1} make run"):
            take_port(host, port)


def test_too_little_space_is_said_with_what_there_is_and_what_is_needed(tmp_path: Path) -> None:
    free = diskspace.free_bytes(tmp_path)
    needed = free + 500 * MIB
    with pytest.raises(CannotRunError, match=rf"{needed // MIB} MB are needed.*UPLIFT_DATA="):
        require_space(tmp_path / "not/there/yet", needed)
    require_space(tmp_path / "not/there/yet", 1)
