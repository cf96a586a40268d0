"""The kept file of a return as a file that can be searched, of which a piece at a time is in memory."""

import io

import psycopg
from django.db import connection

from .models import Piece, Return


class Pieces(io.RawIOBase):
    def __init__(self, return_id: int) -> None:
        self.return_id, self.position = return_id, 0
        self.size = Return.objects.values_list("size", flat=True).get(pk=return_id)
        self.number, self.piece = -1, b""

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self.position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self.position, io.SEEK_END: self.size}[whence]
        self.position = max(start + offset, 0)
        return self.position

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        number, at = divmod(self.position, Piece.SIZE)
        if self.position >= self.size:
            return 0
        if number != self.number:
            self.number, self.piece = number, self._read(number)
        part = self.piece[at : at + len(buffer)]
        buffer[: len(part)] = part
        self.position += len(part)
        return len(part)

    def _read(self, number: int) -> bytes:
        """As binary: the ORM would have it sent as text, twice its size."""
        connection.ensure_connection()
        with psycopg.Cursor(connection.connection) as cursor:
            row = cursor.execute(
                "SELECT content FROM returns_piece WHERE of_return_id = %s AND number = %s",
                [self.return_id, number], binary=True,
            ).fetchone()  # fmt: skip
        assert row
        return bytes(row[0])


class Content(io.BufferedReader):
    """Opens the file of a return."""

    def __init__(self, return_id: int) -> None:
        pieces = Pieces(return_id)
        self.size = pieces.size
        super().__init__(pieces, Piece.SIZE)

    def reached(self, rows: int, of_rows: int | None) -> int:
        """How many bytes of the file `rows` rows stand for: their share of the rows where it is known how many there
        are, else what was read until now, of a file that is read from its start to its end. Never more than the size.
        """
        return min(self.tell(), self.size) if of_rows is None else self.size * rows // max(rows, of_rows, 1)
