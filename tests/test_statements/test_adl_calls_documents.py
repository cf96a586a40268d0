"""What a conformance suite asks of states and profiles beyond keeping them."""

from typing import Any

import pytest

from tests.test_statements.lms import ANNA, COURSE, LearningSystem

STATE, ACTIVITY, AGENT = "/xapi/activities/state", "/xapi/activities/profile", "/xapi/agents/profile"
PLACES: dict[str, dict[str, Any]] = {
    STATE: {"activityId": COURSE, "agent": ANNA},
    ACTIVITY: {"activityId": COURSE},
    AGENT: {"agent": ANNA},
}
ALL = pytest.mark.parametrize("address", PLACES)


def at(address: str, name: str = "look") -> dict[str, Any]:
    return PLACES[address] | {"stateId" if address == STATE else "profileId": name}


@ALL
@pytest.mark.parametrize("since", ["2020-01-01T00:00:00Z", "2099-01-01T00:00:00+02:00"])
def test_a_document_is_given_by_its_name_whenever_it_changed(either: LearningSystem, address: str, since: str) -> None:
    either.post({"a": 1}, address, **at(address))
    assert either.get(address, **at(address), since=since).json() == {"a": 1}


@ALL
def test_a_moment_that_is_none_is_400_even_beside_a_name(either: LearningSystem, address: str) -> None:
    either.post({"a": 1}, address, **at(address))
    assert either.get(address, **at(address), since="yesterday").status_code == 400
    for method in ("PUT", "POST", "DELETE"):
        code = either.ask(method, address, "{}", **at(address), since="2020-01-01T00:00:00Z").status_code
        assert code == 400


@ALL
@pytest.mark.parametrize("content", ["1", "true", "a=b&c"])
def test_a_document_may_be_anything(either: LearningSystem, address: str, content: str) -> None:
    kind = "application/x-www-form-urlencoded"
    assert either.ask("POST", address, content, content_type=kind, **at(address)).status_code == 204
    back = either.get(address, **at(address))
    assert (back.content.decode(), back["Content-Type"]) == (content, kind)


@ALL
def test_an_empty_object_is_a_document(either: LearningSystem, address: str) -> None:
    assert either.post({}, address, **at(address)).status_code == 204
    assert either.get(address, **at(address)).json() == {}


@ALL
@pytest.mark.parametrize("name", ["12345", "true", '{"a": 1}', "a b/ç?&#"])
def test_a_name_may_look_like_something_else(either: LearningSystem, address: str, name: str) -> None:
    either.post({"a": 1}, address, **at(address, name))
    assert either.get(address, **at(address, name)).json() == {"a": 1}
    assert either.get(address, **PLACES[address]).json() == [name]


@ALL
@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE"])
def test_an_etag_counts_with_its_quotes_and_without(either: LearningSystem, address: str, method: str) -> None:
    either.post({"a": 1}, address, **at(address))
    assert either.ask(method, address, "{}", headers={"If-Match": "1234"}, **at(address)).status_code == 412
    etag = either.get(address, **at(address))["ETag"].strip('"')
    assert either.ask(method, address, "{}", headers={"If-Match": etag}, **at(address)).status_code == 204


@ALL
def test_who_overwrites_unseen_is_told_what_to_do(either: LearningSystem, address: str) -> None:
    either.version = "2.0.0"
    either.post({"a": 1}, address, **at(address))
    answer = either.put({"a": 2}, address, **at(address))
    assert answer.status_code == 409
    assert "If-Match" in answer.json()["detail"]


def test_an_agent_whose_escapes_are_broken_is_400(either: LearningSystem) -> None:
    for agent in ('{"account"%22{', "%7B%22mbox%22%22mailto:a@example.org%22%7D", "%"):
        assert either.ask("POST", f"{AGENT}?profileId=a&agent={agent}", "{}").status_code == 400
