"""How a call comes in: tokens, versions, methods, alternate requests, HEAD."""

import base64
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from courses.statements.models import Document, Statement
from programs.models import Partner
from programs.operations import create_token, revoke_token
from tests.factories import NOW
from tests.test_statements.lms import ANNA, COURSE, STATEMENTS, LearningSystem, new_id, small

STATE = {"activityId": COURSE, "agent": ANNA, "stateId": "bookmark"}
RESOURCES: dict[str, dict[str, Any]] = {
    STATEMENTS: {},
    "/xapi/activities": {"activityId": COURSE},
    "/xapi/agents": {"agent": ANNA},
    "/xapi/activities/state": STATE,
    "/xapi/activities/profile": {"activityId": COURSE, "profileId": "look"},
    "/xapi/agents/profile": {"agent": ANNA, "profileId": "look"},
}
DOCUMENTS = list(RESOURCES)[3:]


def test_a_token_is_a_password_or_a_bearer(lms: LearningSystem) -> None:
    bearer = {"Authorization": f"Bearer {lms.secret}", "X-Experience-API-Version": "1.0.3"}
    assert Client().get(STATEMENTS, headers=bearer).status_code == 200
    assert lms.get().status_code == 200


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Basic",
        "Basic YTpi",
        "Basic !!",
        "Basic /w==",
        "Bearer x",
        "Bearer",
        "Digest x",
        "Basic a b",
        "Basic " + "x" * 5000,
    ],
)
@pytest.mark.parametrize("address", RESOURCES)
def test_without_a_token_the_answer_is_401_and_says_how(partner: Partner, address: str, header: str) -> None:
    answer = Client().get(address, headers={"Authorization": header, "X-Experience-API-Version": "1.0.3"})
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Basic")
    assert answer["Content-Type"] == "application/problem+json"


def test_a_revoked_token_is_401(lms: LearningSystem) -> None:
    revoke_token(lms.token, at=NOW)
    assert lms.get().status_code == 401


def test_a_token_that_reads_figures_is_403(lms: LearningSystem) -> None:
    lms.token, lms.secret = create_token(lms.token.program, name="Ministry", at=NOW)
    assert {lms.get(address, **params).status_code for address, params in RESOURCES.items()} == {403}


def test_scopes_say_who_sends_and_who_reads(partner: Partner) -> None:
    sender = LearningSystem.of(partner, scopes=("statements:write",))
    reader = LearningSystem.of(partner, scopes=("statements:read",))
    returns = LearningSystem.of(partner, scopes=("returns:write",))
    assert [lms.post(small()).status_code for lms in (sender, reader, returns)] == [200, 403, 403]
    assert [lms.get().status_code for lms in (sender, reader, returns)] == [403, 200, 403]
    for address in DOCUMENTS:
        codes = [lms.ask("DELETE", address, **RESOURCES[address]).status_code for lms in (sender, reader)]
        assert codes == [204, 403]


def test_a_browser_that_is_signed_in_opens_nothing(partner: Partner, admin_client: Client) -> None:
    assert admin_client.get(STATEMENTS, headers={"X-Experience-API-Version": "1.0.3"}).status_code == 401


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("1.0", "1.0.3"),
        ("1.0.0", "1.0.3"),
        ("1.0.9", "1.0.3"),
        ("2.0", "2.0.0"),
        ("2.0.0", "2.0.0"),
        ("2.0.1", "2.0.0"),
    ],
)
@pytest.mark.parametrize("address", RESOURCES)
def test_a_version_is_served_by_the_newest_of_its_kind(
    lms: LearningSystem, address: str, asked: str, told: str
) -> None:
    lms.version = asked
    answer = lms.get(address, **RESOURCES[address])
    assert answer.status_code in (200, 404)
    assert answer["X-Experience-API-Version"] == told


@pytest.mark.parametrize("asked", ["", "0.9", "0.95", "1.1", "1.0.", "1.0.3.1", "1", "2.1.0", "3.0", "1.0.x", "1.0.٣"])
@pytest.mark.parametrize("address", RESOURCES)
def test_another_version_is_400(lms: LearningSystem, address: str, asked: str) -> None:
    lms.version = asked
    answer = lms.get(address, **RESOURCES[address])
    assert answer.status_code == 400
    assert answer["X-Experience-API-Version"] == "1.0.3"


@pytest.mark.parametrize(
    ("method", "address"),
    [
        ("DELETE", STATEMENTS), ("PATCH", STATEMENTS), ("POST", "/xapi/activities"), ("PUT", "/xapi/activities"),
        ("DELETE", "/xapi/activities"), ("POST", "/xapi/agents"), ("DELETE", "/xapi/agents"), ("POST", "/xapi/about"),
        *(("PATCH", address) for address in DOCUMENTS),
    ],
)  # fmt: skip
def test_a_method_that_there_is_not_is_405_whoever_asks(partner: Partner, method: str, address: str) -> None:
    answer = Client().generic(method, address)
    assert answer.status_code == 405
    assert "GET" in answer["Allow"]


@pytest.mark.parametrize("address", RESOURCES)
def test_head_answers_like_get_without_content(either: LearningSystem, address: str) -> None:
    either.store(small())
    for name in DOCUMENTS:
        either.post({"a": 1}, name, **RESOURCES[name])
    get = either.get(address, **RESOURCES[address])
    head = either.ask("HEAD", address, **RESOURCES[address])
    assert (head.status_code, head.content, head["Content-Length"]) == (200, b"", str(len(get.content)))
    assert head["Content-Type"] == get["Content-Type"]


@pytest.mark.parametrize("version", ["", "1.0.3", "2.0.0", "nonsense"])
def test_what_is_served_is_told_to_everybody(client: Client, version: str) -> None:
    answer = client.get("/xapi/about", headers={"X-Experience-API-Version": version})
    assert answer.status_code == 200
    assert ("1.0.3" in answer.json()["version"], "2.0.0" in answer.json()["version"]) == (True, version != "1.0.3")
    assert answer["X-Experience-API-Version"] == ("2.0.0" if version == "2.0.0" else "1.0.3")
    assert client.head("/xapi/about").content == b""


def alternate(lms: LearningSystem, method: str, address: str = STATEMENTS, *, query: Any = "", **fields: Any) -> Any:
    said = {name: value if isinstance(value, str) else json.dumps(value) for name, value in fields.items()}
    return lms.ask(
        "POST",
        f"{address}?method={method}{query}",
        urlencode(said),
        content_type="application/x-www-form-urlencoded",
    )


def test_a_form_may_ask_instead_of_an_address(lms: LearningSystem) -> None:
    lms.store(small(), small())
    assert len(alternate(lms, "GET", limit=1).json()["statements"]) == 1


def test_a_form_may_send_instead_of_a_body(lms: LearningSystem) -> None:
    number = new_id()
    assert alternate(lms, "PUT", statementId=number, content=small()).status_code == 204
    assert alternate(lms, "POST", content=[small()]).status_code == 200
    assert lms.get(statementId=number).json()["actor"] == ANNA


def test_a_form_may_bring_the_headers(lms: LearningSystem) -> None:
    fields = {"statementId": new_id(), "content": json.dumps(small())} | lms.headers()
    answer = Client().post(
        f"{STATEMENTS}?method=PUT", urlencode(fields), content_type="application/x-www-form-urlencoded"
    )
    assert answer.status_code == 204
    assert Statement.objects.count() == 1


@pytest.mark.parametrize(
    "call",
    [
        lambda lms: alternate(lms, "PUT", statementId=new_id(), content=small(), **{"X-Experience-API-Version": "0.8"}),
        lambda lms: alternate(lms, "PUT", query=f"&statementId={new_id()}", content=small()),
        lambda lms: alternate(lms, "PUT", statementId=new_id()),
        lambda lms: alternate(lms, "PUT", statementId=new_id(), content=small(), happy="day"),
        lambda lms: alternate(lms, "PUT", statementId=new_id(), content="not JSON"),
        lambda lms: lms.ask("POST", f"{STATEMENTS}?method=PUT"),
        lambda lms: lms.ask("POST", f"{STATEMENTS}?method=PUT", json.dumps({"content": small()})),
        lambda lms: lms.ask("POST", f"{STATEMENTS}?method=PUT", b"content=\xff", content_type="x-www-form-urlencoded"),
        lambda lms: lms.ask("POST", f"{STATEMENTS}?method=GET", "limit=1&limit=2"),
        lambda lms: lms.ask("POST", f"{STATEMENTS}?method=GET", "&".join(f"a{n}=1" for n in range(200))),
        lambda lms: lms.ask("PUT", f"{STATEMENTS}?method=POST", json.dumps(small())),
        lambda lms: lms.ask("GET", f"{STATEMENTS}?method=GET"),
    ],
)
def test_a_wrong_alternate_request_is_400(lms: LearningSystem, call: Callable[[LearningSystem], Any]) -> None:
    assert call(lms).status_code == 400
    assert not Statement.objects.exists()


def test_a_form_cannot_ask_for_a_method_that_there_is_not(lms: LearningSystem) -> None:
    assert alternate(lms, "DELETE", statementId=new_id()).status_code == 405


def test_version_2_knows_no_alternate_requests(partner: Partner) -> None:
    lms = LearningSystem.of(partner, version="2.0.0")
    assert alternate(lms, "GET", limit=1).status_code == 400


def test_a_form_may_delete_a_document_on_condition(lms: LearningSystem) -> None:
    lms.post({"a": 1}, "/xapi/activities/state", **STATE)
    wrong = alternate(lms, "DELETE", "/xapi/activities/state", **STATE, **{"If-Match": '"x"'})
    assert (wrong.status_code, Document.objects.count()) == (412, 1)
    assert alternate(lms, "DELETE", "/xapi/activities/state", **STATE).status_code == 204
    assert not Document.objects.exists()


@pytest.mark.parametrize("content_type", ["", "text/plain", "multipart/form-data; boundary=x", "application/xml"])
def test_statements_come_as_json_or_with_attachments(either: LearningSystem, content_type: str) -> None:
    assert either.ask("POST", STATEMENTS, json.dumps(small()), content_type=content_type).status_code == 400


def test_use_of_a_token_is_noted(lms: LearningSystem) -> None:
    lms.get()
    lms.token.refresh_from_db()
    assert lms.token.last_used_at


def test_a_name_beside_the_token_means_nothing(lms: LearningSystem) -> None:
    for name in ("", "lms", "x:y", "größe"):
        basic = base64.b64encode(f"{name}:{lms.secret}".encode()).decode()
        code = lms.get(headers={"Authorization": f"Basic {basic}"}).status_code
        assert code == (401 if ":" in name else 200)
