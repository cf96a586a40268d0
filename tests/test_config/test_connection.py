"""Our connection to PostgreSQL: it notices a server that has gone, and has statements planned once."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import DataError, close_old_connections, connection, connections, transaction

from accounts.compiled import prepared

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def other() -> Iterator[Any]:
    """A second connection to the same database."""
    made = connection.copy()
    yield made
    made.close()


def backend() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def begin_request() -> None:
    """What Django does to a connection when a request begins."""
    for name, value in {"health_check_enabled": True, "health_check_done": False}.items():
        setattr(connection, name, value)


def test_a_request_after_the_server_was_restarted_gets_a_new_connection(other: Any) -> None:
    before = backend()
    begin_request()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [before])
    assert backend() != before


def test_a_connection_that_is_still_there_is_kept_without_asking(django_assert_num_queries: Any) -> None:
    before = backend()
    begin_request()
    with django_assert_num_queries(1):
        assert backend() == before


def test_what_the_server_says_unasked_is_no_reason_to_leave(other: Any) -> None:
    before = backend()
    with connection.cursor() as cursor:
        cursor.execute("LISTEN something")
    with other.cursor() as cursor:
        cursor.execute("NOTIFY something")
    assert connection.is_usable()
    assert backend() == before


def test_a_statement_is_planned_once_for_each_connection() -> None:
    for number in range(3):
        with prepared() as cursor:
            cursor.execute("SELECT %s + 40000, 'planned once'", [number])
            assert cursor.fetchone() == (number + 40000, "planned once")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%%planned once%%'")
        assert cursor.fetchone() == (1,)


def test_other_statements_are_not_prepared() -> None:
    for _ in range(10):
        with connection.cursor() as cursor:
            cursor.execute("SELECT 'asked often'")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%%asked often%%'")
        assert cursor.fetchone() == (0,)


def test_a_connection_that_was_closed_is_opened_again() -> None:
    connection.close()
    with prepared() as cursor:
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)


def test_closing_old_connections_forgets_what_was_prepared() -> None:
    with prepared() as cursor:
        cursor.execute("SELECT 'before'")
    connections["default"].close()
    close_old_connections()
    with prepared() as cursor:
        cursor.execute("SELECT 'before'")
        assert cursor.fetchone() == ("before",)


def test_a_transaction_that_has_failed_is_not_usable() -> None:
    with transaction.atomic():
        with pytest.raises(DataError), connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")
        assert not connection.is_usable()
        transaction.set_rollback(True)
    assert connection.is_usable()
