"""Receiving a file: it is kept until it is dealt with."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import PurePath

import psycopg
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, OuterRef

from accounts.models import User
from courses.returns.formats import FileRefusedError
from courses.returns.models import HeldRow, Piece, Return, ReturnProfile
from programs.models import Partner, Program

TRIALS_ARE_KEPT = timedelta(days=1)


@transaction.atomic
def receive_return(
    program: Program,
    partner: Partner,
    profile: ReturnProfile,
    *,
    file_name: str,
    content: Iterable[bytes],
    received_by: User | None,
    received_at: datetime,
    key: str = "",
    is_trial: bool = False,
) -> Return:
    """Keeps the file until it is loaded, and rings for a worker. Raises `FileRefusedError` if it is too large."""
    kept = keep_return(
        program, partner, profile, file_name=file_name, content=content, received_by=received_by,
        received_at=received_at, key=key, is_trial=is_trial,
    )  # fmt: skip
    _ring(kept.pk)
    return kept


def _ring(return_id: int) -> None:
    from courses.returns.tasks import load_return

    # The ring may be lost without harm: beat finds the row.
    transaction.on_commit(lambda: load_return.delay(return_id), robust=True)


@transaction.atomic
def keep_return(
    program: Program,
    partner: Partner,
    profile: ReturnProfile,
    *,
    file_name: str,
    content: Iterable[bytes],
    received_by: User | None,
    received_at: datetime,
    key: str = "",
    is_trial: bool = False,
) -> Return:
    """Keeps the file, which comes in pieces of any size, and rings for nobody: the caller loads it.

    `key` is what the sender knows this return by; a partner has each once. Raises `FileRefusedError` if the file is too
    large.
    """
    kept = Return.objects.create(
        program=program,
        partner=partner,
        profile=profile,
        file_name=_readable(file_name),
        size=0,
        checksum="",
        received_by=received_by,
        received_at=received_at,
        received_key=key,
        is_trial=is_trial,
    )
    checksum = sha256()
    for number, piece in enumerate(_of_one_size(content)):
        kept.size += len(piece)
        if kept.size > settings.MAX_RETURN_BYTES:
            raise FileRefusedError(too_large(kept.size))
        checksum.update(piece)
        _keep_piece(kept, number, piece)
    kept.checksum = checksum.hexdigest()
    kept.save(update_fields=["size", "checksum"])
    return kept


def _of_one_size(content: Iterable[bytes]) -> Iterator[bytes]:
    buffer = bytearray()
    for part in content:
        buffer += part
        while len(buffer) >= Piece.SIZE:
            yield bytes(buffer[: Piece.SIZE])
            del buffer[: Piece.SIZE]
    if buffer:
        yield bytes(buffer)


def _keep_piece(kept: Return, number: int, piece: bytes) -> None:
    """Sends the bytes as they are: the ORM would write them into the statement as text, several times their size."""
    with psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(
            "INSERT INTO returns_piece (program_id, of_return_id, number, content) VALUES (%s, %s, %s, %b)",
            [kept.program_id, kept.pk, number, piece],
        )


@transaction.atomic
def load_trial(trial: Return) -> bool:
    """Makes a return of a dry run whose file is still kept, and rings for a worker; answers whether it is one now."""
    locked = Return.objects.select_for_update(of=("self",)).get(pk=trial.pk)
    if locked.status != Return.Status.TRIED or not locked.pieces.exists():
        return False
    locked.held_rows.all().delete()
    outcome = {"sent": 0, "accepted": 0, "duplicate": 0, "quarantined": 0, "facts": {}, "months": {}}
    progress = {"rows_read": 0, "bytes_read": 0, "attempts": 0}
    changes = outcome | progress | {"is_trial": False, "status": Return.Status.RECEIVED, "loaded_at": None}
    Return.objects.filter(pk=locked.pk).update(**changes)
    _ring(locked.pk)
    return True


@transaction.atomic
def forget_trials(*, at: datetime) -> int:
    """Lets go of the files of dry runs that nobody has loaded, and of the cells of their rows; answers how many files.

    What was wrong with each row stays, without the row.
    """
    old = Return.objects.filter(status=Return.Status.TRIED, loaded_at__lt=at - TRIALS_ARE_KEPT)
    with_file = old.filter(Exists(Piece.objects.filter(of_return=OuterRef("pk")))).order_by("pk")
    ids = list(with_file.select_for_update(of=("self",)).values_list("pk", flat=True))
    Piece.objects.filter(of_return__in=ids)._raw_delete("default")
    HeldRow.objects.filter(of_return__in=ids, sealed__isnull=False).update(sealed=None)
    return len(ids)


def too_large(size: int) -> str:
    return f"The file is too large: it has {size:,} bytes or more, and at most {largest()} are taken. Send it in parts."


def largest() -> str:
    """The size of the largest file that is taken, in words."""
    return f"{settings.MAX_RETURN_BYTES:,} bytes"


def _readable(file_name: str) -> str:
    name = PurePath(file_name).name
    return "".join(character if character.isprintable() else "�" for character in name)[-255:] or "unnamed"
