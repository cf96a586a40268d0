"""What units of cmi5 keep by xAPI: statements to read back, and documents."""

from urllib.parse import quote
from uuid import uuid4

import pytest

from courses.packages.rules import COMPLETED
from tests.test_packages.units import DONE, Unit, begun, unit

pytestmark = pytest.mark.django_db


def test_statements_are_read_back_by_pages_and_filters() -> None:
    made = begun(moveOn="Completed")
    made.say(COMPLETED, DONE)
    whole = made.get("xapi/statements").json()
    assert [one["verb"]["id"] for one in whole["statements"]][:2] == [
        "https://w3id.org/xapi/adl/verbs/satisfied", COMPLETED,
    ]  # fmt: skip
    page = made.get("xapi/statements?limit=1&ascending=true").json()
    seen = [page["statements"][0]["id"]]
    while page["more"]:
        page = made.visitor.client.get(page["more"], headers=made.headers).json()
        seen += [one["id"] for one in page["statements"]]
    assert seen == [one["id"] for one in reversed(whole["statements"])]
    chosen = made.get(made.place("statements", verb=COMPLETED, agent=made.given["actor"])).json()["statements"]
    assert len(chosen) == 1
    assert {"stored", "authority", "timestamp", "version"} <= chosen[0].keys()
    assert made.get(made.place("statements", statementId=chosen[0]["id"])).json() == chosen[0]
    assert made.get(made.place("statements", statementId=str(uuid4()))).status_code == 404
    assert made.get(made.place("statements", registration=str(uuid4()))).json()["statements"] == []
    assert made.get("xapi/statements?nonsense=1").status_code == 400


def test_learners_do_not_see_each_others_statements_or_documents() -> None:
    first, second = begun(), begun()
    put(first, first.state("bookmark"), b"mine")
    assert second.get(second.state("bookmark")).status_code == 404
    assert len(second.get("xapi/statements").json()["statements"]) == 2
    asked = second.state("bookmark").replace(quote(second.given["actor"]), quote(first.given["actor"]))
    stolen = second.place("activities/state", activityId=first.given["activityId"], agent=first.given["actor"],
                          stateId="bookmark")  # fmt: skip
    assert {second.get(stolen).status_code, second.get(asked).status_code} <= {403, 404}


def put(made: Unit, path: str, content: bytes, kind: str = "text/plain", **headers: str) -> int:
    client = made.visitor.client
    response = client.put(made.visitor.base + path, content, content_type=kind, headers=made.headers | headers)
    return response.status_code


def test_documents_are_put_merged_listed_and_deleted() -> None:
    made = unit()
    path = made.state("bookmark")
    assert put(made, path, b'{"page": 1, "seen": [1]}', "application/json") == 204
    posted = made.visitor.client.post(
        made.visitor.base + path, '{"page": 2}', content_type="application/json", headers=made.headers
    )
    assert posted.status_code == 204
    found = made.get(path)
    assert (found.json(), found.headers["Content-Type"]) == ({"page": 2, "seen": [1]}, "application/json")
    assert made.get(made.state("")).json() == ["bookmark"]
    assert put(made, path, b"\x00\xff", "application/octet-stream") == 204
    assert made.get(path).content == b"\x00\xff"
    assert made.visitor.client.delete(made.visitor.base + path, headers=made.headers).status_code == 204
    assert made.get(path).status_code == 404


def test_what_one_session_keeps_the_next_one_finds() -> None:
    first = unit()
    put(first, first.state("bookmark"), b"page 7")
    second = Unit(first.who)
    assert second.get(second.state("bookmark")).content == b"page 7"


def test_profiles_are_replaced_only_by_who_knows_them() -> None:
    made = unit()
    path = made.place("agents/profile", agent=made.given["actor"], profileId="cmi5LearnerPreferences")
    assert made.get(path).json() == {"languagePreference": "en", "audioPreference": "on"}
    assert put(made, path, b'{"audioPreference": "off"}', "application/json") == 204
    assert put(made, path, b"{}", "application/json") == 409
    etag = made.get(path).headers["ETag"]
    assert put(made, path, b"{}", "application/json", **{"if-match": '"other"'}) == 412
    assert put(made, path, b"{}", "application/json", **{"if-match": etag}) == 204
    about = made.place("activities/profile", activityId="https://example.org/a", profileId="x")
    assert put(made, about, b"1") == 204
    assert made.get(about).content == b"1"


def test_what_is_kept_by_units_is_bounded() -> None:
    made = unit()
    assert put(made, made.state("large"), b"x" * 1_000_001) == 413
    answers = [put(made, made.state(f"part {number}"), b"x" * 1_000_000) for number in range(6)]
    assert 413 in answers
    assert put(made, made.state("x" * 1001), b"1") == 400
    assert put(made, made.state("x", registration=str(uuid4())), b"1") == 403


def test_an_agent_and_an_activity_are_said_by_what_is_known_of_them() -> None:
    made = unit()
    person = made.get(made.place("agents", agent=made.given["actor"])).json()
    assert person == {"objectType": "Person", "account": [made.actor["account"]]}
    activity = made.get(made.place("activities", activityId=made.given["activityId"])).json()
    assert activity["id"] == made.given["activityId"]
    assert made.get("xapi/activities").status_code == 400
