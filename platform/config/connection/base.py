"""Django's connection to PostgreSQL, with less work for what is asked on every page."""

import select
from typing import Any, Self

import psycopg
from django.db.backends.postgresql import base
from django.db.backends.utils import CursorWrapper
from psycopg.pq import TransactionStatus


class PreparedCursor(psycopg.Cursor[Any]):
    """Has the server read and plan a statement once, for as long as the connection lives."""

    def execute(self, query: Any, params: Any = None, **given: Any) -> Self:  # noqa: ANN401 - as psycopg has it
        return super().execute(query, params, **{"prepare": True, **given})


class DatabaseWrapper(base.DatabaseWrapper):
    def get_connection_params(self) -> dict[str, Any]:
        return {**super().get_connection_params(), "prepare_threshold": 5}  # None, as Django has it, forbids all

    def prepared(self) -> CursorWrapper:
        """A cursor for statements that are asked again and again and are planned alike whatever their values."""
        self.close_if_health_check_failed()
        self.ensure_connection()
        with self.wrap_database_errors:
            cursor: CursorWrapper = self._prepare_cursor(PreparedCursor(self.connection))  # type: ignore[attr-defined]
        return cursor

    def is_usable(self) -> bool:
        """Whether the server is still there. One that has gone has closed its end, which needs no answer to be seen.

        As long as nothing is there to be read between two transactions, nothing was said: neither a farewell nor
        anything else. Inside a transaction the server is asked, which may refuse to go on.
        """
        line = self.connection.pgconn
        said = select.poll()
        said.register(line.socket, select.POLLIN)
        is_idle = line.transaction_status == TransactionStatus.IDLE
        return True if is_idle and not said.poll(0) else super().is_usable()
