"""Units of cmi5: how they are launched, what they may send, and what follows from it."""

import json
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest

from courses.achievements.models import Achievement
from courses.learning.models import LessonDone
from courses.packages.models import Launch, PackageState, PackageStatement
from courses.packages.rules import COMPLETED, FAILED, INITIALIZED, PASSED, TERMINATED
from courses.packages.units import MASTERY, SESSION
from tests.factories import NOW
from tests.test_packages.making import PAGE, cmi5
from tests.test_packages.units import DONE, LOST, OVER, WON, Unit, begun, unit
from tests.test_packages.world import player

pytestmark = pytest.mark.django_db
EXPERIENCED = "http://adlnet.gov/expapi/verbs/experienced"


def test_a_unit_is_launched_with_what_it_needs() -> None:
    made = unit()
    assert made.launch["content"].startswith("content/index.html?own=1&endpoint=")
    assert set(made.given) == {"own", "endpoint", "fetch", "actor", "registration", "activityId"}
    assert made.given["endpoint"].startswith("http://127.0.0.1:8000/launch/")
    assert made.actor["account"]["homePage"] == "http://localhost:8000"
    assert UUID(made.given["registration"]).version == 4
    assert made.given["activityId"] != made.who.item().item
    user = made.who.enrolment.person.user
    assert user
    assert user.email not in json.dumps(made.given)


def test_registration_actor_and_activity_stay_the_same_and_sessions_do_not() -> None:
    first = unit()
    second = Unit(first.who)
    same = ("actor", "registration", "activityId")
    assert [first.given[name] for name in same] == [second.given[name] for name in same]
    assert second.data()["contextTemplate"]["extensions"][SESSION] != ""
    assert Launch.objects.values("session").distinct().count() == 2


def test_the_token_is_fetched_once() -> None:
    made = Unit(player(cmi5(("index.html", PAGE))), fetches=False)
    assert made.visitor.get("fetch/").status_code == 405
    assert "auth-token" in made.visitor.post("fetch/", "").json()
    again = made.visitor.post("fetch/", "")
    assert (again.status_code, again.json()["error-code"]) == (200, "1")


@pytest.mark.parametrize("secret", [None, "Basic wrong", "Bearer wrong", "Basic"])
def test_without_the_token_the_record_store_is_closed(secret: str | None) -> None:
    made = unit()
    headers = {"x-experience-api-version": "1.0.3"} | ({"authorization": secret} if secret else {})
    for path in ("xapi/statements", made.state("LMS.LaunchData"), made.place("agents", agent=made.given["actor"])):
        assert made.visitor.get(path, **headers).status_code == 401


def test_the_token_of_another_session_does_not_open_this_one() -> None:
    first = unit()
    second = Unit(first.who)
    second.headers["authorization"] = first.headers["authorization"]
    assert second.get("xapi/statements").status_code == 401


def test_a_version_that_nothing_serves_is_refused() -> None:
    made = unit()
    assert made.get("xapi/statements", **{"x-experience-api-version": "0.9"}).status_code == 400
    assert made.visitor.get("xapi/about").json()["version"][0] == "1.0.0"
    assert made.get("xapi/nothing").status_code == 404


def test_the_launch_data_say_what_the_course_structure_says() -> None:
    inner = "<launchParameters>a=1</launchParameters><entitlementKey>key</entitlementKey>"
    files = cmi5(("index.html", PAGE), moveOn="Passed", masteryScore="0.8", launchMethod="OwnWindow")
    files["cmi5.xml"] = str(files["cmi5.xml"]).replace("</url>", f"</url>{inner}")
    said = Unit(player(files)).data()
    template = said.pop("contextTemplate")
    assert template["contextActivities"]["grouping"][0]["id"] == "https://example.org/units/1"
    assert said.pop("returnURL").endswith("/ended/")
    assert said == {
        "launchMode": "Normal", "launchMethod": "OwnWindow", "moveOn": "Passed", "masteryScore": 0.8,
        "launchParameters": "a=1", "entitlementKey": {"courseStructure": "key"},
    }  # fmt: skip


@pytest.mark.parametrize("method", ["put", "post", "delete"])
def test_a_unit_does_not_change_its_launch_data(method: str) -> None:
    made = unit()
    path = made.visitor.base + made.state("LMS.LaunchData")
    call = getattr(made.visitor.client, method)
    assert call(path, "{}", content_type="application/json", headers=made.headers).status_code == 403


def test_a_whole_session_passes_and_completes_the_course_once() -> None:
    made = begun()
    assert [made.say(COMPLETED, DONE), made.say(PASSED, WON)] == [200, 200]
    assert made.say(TERMINATED, OVER) == 200
    state = PackageState.objects.get()
    assert (state.is_completed, state.is_passed, state.score, state.seconds) == (True, True, Decimal(90), Decimal(90))
    assert (LessonDone.objects.count(), Achievement.objects.count()) == (1, 1)
    verbs = [verb.rsplit("/", 1)[1] for verb in PackageStatement.objects.values_list("verb", flat=True)]
    assert verbs == ["launched", "initialized", "completed", "passed", "satisfied", "terminated"]


@pytest.mark.parametrize(
    ("move_on", "completed", "passed", "done"),
    [
        ("Passed", False, True, 1), ("Passed", True, False, 0), ("Completed", True, False, 1),
        ("Completed", False, True, 0), ("CompletedAndPassed", True, False, 0), ("CompletedAndPassed", False, True, 0),
        ("CompletedAndPassed", True, True, 1), ("CompletedOrPassed", True, False, 1),
        ("CompletedOrPassed", False, True, 1), ("CompletedOrPassed", False, False, 0),
        ("NotApplicable", False, False, 1),
    ],
)  # fmt: skip
def test_one_moves_on_when_the_course_says_so(move_on: str, completed: bool, passed: bool, done: int) -> None:
    made = begun(moveOn=move_on)
    if completed:
        made.say(COMPLETED, DONE)
    if passed:
        made.say(PASSED, WON)
    made.say(TERMINATED, OVER)
    assert LessonDone.objects.count() == done


def test_what_two_sessions_report_adds_up() -> None:
    first = begun(moveOn="CompletedAndPassed")
    first.say(COMPLETED, DONE)
    first.say(TERMINATED, OVER)
    second = Unit(first.who)
    assert [second.say(INITIALIZED), second.say(COMPLETED, DONE), second.say(PASSED, WON)] == [200, 403, 200]
    assert LessonDone.objects.count() == 1


def test_who_has_done_the_unit_looks_at_it_again_without_results() -> None:
    first = begun()
    first.say(PASSED, WON)
    again = Unit(first.who)
    assert again.data()["launchMode"] == "Review"
    assert [again.say(INITIALIZED), again.say(COMPLETED, DONE), again.say(TERMINATED, OVER)] == [200, 403, 200]


def test_a_session_that_never_ended_is_abandoned_by_the_next_and_sends_nothing_more() -> None:
    first = begun()
    Unit(first.who)
    assert first.say(PASSED, WON) == 403
    abandoned = PackageStatement.objects.get(verb__endswith="/abandoned")
    assert abandoned.statement["context"]["extensions"][SESSION] == str(abandoned.launch.session)
    assert abandoned.statement["result"]["duration"].startswith("PT")


def test_nothing_comes_before_initialized_or_after_terminated() -> None:
    made = unit()
    assert made.say(COMPLETED, DONE) == 403
    assert made.say(EXPERIENCED) == 403
    made.say(INITIALIZED)
    made.say(TERMINATED, OVER)
    assert [made.say(PASSED, WON), made.say(TERMINATED, OVER), made.say(INITIALIZED)] == [403, 403, 403]


def test_a_verb_comes_once_in_a_session_and_results_do_not_contradict_each_other() -> None:
    made = begun()
    assert [made.say(INITIALIZED), made.say(FAILED, LOST), made.say(PASSED, WON)] == [403, 200, 403]
    later = Unit(made.who)
    later.say(INITIALIZED)
    assert [later.say(PASSED, WON), later.say(FAILED, LOST)] == [200, 403]


def test_statements_of_its_own_are_taken_within_the_session_and_mean_nothing() -> None:
    made = begun(moveOn="CompletedOrPassed")
    context = made.statement(EXPERIENCED)["context"]
    del context["contextActivities"]["category"]
    assert made.say(EXPERIENCED, context=context) == 200
    assert made.say(PASSED, {"success": True}, context=context) == 200
    assert LessonDone.objects.count() == 0


def without(made: Unit, statement: dict[str, Any], *path: str) -> dict[str, Any]:
    copied: dict[str, Any] = json.loads(json.dumps(statement))
    inner = copied
    for name in path[:-1]:
        inner = inner[name]
    del inner[path[-1]]
    return copied


@pytest.mark.parametrize(
    "path",
    [
        ("id",), ("timestamp",), ("context",), ("context", "registration"), ("context", "extensions"),
        ("context", "contextActivities", "grouping"), ("result", "success"), ("result", "duration"), ("result",),
    ],
)  # fmt: skip
def test_a_result_that_lacks_something_is_refused(path: tuple[str, ...]) -> None:
    made = begun()
    assert made.send(without(made, made.statement(PASSED, WON), *path)).status_code == 403
    assert LessonDone.objects.count() == 0


@pytest.mark.parametrize(
    ("verb", "result"),
    [
        (PASSED, {"success": False, "duration": "PT1S"}),
        (PASSED, {"success": True, "completion": True, "duration": "PT1S"}),
        (PASSED, WON | {"score": {"scaled": 0.79}}),
        (FAILED, LOST | {"score": {"scaled": 0.8}}),
        (PASSED, WON | {"score": {"raw": 9}}),
        (PASSED, WON | {"score": {"scaled": -0.5}}),
        (COMPLETED, DONE | {"score": {"scaled": 1}}),
        (COMPLETED, {"completion": False, "duration": "PT1S"}),
        (TERMINATED, OVER | {"success": True}),
        (TERMINATED, {}),
        ("http://adlnet.gov/expapi/verbs/launched", {}),
        ("https://w3id.org/xapi/adl/verbs/satisfied", {}),
        ("https://w3id.org/xapi/adl/verbs/waived", {"success": True, "completion": True}),
        ("http://adlnet.gov/expapi/verbs/voided", {}),
    ],
)
def test_a_result_that_contradicts_its_verb_is_refused(verb: str, result: dict[str, Any]) -> None:
    made = begun()
    changes: dict[str, Any] = {}
    if verb.endswith("voided"):
        changes["object"] = {"objectType": "StatementRef", "id": str(uuid4())}
    assert made.say(verb, result or None, **changes) in (400, 403)
    assert LessonDone.objects.count() == 0


def test_another_actor_activity_or_mastery_score_is_refused() -> None:
    made = begun()
    other = {"objectType": "Agent", "account": {"homePage": "http://localhost:8000", "name": "other"}}
    assert made.say(PASSED, WON, actor=other) == 403
    assert made.say(PASSED, WON, actor={"mbox": "mailto:a@example.org"}) == 403
    assert made.say(PASSED, WON, object={"id": "https://example.org/units/1"}) == 403
    context = made.statement(PASSED, WON)["context"]
    context["extensions"][MASTERY] = 0.1
    assert made.say(PASSED, WON, context=context) == 403


def test_what_is_no_statement_is_refused() -> None:
    made = begun()
    for sent in (b"", b"{", b"[1]", b'{"actor": 1}', b"[" * 10_000):
        assert made.visitor.post("xapi/statements", sent, **made.headers).status_code == 400
    assert made.say(PASSED, {"success": "yes"}) == 400
    assert made.send(*[made.statement(EXPERIENCED)] * 101).status_code == 413
    text = made.visitor.client.post(
        f"{made.visitor.base}xapi/statements", "x", content_type="text/plain", headers=made.headers
    )
    assert text.status_code == 400


def test_all_statements_of_a_request_are_taken_or_none() -> None:
    made = begun()
    assert made.send(made.statement(COMPLETED, DONE), made.statement(PASSED, LOST)).status_code == 403
    assert not PackageStatement.objects.filter(verb=COMPLETED).exists()
    assert PackageState.objects.get().is_completed is None


def test_a_statement_that_is_sent_again_is_stored_once() -> None:
    made = begun()
    statement = made.statement(PASSED, WON)
    assert [made.send(statement).status_code, made.send(statement).status_code] == [200, 200]
    assert PackageStatement.objects.filter(verb=PASSED).count() == 1
    assert made.send(statement | {"timestamp": "2026-01-01T00:00:00Z"}).status_code == 409


def test_a_statement_is_put_by_its_id() -> None:
    made = unit()
    statement = made.statement(INITIALIZED)
    put = made.visitor.client.put
    path = f"{made.visitor.base}xapi/statements?statementId="
    for number, status in ((str(uuid4()), 400), (statement["id"], 204), (statement["id"], 204)):
        response = put(path + number, json.dumps(statement), content_type="application/json", headers=made.headers)
        assert response.status_code == status


def test_an_expired_session_is_over() -> None:
    made = begun()
    Launch.objects.update(made_at=NOW - timedelta(days=2), expires_at=NOW - timedelta(days=1))
    assert made.send().status_code == 410


@pytest.mark.parametrize("duration", ["P99999999999D", "PT99999999999999999999S", "P1Y", "-PT5S"])
def test_a_duration_that_no_clock_measures_ends_the_session_all_the_same(duration: str) -> None:
    made = begun()
    assert made.say(TERMINATED, {"duration": duration}) in (200, 400)
    assert PackageState.objects.get().seconds >= 0
