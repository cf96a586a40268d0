"""What comes back of a statement that was sent: everything that was said, and what a record store adds."""

import json
from datetime import datetime
from typing import Any

import pytest

from courses.statements.reading_json import read_json
from tests.test_statements.lms import (
    ANNA,
    BEN,
    SOME_ID,
    STATEMENTS,
    LearningSystem,
    full,
    new_id,
    small,
)

ADDED = ("id", "timestamp", "stored", "authority", "version")


def back(lms: LearningSystem, number: str) -> dict[str, Any]:
    answer = lms.get(statementId=number)
    assert answer.status_code == 200, answer.content
    found: dict[str, Any] = answer.json()
    return found


def said(statement: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in statement.items() if name not in ADDED}


def listed(statement: dict[str, Any]) -> dict[str, Any]:
    """The full statement with its category as a list, which is how it comes back."""
    activities = statement["context"]["contextActivities"]
    activities["category"] = [activities["category"]]
    return statement


def test_what_was_said_comes_back_as_it_was(either: LearningSystem) -> None:
    sent = full(attachments=[])
    found = back(either, either.store(sent)[0])
    assert said(found) == said(listed(sent))
    assert found["timestamp"] == sent["timestamp"]


def test_a_sub_statement_comes_back_as_it_was(either: LearningSystem) -> None:
    sent = small(object=full(objectType="SubStatement", attachments=[]))
    assert back(either, either.store(sent)[0])["object"] == listed(sent["object"])


def test_a_record_store_adds_what_is_missing(either: LearningSystem) -> None:
    number = either.store(small())[0]
    found = back(either, number)
    assert found["id"] == number
    assert found["timestamp"] == found["stored"]
    assert found["stored"].endswith("Z")
    assert len(found["stored"].partition(".")[2]) > len("123Z")
    assert found["version"] == ("1.0.0" if either.version == "1.0.3" else "2.0.0")
    assert found["authority"]["objectType"] == "Agent"


def test_a_version_stays_as_it_was_sent(either: LearningSystem) -> None:
    version = "1.0.2" if either.version == "1.0.3" else "2.0.0"
    assert back(either, either.store(small(version=version))[0])["version"] == version


@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_stored_and_authority_of_the_sender_are_replaced(either: LearningSystem, method: str) -> None:
    number, long_ago = new_id(), "2011-07-15T00:00:00.000Z"
    statement = small(id=number, stored=long_ago, authority=BEN)
    answer = either.post(statement) if method == "POST" else either.put(statement, statementId=number)
    assert answer.status_code in (200, 204)
    found = back(either, number)
    assert found["authority"] != BEN
    assert datetime.fromisoformat(found["stored"]) > datetime.fromisoformat(long_ago)


def test_numbers_keep_their_precision(either: LearningSystem) -> None:
    score = {"min": 0.12123434, "raw": 12.125, "max": 45.45, "scaled": 0.12123434}
    extensions = {"https://a.example/n": [9007199254740993, 0.1, 1e300, -0.0, 5e-324]}
    number = either.store(small(result={"score": score, "extensions": extensions}))[0]
    assert back(either, number)["result"] == {"score": score, "extensions": extensions}


def test_moments_come_back_in_utc(either: LearningSystem) -> None:
    inner = small(objectType="SubStatement", timestamp="2023-05-04T12:00:00.12345+05:30")
    number = either.store(small(object=inner, timestamp="2023-05-04T12:00:00-05:00"))[0]
    for found in (back(either, number), either.get().json()["statements"][0]):
        assert found["timestamp"] == "2023-05-04T17:00:00Z"
        assert found["object"]["timestamp"] == "2023-05-04T06:30:00.12345Z"


def test_a_statement_as_it_came_back_may_be_sent_again(either: LearningSystem) -> None:
    number = either.store(full(timestamp="2023-05-04T12:00:00.1234567-05:00"))[0]
    found = back(either, number)
    assert either.store(found) == [number]
    found["timestamp"] = "2023-05-04T18:00:00Z"
    assert either.post(found).status_code == 409


def test_a_future_moment_is_no_fault(either: LearningSystem) -> None:
    assert back(either, either.store(small(timestamp="2091-01-01T00:00:00Z"))[0])["timestamp"] == "2091-01-01T00:00:00Z"


@pytest.mark.parametrize("extension", [None, "", {}, [], True, 12345, {"key": None}, {"a.b": {"": [None]}}])
def test_extensions_may_be_anything_and_come_back(either: LearningSystem, extension: Any) -> None:
    rows = {"https://academy.example/x": extension}
    statement = full(result={"extensions": rows}, context={"extensions": rows})
    statement["object"]["definition"]["extensions"] = rows
    number = new_id()
    assert either.put(statement, statementId=number).status_code == 204
    found = back(either, number)
    assert found["result"]["extensions"] == found["context"]["extensions"] == rows
    assert found["object"]["definition"]["extensions"] == rows


@pytest.mark.parametrize("kind", ["parent", "grouping", "category", "other"])
def test_context_activities_come_back_as_lists(either: LearningSystem, kind: str) -> None:
    one = {"id": "https://academy.example/one"}
    context = {"contextActivities": {kind: one}}
    number = either.store(small(context=context, object=small(objectType="SubStatement", context=context)))[0]
    found = back(either, number)
    assert found["context"] == found["object"]["context"] == {"contextActivities": {kind: [one]}}


@pytest.mark.parametrize("number", [SOME_ID, SOME_ID.upper()])
def test_a_uuid_is_found_in_capitals_and_in_small_letters(either: LearningSystem, number: str) -> None:
    assert either.put(small(id=number), statementId=number.swapcase()).status_code == 204
    assert back(either, number.lower())["id"] == back(either, number.upper())["id"] == number
    assert either.post(small(id=number.swapcase())).status_code == 200
    assert len(either.get().json()["statements"]) == 1


def test_space_and_escapes_of_the_json_make_no_difference(either: LearningSystem) -> None:
    statement = small(id=SOME_ID, actor=ANNA | {"name": 'Größe 出席 😀 \\ " \t'})
    for written in (
        json.dumps(statement, indent=4).encode(),
        json.dumps(statement, ensure_ascii=False, separators=(",", ":")).encode(),
        b"\r\n\t " + json.dumps([statement]).encode() + b"\n",
    ):
        assert either.ask("POST", STATEMENTS, written).json() == [SOME_ID]
    assert back(either, SOME_ID)["actor"]["name"] == statement["actor"]["name"]
    assert read_json(json.dumps(statement).encode()) == statement


def test_the_same_statement_without_an_id_is_two(either: LearningSystem) -> None:
    first, second = either.store(small(), small())
    assert first != second


def test_since_and_until_may_be_written_in_any_zone(either: LearningSystem) -> None:
    number = either.store(small())[0]
    for since in ("2012-06-01T19:09:13.245Z", "2012-06-01 19:09:13+02:00", "2012-06-01T19:09-05:00"):
        assert either.found(since=since) == [number]
        assert either.found(until=since) == []
    assert either.get(since="2012-06-01T19:09:13-00:00").status_code == 400
