"""Where the embedded PostgreSQL of a data folder is, and whether it answers.

The server itself is started and stopped by ``config.postgres``; everybody else needs only its address.
"""

import hashlib
import os
import re
from pathlib import Path

from psycopg import pq
from psycopg.conninfo import make_conninfo

DATABASE = ROLE = "uplift"
SUPERUSER = "postgres"
PORT = "5432"  # names the socket file only: the server listens on no network address
# A socket's address holds 107 bytes, and the server adds the file's name to its folder.
LONGEST_SOCKET_FOLDER = 107 - len(f"/.s.PGSQL.{PORT}")


def database_folder(data_dir: Path) -> Path:
    """Holds everything of the embedded server: ``data`` (the cluster), ``run`` (its socket), ``log``."""
    return data_dir / "postgres"


def socket_folder(data_dir: Path) -> Path:
    """The private folder of the server's socket: in the data folder, or in /tmp if that path is unfit for a socket.

    The same data folder and owner always give the same folder. A path is unfit when it is too long, or has a
    character that the connection strings of the broker cannot carry.
    """
    folder = database_folder(data_dir) / "run"
    if len(os.fsencode(folder)) <= LONGEST_SOCKET_FOLDER and re.fullmatch(r"[\w./+=@~-]+", str(folder), re.ASCII):
        return folder
    digest = hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:16]
    return Path("/tmp") / f"uplift-{digest}"  # noqa: S108 (owner and mode are checked before it is used)


def embedded_database(data_dir: Path) -> dict[str, object]:
    """Django's database settings for the embedded server of this data folder. Touches nothing."""
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": DATABASE,
        "USER": ROLE,
        "HOST": str(socket_folder(data_dir)),
        "PORT": PORT,
    }


def superuser_conninfo(data_dir: Path, database: str = SUPERUSER) -> str:
    """How the supervisor connects in order to create the role and the database; pages and tasks never do."""
    return make_conninfo(host=str(socket_folder(data_dir)), port=PORT, dbname=database, user=SUPERUSER)


def answer(data_dir: Path) -> pq.Ping:
    """What the server says: OK, REJECT (it is starting, recovering or stopping) or NO_RESPONSE."""
    return pq.Ping(pq.PGconn.ping(superuser_conninfo(data_dir).encode()))


def is_running(data_dir: Path) -> bool:
    """Whether the embedded server of this data folder accepts connections now."""
    return answer(data_dir) is pq.Ping.OK
