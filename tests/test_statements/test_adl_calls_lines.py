"""How a call travels: where it is addressed, how it is written, and that its answer arrives."""

import base64
import http.client
import json
from io import BytesIO
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client, RequestFactory
from django.urls import resolve, reverse
from pytest_django.live_server_helper import LiveServer

from courses.statements.models import Statement
from tests.test_statements.lms import ANNA, COURSE, STATEMENTS, LearningSystem, new_id, small

RESOURCES: dict[str, dict[str, Any]] = {
    "about": {},
    "statements": {},
    "activities": {"activityId": COURSE},
    "activities/state": {"activityId": COURSE, "agent": ANNA},
    "activities/profile": {"activityId": COURSE},
    "agents": {"agent": ANNA},
    "agents/profile": {"agent": ANNA},
}
MORE_THAN_A_SERVER_DISCARDS = 200_000
CHUNKED = {"HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input_terminated": True}


@pytest.mark.parametrize("place", RESOURCES)
def test_an_endpoint_may_end_with_a_slash_of_its_own(either: LearningSystem, place: str) -> None:
    for address in (f"/xapi/{place}", f"/xapi//{place}"):
        assert either.get(address, **RESOURCES[place]).status_code == 200


def test_links_have_one_slash(lms: LearningSystem) -> None:
    lms.store(small(), small())
    more = lms.get("/xapi//statements", limit=1).json()["more"]
    assert more.startswith(f"{reverse('xapi-statements')}?")
    assert reverse("xapi-statements") == STATEMENTS
    assert len(lms.get(more).json()["statements"]) == 1


@pytest.mark.parametrize(
    ("method", "address"),
    [
        ("POST", "/xapi/statements"), ("DELETE", "/xapi/statements"), ("GET", "/xapi/statements"),
        ("PUT", "/xapi/activities/state"), ("POST", "/xapi/about"), ("GET", "/xapi/about"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("is_chunked", [False, True])
@pytest.mark.parametrize("secret", ["", "wrong"])
def test_what_is_refused_is_still_taken_in(
    lms: LearningSystem, method: str, address: str, is_chunked: bool, secret: str
) -> None:
    """Else the server closes on a client that is still sending, and the client never reads why."""
    content = b"x" * MORE_THAN_A_SERVER_DISCARDS
    basic = base64.b64encode(f"lms:{secret or lms.secret}".encode()).decode()
    headers = {"Authorization": f"Basic {basic}", "X-Experience-API-Version": "1.0.3"}
    request = RequestFactory().generic(method, address, b"" if is_chunked else content, headers=headers)
    if is_chunked:
        request.META |= CHUNKED | {"wsgi.input": BytesIO(content)}
        request.META.pop("CONTENT_LENGTH", None)
    resolve(address).func(request)
    assert (request.META["wsgi.input"] if is_chunked else request).read() == b""


def test_what_is_far_too_much_is_not_taken_in(lms: LearningSystem, settings: LazySettings) -> None:
    settings.MAX_STATEMENTS_BYTES = 1000
    request = RequestFactory().post(STATEMENTS, b"x" * 10_000, content_type="application/json", headers=lms.headers())
    assert resolve(STATEMENTS).func(request).status_code == 413
    assert len(request.read()) == 8000


def test_a_body_that_is_cut_after_a_refusal_harms_nobody(lms: LearningSystem) -> None:
    class Cut(BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            raise ConnectionResetError

    request = RequestFactory().delete(STATEMENTS, headers=lms.headers())
    request.META |= CHUNKED | {"wsgi.input": Cut()}
    assert resolve(STATEMENTS).func(request).status_code == 405


@pytest.mark.django_db(transaction=True)
def test_a_line_serves_on_after_a_body_that_nobody_wanted(live_server: LiveServer, lms: LearningSystem) -> None:
    line = http.client.HTTPConnection(live_server.thread.host, live_server.thread.port)
    codes = []
    for method in ("DELETE", "GET", "PATCH", "GET"):
        line.request(method, STATEMENTS, b"x" * MORE_THAN_A_SERVER_DISCARDS, headers=lms.headers())
        answer = line.getresponse()
        answer.read()
        codes.append(answer.status)
    line.close()
    assert codes == [405, 200, 405, 200]


@pytest.mark.parametrize(
    "content_type",
    ["application/json", "application/json; charset=utf-8", "application/json;charset=UTF-8", "Application/JSON"],
)
def test_json_is_known_however_its_type_is_written(either: LearningSystem, content_type: str) -> None:
    params = {"activityId": COURSE, "agent": ANNA, "stateId": "a"}
    assert either.ask("POST", STATEMENTS, json.dumps(small()), content_type=content_type).status_code == 200
    for value in ({"a": 1}, {"b": 2}):
        put = either.ask("POST", "/xapi/activities/state", json.dumps(value), content_type=content_type, **params)
        assert put.status_code == 204
    assert json.loads(either.get("/xapi/activities/state", **params).content) == {"a": 1, "b": 2}


@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_multipart_form_data_is_no_way_to_send_statements(either: LearningSystem, method: str) -> None:
    params = {"statementId": new_id()} if method == "PUT" else {}
    kind = "multipart/form-data; boundary=x"
    assert either.ask(method, STATEMENTS, json.dumps(small()), content_type=kind, **params).status_code == 400
    assert not Statement.objects.exists()


def test_a_scheme_of_authorization_has_no_colon(lms: LearningSystem) -> None:
    basic = base64.b64encode(f"lms:{lms.secret}".encode()).decode()
    for header, code in ((f"Basic:{basic}", 401), (f"Basic: {basic}", 401), (f"basic {basic}", 200)):
        answer = Client().get(STATEMENTS, headers={"Authorization": header, "X-Experience-API-Version": "1.0.3"})
        assert answer.status_code == code
