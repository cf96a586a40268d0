import pytest
from django.db import connection
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from config.celery import app
from config.queue import install_queue, queue_address


def version() -> object:
    with connection.cursor() as cursor:
        cursor.execute("SELECT obj_description(oid) FROM pg_namespace WHERE nspname = 'pgmq'")
        return cursor.fetchone()


def messages() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pgmq.q_bell")
        return int(cursor.fetchone()[0])


@pytest.mark.django_db
def test_installing_the_queue_twice_keeps_its_messages() -> None:
    install_queue(connection)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pgmq.create('bell')")
        cursor.execute("SELECT pgmq.send('bell', '{}')")
    install_queue(connection)
    assert messages() == 1


@pytest.mark.django_db
def test_the_queue_of_another_version_is_replaced() -> None:
    install_queue(connection)
    ours = version()
    with connection.cursor() as cursor:
        cursor.execute("COMMENT ON SCHEMA pgmq IS '0.0.1'")
    install_queue(connection)
    assert version() == ours


@pytest.mark.parametrize("password", ["plain", "with space", "qu'ote", "back\\slash", "= and ;"])
def test_the_address_survives_being_put_together_without_quotes(password: str) -> None:
    database = {
        "HOST": "/srv/run",
        "NAME": "uplift",
        "USER": "app",
        "PASSWORD": password,
        "OPTIONS": {"sslmode": "prefer"},
    }
    read = conninfo_to_dict(queue_address(database))
    put_together = " ".join(f"{name}={value}" for name, value in read.items())  # as pgmq does
    expected = make_conninfo(host="/srv/run", dbname="uplift", user="app", password=password, sslmode="prefer")
    assert conninfo_to_dict(put_together) == conninfo_to_dict(expected)


def test_a_task_can_be_sent_in_a_test_without_a_broker() -> None:
    assert app.send_task("nobody.listens").id
