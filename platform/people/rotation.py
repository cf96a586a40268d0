"""A further key for a program's identities: what a rotation does to stored hashes, within its one transaction."""

from collections.abc import Callable, Iterator, Sequence
from functools import reduce
from typing import Any

from django.db import connection

from people.identities import Layer
from programs.models import Program

BATCH = 32_768  # rows that are in memory at a time
Change = Callable[[list[bytes]], list[bytes]]


def wrapping(keys: Sequence[bytes]) -> Change:
    """Hashes stored hashes once more, under each of the keys in turn."""
    layers = [Layer(key) for key in keys]
    return lambda digests: reduce(lambda found, layer: layer.hashes(found), layers, digests)


def wrap_people(program: Program, wrap: Change) -> dict[str, int]:
    """Wraps every identity and every hashed contact of the program; answers how many rows, by what they are."""
    return {
        "identities": rewrite(program, "people_identity", ["digest"], wrap),
        "sayings": rewrite(program, "people_particulars", ["email", "phone", "account"], wrap),
    }


def rewrite(program: Program, table: str, columns: Sequence[str], change: Change) -> int:
    """Replaces what the program's rows of a table have in columns of bytes; nothing stays nothing. How many rows.

    One pass in the order of the rows' numbers, a batch in memory at a time, in the caller's transaction. Nobody else
    may add such rows meanwhile.
    """
    rewritten = 0
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE rewritten AS SELECT id, {', '.join(columns)} FROM {table} LIMIT 0")  # noqa: S608
    for rows in _batches(program, table, columns):
        _copy(columns, rows, change)
        rewritten += _replace(table, columns, first=rows[0][0], last=rows[-1][0])
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE rewritten")
    return rewritten


def _batches(program: Program, table: str, columns: Sequence[str]) -> Iterator[list[tuple[Any, ...]]]:
    """Rows with anything in the columns: the number, then the columns."""
    filled = " OR ".join(f"{name} IS NOT NULL" for name in columns)
    last = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT id, {', '.join(columns)} FROM {table} WHERE program_id = %s AND id > %s AND ({filled})"  # noqa: S608
                " ORDER BY id LIMIT %s",
                [program.pk, last, BATCH],
            )
            rows = cursor.fetchall()
        if not rows:
            return
        last = rows[-1][0]
        yield rows


def _copy(columns: Sequence[str], rows: list[tuple[Any, ...]], change: Change) -> None:
    new = [
        iter(change([bytes(row[place]) for row in rows if row[place] is not None]))
        for place in range(1, len(columns) + 1)
    ]
    with connection.cursor() as cursor, cursor.copy("COPY rewritten FROM STDIN") as copy:
        for number, *values in rows:
            copy.write_row((number, *(value if value is None else next(column)
                                      for value, column in zip(values, new, strict=True))))  # fmt: skip


def _replace(table: str, columns: Sequence[str], *, first: int, last: int) -> int:
    changes = ", ".join(f"{name} = rewritten.{name}" for name in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET {changes} FROM rewritten"  # noqa: S608 - names of our own tables and columns
            f" WHERE {table}.id = rewritten.id AND {table}.id BETWEEN %s AND %s",
            [first, last],
        )
        replaced = int(cursor.rowcount)
        cursor.execute("TRUNCATE rewritten")
    return replaced
