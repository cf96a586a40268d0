"""Files that come in chunks, without a length, through the server that is shipped."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from io import BytesIO
from typing import Any
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import connection
from django.test import RequestFactory
from django.urls import reverse

from courses.returns.bodies import LengthRequiredError, spooled
from courses.returns.models import Piece, Return
from tests.factories import PartnerFactory
from tests.test_returns.school import School, school_of
from tests.test_returns.test_api import FILE, token_of

STARTS_WITHIN = 60  # seconds


@pytest.fixture
def door(transactional_db: None) -> Iterator[tuple[str, int]]:
    """Where gunicorn answers, on the database of the tests."""
    found = connection.settings_dict
    address = f"postgresql://{found['USER']}@/{found['NAME']}?host={quote(str(found['HOST']), safe='')}"
    with socket.create_server(("127.0.0.1", 0)) as free:
        host, port = free.getsockname()
    command = [
        *(sys.executable, "-m", "gunicorn", "--pythonpath", "platform", "config.wsgi", "--bind", f"{host}:{port}"),
        *("--worker-class", "gthread", "--no-control-socket", "--log-level", "error"),
    ]
    server = subprocess.Popen(command, cwd=settings.BASE_DIR, env=os.environ | {"DATABASE_URL": address})
    try:
        _wait_for(host, port)
        yield host, port
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(STARTS_WITHIN)


def _wait_for(host: str, port: int) -> None:
    until = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < until:
        try:
            socket.create_connection((host, port)).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("gunicorn does not answer")


def chunks(*parts: bytes) -> bytes:
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts)


def sent(door: tuple[str, int], school: School, token: str, body: bytes, key: str) -> bytes:
    """What the server answers to a body in chunks after which the line is closed."""
    head = (
        f"POST {reverse('api-returns', args=[school.program.code])}?profile=school HTTP/1.1\r\nHost: localhost\r\n"
        f"Authorization: Bearer {token}\r\nIdempotency-Key: {key}\r\nContent-Type: text/csv\r\n"
        "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
    )
    with socket.create_connection(door) as line:
        line.sendall(head.encode() + body)
        line.shutdown(socket.SHUT_WR)
        return line.makefile("rb").read()


def test_chunks_are_read_to_their_end_and_what_is_cut_off_leaves_nothing(door: tuple[str, int]) -> None:
    school = school_of(PartnerFactory())
    token = token_of(school)
    whole = chunks(FILE[:7], FILE[7:]) + b"0\r\n\r\n"

    for place, end in enumerate([0, 1, 5, 30, len(whole) - 9, len(whole) - 5, len(whole) - 1]):
        answer = sent(door, school, token, whole[:end], "cut")
        assert b" 400 " in answer.partition(b"\r\n")[0], (place, answer)
        assert b"cut off on its way" in answer
    assert b"The file is empty" in sent(door, school, token, b"0\r\n\r\n", "cut")
    assert (Return.objects.count(), Piece.objects.count()) == (0, 0)

    assert b" 202 " in sent(door, school, token, whole, "cut").partition(b"\r\n")[0]
    kept = Return.objects.get()
    assert (kept.size, bytes(kept.pieces.get().content)) == (len(FILE), FILE)
    assert b" 200 " in sent(door, school, token, whole, "cut").partition(b"\r\n")[0]


def test_chunks_that_a_server_does_not_take_to_pieces_are_refused() -> None:
    given: dict[str, Any] = {"HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input_terminated": False}
    request = RequestFactory().post("/", FILE, content_type="text/csv", **given)
    with pytest.raises(LengthRequiredError):
        spooled(request, BytesIO())
