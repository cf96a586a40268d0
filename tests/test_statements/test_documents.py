"""States and profiles: kept as they are, merged where they are JSON, never overwritten unseen."""

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import time_machine
from django.db import connection

from courses.statements.models import Document
from programs.models import Partner
from tests.factories import PartnerFactory
from tests.test_statements.lms import ANNA, BEN, COURSE, REGISTRATION, TEAM, LearningSystem, new_id

STATE, ACTIVITY, AGENT = "/xapi/activities/state", "/xapi/activities/profile", "/xapi/agents/profile"
PLACES: dict[str, dict[str, Any]] = {
    STATE: {"activityId": COURSE, "agent": ANNA},
    ACTIVITY: {"activityId": COURSE},
    AGENT: {"agent": ANNA},
}
NAMES = {STATE: "stateId", ACTIVITY: "profileId", AGENT: "profileId"}
ALL = pytest.mark.parametrize("address", PLACES)


def at(address: str, name: str = "look") -> dict[str, Any]:
    return PLACES[address] | {NAMES[address]: name}


@ALL
def test_a_document_comes_back_as_it_was_put(either: LearningSystem, address: str) -> None:
    content = bytes(range(256))
    put = either.ask("PUT", address, content, content_type="image/x-own", **at(address))
    assert (put.status_code, put.content) == (204, b"")
    back = either.get(address, **at(address))
    assert (back.status_code, back.content, back["Content-Type"]) == (200, content, "image/x-own")
    assert back["ETag"] == f'"{hashlib.sha1(content).hexdigest()}"'
    assert back["Last-Modified"]


@ALL
def test_json_that_is_posted_is_merged(either: LearningSystem, address: str) -> None:
    either.post({"a": 1, "b": {"c": 2}}, address, **at(address))
    assert either.post({"b": {"d": 3}, "e": None}, address, **at(address)).status_code == 204
    assert either.get(address, **at(address)).json() == {"a": 1, "b": {"d": 3}, "e": None}


@ALL
@pytest.mark.parametrize(
    ("there", "posted"),
    [
        (("text/plain", "x"), ("application/json", "{}")),
        (("application/json", "{}"), ("text/plain", "x")),
        (("application/json", "[1]"), ("application/json", "{}")),
        (("text/plain", "{}"), ("text/plain", "{}")),
    ],
)
def test_only_json_objects_are_merged(
    lms: LearningSystem, address: str, there: tuple[str, str], posted: tuple[str, str]
) -> None:
    assert lms.ask("PUT", address, there[1], content_type=there[0], **at(address)).status_code == 204
    assert lms.ask("POST", address, posted[1], content_type=posted[0], **at(address)).status_code == 400
    assert lms.get(address, **at(address)).content == there[1].encode()


@ALL
@pytest.mark.parametrize("method", ["PUT", "POST"])
@pytest.mark.parametrize("content", ["{", '{"a": 1, "a": 2}', " ", "nonsense", '{"a": "\\u0000"}'])
def test_what_says_that_it_is_json_must_be(lms: LearningSystem, address: str, method: str, content: str) -> None:
    assert lms.ask(method, address, content, **at(address)).status_code == 400


@ALL
def test_anything_but_json_may_be_posted_where_nothing_is(lms: LearningSystem, address: str) -> None:
    assert lms.ask("POST", address, b"\x00x", content_type="text/plain", **at(address)).status_code == 204
    assert lms.get(address, **at(address)).content == b"\x00x"
    assert lms.post([1], address, **at(address, "other")).status_code == 400


@ALL
def test_a_deleted_document_is_gone(either: LearningSystem, address: str) -> None:
    either.post({}, address, **at(address))
    for _ in range(2):
        assert either.ask("DELETE", address, **at(address)).status_code == 204
    assert either.get(address, **at(address)).status_code == 404


@ALL
def test_names_are_listed(either: LearningSystem, address: str) -> None:
    with time_machine.travel("2026-11-20T10:00:00Z", tick=False):
        either.post({}, address, **at(address, "old"))
    with time_machine.travel("2026-11-21T10:00:00Z", tick=False):
        either.post({}, address, **at(address, "new"))
    place = PLACES[address]
    assert either.get(address, **place).json() == ["old", "new"]
    assert either.get(address, **place, since="2026-11-20T10:00:00Z").json() == ["new"]
    assert either.get(address, **place, since="2026-11-20T11:59:59+02:00").json() == ["old", "new"]
    assert either.get(address, **place)["Last-Modified"] == "Sat, 21 Nov 2026 10:00:00 GMT"
    assert either.get(address, **place, since="yesterday").status_code == 400


@ALL
@pytest.mark.parametrize("method", ["GET", "PUT", "POST", "DELETE"])
def test_a_place_that_is_not_said_is_400(either: LearningSystem, address: str, method: str) -> None:
    for missing in PLACES[address]:
        params = {name: value for name, value in at(address).items() if name != missing}
        assert either.ask(method, address, "{}", **params).status_code == 400


@ALL
@pytest.mark.parametrize("method", ["GET", "PUT", "POST", "DELETE"])
@pytest.mark.parametrize(
    "wrong",
    [
        {"agent": "x"}, {"agent": True}, {"agent": {"name": "Anna"}}, {"agent": TEAM}, {"activityId": "course"},
        {"registration": "x"}, {"foo": "bar"}, {"StateId": "x"}, {"stateId": ""}, {"profileId": ""},
    ],
)  # fmt: skip
def test_a_wrong_parameter_is_400(either: LearningSystem, address: str, method: str, wrong: dict[str, Any]) -> None:
    assert either.ask(method, address, "{}", **at(address) | wrong).status_code == 400


@ALL
@pytest.mark.parametrize("method", ["PUT", "POST"])
def test_what_is_sent_needs_a_name(lms: LearningSystem, address: str, method: str) -> None:
    assert lms.ask(method, address, "{}", **PLACES[address]).status_code == 400


@pytest.mark.parametrize("address", [ACTIVITY, AGENT])
def test_profiles_are_deleted_one_by_one(lms: LearningSystem, address: str) -> None:
    assert lms.ask("DELETE", address, **PLACES[address]).status_code == 400


def test_all_states_of_a_place_are_deleted_together(either: LearningSystem) -> None:
    place = PLACES[STATE]
    for name, more in (("a", {}), ("b", {"registration": REGISTRATION}), ("c", {"registration": new_id()})):
        either.post({}, STATE, **place, stateId=name, **more)
    either.post({}, STATE, **place | {"agent": BEN}, stateId="a")
    assert either.ask("DELETE", STATE, **place, registration=REGISTRATION).status_code == 204
    assert either.get(STATE, **place).json() == ["a", "c"]
    assert either.ask("DELETE", STATE, **place).status_code == 204
    assert either.get(STATE, **place).json() == []
    assert Document.objects.count() == 1


def test_a_registration_has_states_of_its_own(lms: LearningSystem) -> None:
    lms.post({"a": 1}, STATE, **at(STATE))
    lms.post({"a": 2}, STATE, **at(STATE), registration=REGISTRATION)
    assert lms.get(STATE, **at(STATE)).json() == {"a": 1}
    assert lms.get(STATE, **at(STATE), registration=REGISTRATION.upper()).json() == {"a": 2}
    assert lms.get(STATE, **PLACES[STATE], registration=REGISTRATION).json() == ["look"]
    assert lms.get(STATE, **PLACES[STATE]).json() == ["look"]


@ALL
def test_partners_have_documents_of_their_own(lms: LearningSystem, address: str) -> None:
    lms.post({"a": 1}, address, **at(address))
    for partner in (PartnerFactory.create(program=lms.token.program), PartnerFactory.create()):
        other = LearningSystem.of(partner)
        assert other.get(address, **at(address)).status_code == 404
        assert other.get(address, **PLACES[address]).json() == []
        other.ask("DELETE", address, **at(address))
    assert lms.get(address, **at(address)).status_code == 200


@ALL
def test_places_do_not_mix(lms: LearningSystem, address: str) -> None:
    lms.post({}, address, **at(address))
    for name in PLACES[address]:
        elsewhere = at(address) | {name: {"activityId": "a:b", "agent": BEN}[name]}
        assert lms.get(address, **elsewhere).status_code == 404


@ALL
@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE"])
def test_who_has_not_seen_the_document_does_not_change_it(either: LearningSystem, address: str, method: str) -> None:
    either.post({"a": 1}, address, **at(address))
    etag = either.get(address, **at(address))["ETag"]
    for header in ('"1234"', f'"{"1" * 40}"'):
        answer = either.ask(method, address, '{"a": 2}', headers={"If-Match": header}, **at(address))
        assert (answer.status_code, either.get(address, **at(address)).json()) == (412, {"a": 1})
    answer = either.ask(method, address, '{"a": 2}', headers={"If-Match": f'"x", {etag}'}, **at(address))
    assert answer.status_code == 204
    after = either.get(address, **at(address))
    assert after.status_code == 404 if method == "DELETE" else after.json() == {"a": 2}


@ALL
def test_a_document_may_be_put_only_where_none_is(either: LearningSystem, address: str) -> None:
    codes = [either.put({"a": n}, address, headers={"If-None-Match": "*"}, **at(address)).status_code for n in range(2)]
    assert codes == [204, 412]
    assert either.get(address, **at(address)).json() == {"a": 0}


@ALL
def test_if_match_wants_a_document(lms: LearningSystem, address: str) -> None:
    assert lms.put({}, address, headers={"If-Match": "*"}, **at(address)).status_code == 412


@ALL
def test_a_document_is_replaced_only_by_who_says_what_they_have_seen(either: LearningSystem, address: str) -> None:
    codes = [either.put({"a": n}, address, **at(address)).status_code for n in range(2)]
    is_free = address == STATE and either.version == "1.0.3"
    assert codes == [204, 204 if is_free else 409]
    assert either.get(address, **at(address)).json() == {"a": int(is_free)}


@pytest.mark.parametrize("length", [3000, 7000])
def test_long_names_are_kept(lms: LearningSystem, length: int) -> None:
    name = "x" * length
    lms.post({"a": 1}, STATE, **at(STATE, name))
    lms.post({"a": 2}, STATE, **at(STATE, f"{name}y"))
    assert lms.get(STATE, **at(STATE, name)).json() == {"a": 1}


def test_a_name_that_cannot_be_kept_is_400(lms: LearningSystem) -> None:
    assert lms.post({}, STATE, **at(STATE, "a\0b")).status_code == 400


@pytest.mark.django_db(transaction=True)
def test_eight_writers_of_one_document_lose_nothing(lms: LearningSystem, partner: Partner) -> None:
    def send(number: int) -> int:
        try:
            code: int = lms.post({f"key{number}": number}, AGENT, **at(AGENT)).status_code
            return code
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as clients:
        assert set(clients.map(send, range(8))) == {204}
    assert lms.get(AGENT, **at(AGENT)).json() == {f"key{number}": number for number in range(8)}


def test_an_activity_is_told_with_all_that_was_said_of_it(either: LearningSystem) -> None:
    def described(**definition: Any) -> dict[str, Any]:
        return {"objectType": "Activity", "id": COURSE, "definition": definition}

    statement = {"actor": ANNA, "verb": {"id": "a:b"}}
    either.store(statement | {"object": described(name={"en": "Old", "fr": "Vieux"}, type="a:old")})
    either.store(statement | {"object": described(name={"en": "New"}, description={"en": "Text"}, type="a:new")})
    either.store(statement | {"object": {"id": COURSE}})
    assert either.get("/xapi/activities", activityId=COURSE).json() == described(
        name={"en": "New", "fr": "Vieux"}, description={"en": "Text"}, type="a:new"
    )
    assert either.get("/xapi/activities", activityId="a:unknown").json()["id"] == "a:unknown"


@pytest.mark.parametrize("params", [{}, {"activityId": "x"}, {"activityid": COURSE}, {"activityId": COURSE, "x": "y"}])
def test_an_activity_is_asked_for_by_its_id(either: LearningSystem, params: dict[str, Any]) -> None:
    assert either.get("/xapi/activities", **params).status_code == 400


def test_an_agent_is_a_person_with_all_names(either: LearningSystem) -> None:
    account = ANNA["account"]
    for name in ("Anna", "Anna B.", "Anna"):
        either.store({"actor": {"account": account, "name": name}, "verb": {"id": "a:b"}, "object": {"id": "a:b"}})
    person = either.get("/xapi/agents", agent={"account": account}).json()
    assert (person["objectType"], person["account"]) == ("Person", [account])
    assert set(person["name"]) == {"Anna", "Anna B."}
    assert either.get("/xapi/agents", agent={"mbox": "mailto:x@example.org", "name": "X"}).json() == {
        "objectType": "Person",
        "mbox": ["mailto:x@example.org"],
        "name": ["X"],
    }


@pytest.mark.parametrize("params", [{}, {"agent": "x"}, {"agent": {}}, {"agent": {"name": "Anna"}}, {"Agent": ANNA}])
def test_an_agent_is_asked_for_by_an_identifier(either: LearningSystem, params: dict[str, Any]) -> None:
    assert either.get("/xapi/agents", **params).status_code == 400
    json.dumps(params)
