"""What somebody may send who means no good, or whose line breaks."""

import http.client
import json
import socket
from typing import Any

import pytest
from django.conf import LazySettings
from pytest_django.live_server_helper import LiveServer

from courses.statements.models import Statement
from courses.statements.reading_json import read_json
from courses.statements.refusals import RefusedError
from tests.test_statements.lms import COMPLETED, COURSE, STATEMENTS, LearningSystem, full, new_id, small

IRI = "https://academy.example/x"


def nested(depth: int) -> str:
    return '{"a":' * depth + "1" + "}" * depth


def with_extension(value: str) -> bytes:
    return json.dumps(small(result={"extensions": {IRI: "HERE"}})).replace('"HERE"', value).encode()


@pytest.mark.parametrize(
    "content",
    [
        b"", b"{", b"nonsense", b"\xff\xfe", b"\x00", b'{"a": NaN}', b"[1e999]", b"\xef\xbb\xbf{}", b'"\\ud800"',
        with_extension('"\\u0000"'), with_extension('"\\ud800"'), with_extension("1e999"), with_extension("Infinity"),
        with_extension('{"a": 1, "a": 1}'), with_extension('{"a\\u0000": 1}'), with_extension('"\\x"'),
        with_extension(nested(2000)), with_extension(nested(300)), b"[" * 5000, b"{" * 5000, b'"' + b"\\" * 4999,
        with_extension('{"\\u0061": 1, "a": 2}'), b'[{"a": "\xed\xa0\x80"}]',
    ],
)  # fmt: skip
@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_what_is_no_json_or_cannot_be_kept_is_400(lms: LearningSystem, method: str, content: bytes) -> None:
    params = {"statementId": new_id()} if method == "PUT" else {}
    answer = lms.ask(method, STATEMENTS, content, **params)
    assert answer.status_code == 400
    assert answer.json()["detail"]
    assert not Statement.objects.exists()


@pytest.mark.parametrize("value", [None, 1, "x", True, [[]], [None], ["x"], [1, small()], {}])
def test_what_is_no_statement_is_400(lms: LearningSystem, value: Any) -> None:
    assert lms.post(value).status_code == 400


@pytest.mark.parametrize(
    "text",
    [
        "\\u0000",
        "\\\\u0000",
        "\x1e",
        "\u2028\u2029",
        "\U0001f600",
        "'; DROP TABLE x; --",
        "%s %(a)s %%",
        "{}",
        "\\",
        "$1",
    ],
)
def test_unusual_texts_come_back_as_they_were(lms: LearningSystem, text: str) -> None:
    statement = small(result={"response": text, "extensions": {IRI: {text: [text]}}})
    number = lms.store(statement)[0]
    assert lms.get(statementId=number).json()["result"] == statement["result"]


@pytest.mark.parametrize("number", ["0", "-0.0", "1e308", "5e-324", "12345678901234567890", "9007199254740993", "0.1"])
def test_numbers_come_back_with_their_value(lms: LearningSystem, number: str) -> None:
    answer = lms.ask("POST", STATEMENTS, with_extension(number))
    back = lms.get(statementId=answer.json()[0]).json()["result"]["extensions"][IRI]
    assert back == json.loads(number)


@pytest.mark.parametrize(
    "content",
    [
        '{"a":1,"b":{"a":1}}',
        '{"a":[{"b":1},{"b":1}]}',
        '{"a":"\\"a\\":1,\\"a\\":2"}',
        '{"a":"a","b":"a"}',
        '{"a\\n":1}',
    ],
)
def test_a_key_may_stand_once_in_each_object(content: str) -> None:
    assert read_json(content.encode()) == json.loads(content)


@pytest.mark.parametrize(
    "content",
    ['{"a":1,"a":1}', '{"x":{"a":1,"b":2,"a":3}}', '[{"a":1},{"a":1,"a":1}]', '{"a":"\\n","a":1}', '{"":1,"":1}'],
)
def test_a_key_that_stands_twice_is_found(content: str) -> None:
    with pytest.raises(RefusedError, match="twice"):
        read_json(content.encode())


def test_a_statement_with_a_key_twice_is_refused(lms: LearningSystem) -> None:
    content = json.dumps(small())[:-1] + f', "verb": {json.dumps({"id": COMPLETED})}}}'
    assert lms.ask("POST", STATEMENTS, content).status_code == 400


def test_a_body_that_is_too_large_is_413(lms: LearningSystem, settings: LazySettings) -> None:
    settings.MAX_STATEMENTS_BYTES = 2000
    assert lms.post([small()] * 2).status_code == 200
    assert lms.post([full()] * 2).status_code == 413
    assert lms.ask("PUT", "/xapi/activities/profile", b"x" * 2001, activityId=COURSE, profileId="x").status_code == 413
    assert Statement.objects.count() == 2


def test_ten_thousand_statements_are_taken_at_once(lms: LearningSystem) -> None:
    assert len(lms.store(*[small() for _ in range(10_000)])) == 10_000
    assert Statement.objects.count() == 10_000


@pytest.mark.parametrize(
    "change",
    [
        {"verb": {"id": "a:" + "x" * 100_000}},
        {"object": {"id": "a:" + "x" * 100_000}},
        {"actor": {"openid": "a:" + "x" * 100_000}},
        {"verb": {"id": "a:b", "display": {"en": "x" * 1_000_000}}},
        {"context": {"contextActivities": {"other": [{"id": f"a:{n}"} for n in range(5000)]}}},
        {"actor": {"objectType": "Group", "member": [{"mbox": f"mailto:a{n}@example.org"} for n in range(5000)]}},
    ],
)
def test_large_values_are_kept(lms: LearningSystem, change: dict[str, Any]) -> None:
    number = lms.store(small() | change)[0]
    assert lms.get(statementId=number).json()[next(iter(change))] == next(iter(change.values()))


def test_a_long_word_that_is_nearly_a_pattern_costs_no_time(lms: LearningSystem) -> None:
    for change in (
        {"result": {"duration": "P" + "1" * 200_000}},
        {"verb": {"id": "a:b", "display": {"a-" * 100_000: "x"}}},
        {"actor": {"mbox": "mailto:" + "a" * 200_000}},
        {"timestamp": "2026-11-20T10:00:00." + "1" * 200_000 + "x"},
    ):
        assert lms.post(small() | change).status_code == 400


def raw_request(lms: LearningSystem, *, length: int) -> bytes:
    headers = lms.headers(**{"Content-Type": "application/json", "Content-Length": str(length), "Host": "localhost"})
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"POST {STATEMENTS} HTTP/1.1\r\n{lines}\r\n".encode()


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_is_cut_in_the_middle_stores_nothing(live_server: LiveServer, lms: LearningSystem) -> None:
    content = json.dumps([small(), small()]).encode()
    half = json.dumps([small()]).encode()
    for sent in (content[:100], half, content[:-1]):
        with socket.create_connection((live_server.thread.host, live_server.thread.port)) as line:
            line.sendall(raw_request(lms, length=len(content)) + sent)
            line.shutdown(socket.SHUT_WR)
            assert b" 400 " in line.recv(1000)
    assert not Statement.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_an_answer_to_head_has_no_content_on_the_line(live_server: LiveServer, lms: LearningSystem) -> None:
    lms.store(small())
    line = http.client.HTTPConnection(live_server.thread.host, live_server.thread.port)
    for _ in range(2):
        line.request("HEAD", STATEMENTS, headers=lms.headers())
        assert line.getresponse().read() == b""
    line.close()
