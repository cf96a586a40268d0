"""Doing without indexes and foreign keys while millions of rows come in."""

import contextlib
from collections.abc import Iterator, Sequence
from typing import Any

from django.db import connection


@contextlib.contextmanager
def without_indexes(table: str) -> Iterator[None]:
    """Takes foreign keys and indexes away meanwhile, and makes them anew (which checks every row) afterwards."""
    keys = fetch(
        "SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass, conname),"
        " format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', conrelid::regclass, conname, pg_get_constraintdef(oid))"
        " FROM pg_constraint WHERE %s::regclass IN (conrelid, confrelid) AND contype = 'f'",
        table,
    )
    indexes = fetch(
        "SELECT format('DROP INDEX %%s', indexrelid::regclass), pg_get_indexdef(indexrelid) FROM pg_index"
        " WHERE indrelid = %s::regclass AND NOT EXISTS (SELECT FROM pg_constraint"
        " WHERE conindid = indexrelid AND contype IN ('p', 'u', 'x'))",
        table,
    )
    run(["SET CONSTRAINTS ALL IMMEDIATE", *(drop for drop, _ in [*keys, *indexes])])
    yield
    run(["SET CONSTRAINTS ALL IMMEDIATE", *(make for _, make in [*indexes, *keys])])


def fetch(query: str, *values: int | str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return cursor.fetchall()


def run(statements: Sequence[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
