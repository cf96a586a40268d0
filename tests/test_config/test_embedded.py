from pathlib import Path

import pytest

from config.embedded import LONGEST_SOCKET_FOLDER, embedded_database, is_running, socket_folder


def test_the_socket_lies_in_the_data_folder_when_its_path_fits() -> None:
    assert socket_folder(Path("/srv/uplift/var")) == Path("/srv/uplift/var/postgres/run")


@pytest.mark.parametrize("unfit", ["/srv/" + "long/" * 20, "/srv/with space", "/srv/ümlaut", "/srv/com,ma"])
def test_a_path_that_no_socket_can_have_is_replaced_by_a_short_one(unfit: str) -> None:
    folder = socket_folder(Path(unfit))
    assert folder.parent == Path("/tmp")
    assert len(str(folder)) <= LONGEST_SOCKET_FOLDER


def test_the_longest_path_that_fits_is_kept_and_one_more_letter_is_not() -> None:
    room = LONGEST_SOCKET_FOLDER - len("/postgres/run")
    longest = Path("/" + "x" * (room - 1))
    assert socket_folder(longest) == longest / "postgres/run"
    assert socket_folder(Path(f"{longest}x")).parent == Path("/tmp")


def test_every_data_folder_has_its_own_short_path_and_always_the_same() -> None:
    one, other = Path("/srv/with space"), Path("/srv/with  space")
    assert socket_folder(one) == socket_folder(one)
    assert socket_folder(one) != socket_folder(other)


def test_django_connects_to_the_socket_as_the_application(tmp_path: Path) -> None:
    database = embedded_database(tmp_path)
    assert database["HOST"] == str(socket_folder(tmp_path))
    assert (database["NAME"], database["USER"]) == ("uplift", "uplift")


def test_nothing_runs_in_an_empty_folder_and_asking_leaves_it_empty(tmp_path: Path) -> None:
    assert not is_running(tmp_path)
    assert list(tmp_path.iterdir()) == []
