"""What a statement may say. Every case is one change to a statement that is right."""

from copy import deepcopy
from typing import Any

import pytest

from courses.statements.checks import EDITIONS, Edition, InvalidError, check_statements
from tests.test_statements.lms import ANNA, BEN, FULL, SOME_ID, TEAM, full, new_id, small

LONG = "x" * 400


def refused(statement: Any, edition: Edition = "1.0.3") -> str:
    with pytest.raises(InvalidError) as caught:
        check_statements([statement], edition)
    return str(caught.value)


def changed(path: str, value: Any) -> dict[str, Any]:
    """The full statement with another value at the path; `...` takes it out."""
    statement: dict[str, Any] = deepcopy(FULL)
    *way, last = path.split(".")
    place: Any = statement
    for name in way:
        place = place[int(name)] if isinstance(place, list) else place.setdefault(name, {})
    if value is ...:
        del place[last]
    else:
        place[last] = value
    return statement


def sub_statement(**changes: Any) -> dict[str, Any]:
    return small(object=full(objectType="SubStatement") | changes)


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("statement", [small(), full(), sub_statement()])
def test_right_statements_pass(statement: dict[str, Any], edition: Edition) -> None:
    check_statements([statement], edition)


WRONG_VALUES: list[tuple[str, list[Any]]] = [
    ("id", [None, "", 12, True, {}, "AA97B177-9383-4934-8543-0F91A7A028368", "MA97B177-9383-4934-8543-0F91A7A02836"]),
    ("actor", [None, "anna", [], {}, 1]),
    ("actor.name", [None, 1, {}]),
    ("actor.objectType", ["agent", "Person", None, 1, []]),
    ("actor.account", [None, {}, "x", {"name": "anna"}, {"homePage": "https://a.example"}]),
    ("actor.account.homePage", ["academy.example", "ab=c://x.example", "", 1]),
    ("actor.account.name", [None, 1, {}]),
    ("actor.account.x", ["y"]),
    ("actor.mbox", ["mailto:anna@example.org"]),
    ("verb", [None, "completed", {}, []]),
    ("verb.id", [None, "completed", "ab=c://x.example", "", 1, "http://a.example/with space", f"{LONG} x"]),
    ("verb.display", [None, "done", [], {"a12345678901": "x"}, {"en-GB": None}, {"something": "x"}, {"": "x"}]),
    ("object", [None, "x", [], {}, {"id": "x"}, {"objectType": "Agent"}, {"objectType": "activity", "id": "a:b"}]),
    ("object.objectType", [None, 1, [], {}, "Statement"]),
    ("object.definition", [None, "x", []]),
    ("object.definition.type", ["x", None, 1]),
    ("object.definition.moreInfo", ["x", None]),
    ("object.definition.name", ["x", {"en-GB": 1}, {"too_long_tag": "x"}]),
    ("object.definition.interactionType", ["Choice", "choiCe", None, 1, ...]),
    ("object.definition.correctResponsesPattern", ["a", [1], {}]),
    ("object.definition.choices", [{}, [{}], ["a"], [{"id": 1}], [{"id": "a"}, {"id": "a"}], [{"id": "a", "x": 1}]]),
    ("object.definition.extensions", [[], {"x": 1}]),
    ("object.definition.x", [1]),
    ("result", [None, "x", []]),
    ("result.score", [None, 1, {"x": 1}]),
    ("result.score.scaled", [1.01, -1.01, "0.5", True, None]),
    ("result.score.raw", [101, -1, "80"]),
    ("result.score.min", [100, 101, "0"]),
    ("result.score.max", ["one hundred", "100", 0]),
    ("result.success", ["true", 1, None]),
    ("result.completion", ["false", 0]),
    ("result.response", [1, None]),
    ("result.duration", ["1 hour", "P", "PT", "P1H", "PA1H0M0S", "P4W1D", "PT1H-", "P0001-01-01T00:00:00", 12, None]),
    ("result.duration", ["P٣Y", "PT1.H", "PT,5S", "P4W1D", " P1D", "-P1D", {"x": 1}]),
    ("result.extensions", [None, [], {"region": "N"}]),
    ("context", [None, "x", []]),
    ("context.registration", [None, "x", 1, {}]),
    ("context.instructor", [None, {}, {"objectType": "Group"}, {"name": "Carla"}]),
    ("context.team", [ANNA, {}, None, {"objectType": "Group", "member": []}]),
    ("context.contextActivities", [None, [], {"sibling": []}, {"parent": None}, {"parent": ["x"]}, {"parent": [{}]}]),
    ("context.revision", [1, None]),
    ("context.platform", [1, None]),
    ("context.language", ["english_uk", "", "e", 1, None, "en-", "-en", "en-GB-", "zh-z-aaa-z-bbb-c-ccc"]),
    ("context.language", ["es-٤١٩", "ſr", "de-419-DE", "a-DE", "ar-a-aaa-b-bbb-a-ccc", {"de": "x"}]),
    ("context.statement", [None, {"id": "1b4c8f7e-95a5-4f5a-8d1e-2a3b4c5d6e7f"}, {"objectType": "StatementRef"}]),
    ("context.extensions", [None, {"region": 1}]),
    ("context.contextAgents", [[]]),
    ("timestamp", ["", "now", "01/011/2015", "2026-11-20", "2026-13-01T00:00:00Z", "2026-02-30T00:00:00Z", 1, None]),
    ("timestamp", [f"2008-09-15T15:53:00.601{zone}" for zone in ("-00", "-0000", "-00:00", "+99:00", " Z", "z")]),
    ("timestamp", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-05:00"]),
    ("stored", ["x", None]),
    ("authority", [None, {}, TEAM, {"objectType": "Group", "member": [ANNA, BEN, BEN]}]),
    ("authority", [{"objectType": "Group", "member": [ANNA, BEN], "mbox": "mailto:x@example.org"}]),
    ("version", ["0.9.9", "1.1.0", "2.0.0", "1", "", 1, None, "1.0.3 ", "1.0.٣"]),
    ("attachments", [None, {}, "x", [1], [{}]]),
    *((name, [{}, "x"]) for name in ("iD", "Actor", "veRb", "oBject", "RESULT", "timeStamp", "STOred", "Version")),
]


@pytest.mark.parametrize(("path", "value"), [(path, value) for path, values in WRONG_VALUES for value in values])
def test_a_wrong_value_is_refused_and_named(path: str, value: Any) -> None:
    why = refused(changed(path, value))
    assert why.startswith("Statement 1")
    assert path.split(".")[0].lower() in why.lower()


@pytest.mark.parametrize("path", ["actor", "verb", "object"])
def test_what_is_missing_is_named(path: str) -> None:
    assert f"“{path}”" in refused(changed(path, ...))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (path, value)
        for path, values in WRONG_VALUES
        for value in values
        if path not in ("id", "stored", "version", "authority")
    ],
)
def test_a_sub_statement_is_checked_like_a_statement(path: str, value: Any) -> None:
    inner = changed(path, value) | {"objectType": "SubStatement"}
    assert "object" in refused(small(object=inner))


@pytest.mark.parametrize(
    "more",
    [{"id": SOME_ID}, {"stored": "2026-11-20T10:00:00Z"}, {"version": "1.0.3"}, {"authority": ANNA}, {"x": 1}],
)
def test_a_sub_statement_has_nothing_that_a_store_adds(more: dict[str, Any]) -> None:
    refused(sub_statement(**more))


def test_a_sub_statement_has_no_sub_statement() -> None:
    refused(sub_statement(object=full(objectType="SubStatement")))


RIGHT_VALUES: list[tuple[str, list[Any]]] = [
    ("id", [SOME_ID, SOME_ID.upper()]),
    ("actor", [BEN, TEAM, {"mbox_sha1sum": "ab" * 20}, {"openid": "https://id.example/anna"}]),
    ("actor", [{"objectType": "Group", "mbox": "mailto:g@example.org"}, TEAM | {"openid": "https://id.example/g"}]),
    ("verb.display", [{}, {"und": "x"}, {"zh-Hant-TW": "x"}, {"de-CH-1996": "x"}, {"x-own": "x"}, {"EN-gb": "x"}]),
    ("context.language", ["sr-Latn-RS", "ase", "de-a-bb-x-a-b", "cmn", "zh-Hant", "es-419"]),
    ("verb.id", ["urn:uuid:x", "https://beispiel.example/größe", "tag:a.example,2026:x"]),
    ("object", [ANNA, TEAM, {"objectType": "StatementRef", "id": SOME_ID}, {"id": "a:b", "definition": {}}]),
    ("object.definition", [{"interactionType": kind} for kind in ("true-false", "long-fill-in", "numeric", "other")]),
    ("result", [{}, {"score": {}}, {"score": {"scaled": -1}}, {"score": {"raw": 1e9}}]),
    ("result.score", [{"min": 0, "raw": 0}, {"raw": -5, "max": -5}, {"min": 0, "max": 0.1, "raw": 0.05}]),
    ("result.duration", ["PT1H0M0.1S", "P3Y1M29DT4H35M59.14S", "P3Y", "P4W", "PT16559.14S", "P1DT12H36M0.12567S"]),
    ("result.duration", ["PT0,5S", "P0.5W", "P1YT1S"]),
    ("result.extensions", [{"a:b": None}, {"a:b": ""}, {"a:b": {}}, {"a:b": []}, {"a:b": {"c": {"d": None}}}]),
    ("context", [{}, {"contextActivities": {}}, {"contextActivities": {"other": {"id": "a:b"}}}]),
    ("timestamp", ["2026-11-20 10:00:00.601+00:00", "2026-11-20T10:00-05:00", "2091-11-20T10:00:00Z"]),
    ("timestamp", ["2026-11-20T10:00:00Z", "2026-11-20T10:00:00.123456789+05:30", "2008-09-15T15:53:00.601+00:00"]),
    ("authority", [ANNA, {"objectType": "Group", "member": [ANNA, BEN]}]),
    ("version", ["1.0", "1.0.0", "1.0.3", "1.0.9"]),
]  # fmt: skip


@pytest.mark.parametrize(("path", "value"), [(path, value) for path, values in RIGHT_VALUES for value in values])
def test_another_right_value_passes(path: str, value: Any) -> None:
    statement = changed(path, value)
    if path == "object" and value.get("objectType"):
        del statement["context"]["revision"], statement["context"]["platform"]
    check_statements([statement], "1.0.3")


@pytest.mark.parametrize("name", ["revision", "platform"])
@pytest.mark.parametrize("about", [ANNA, TEAM, {"objectType": "StatementRef", "id": SOME_ID}])
def test_revision_and_platform_belong_to_activities(name: str, about: dict[str, Any]) -> None:
    refused(small(object=about, context={name: "x"}))
    refused(sub_statement(object=about, context={name: "x"}))
    check_statements([small(object={"id": "a:b"}, context={name: "x"})], "1.0.3")


def test_what_is_voided_is_a_statement() -> None:
    refused(small(verb={"id": "http://adlnet.gov/expapi/verbs/voided"}))


ATTACHMENT = {
    "usageType": "https://academy.example/certificate",
    "display": {"en-GB": "Certificate"},
    "contentType": "text/plain; charset=ascii",
    "length": 27,
    "sha2": "ab" * 32,
}


@pytest.mark.parametrize("name", list(ATTACHMENT))
def test_an_attachment_says_all_that_it_must(name: str) -> None:
    check_statements([small(attachments=[ATTACHMENT])], "1.0.3")
    refused(small(attachments=[{key: value for key, value in ATTACHMENT.items() if key != name}]))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("usageType", "x"), ("display", "x"), ("description", 1), ("description", {"something": "x"}), ("length", "27"),
        ("length", -1), ("length", 2.5), ("length", True), ("sha2", 12345), ("sha2", ""), ("sha2", "xyz"),
        ("contentType", "should fail"), ("contentType", ""),
        ("contentType", "text/plain\r\n; x: y"), ("contentType", "text/plain; a\rb"), ("fileUrl", "x"), ("size", 3),
    ],
)  # fmt: skip
def test_an_attachment_with_a_wrong_value_is_refused(name: str, value: Any) -> None:
    assert "attachments.0" in refused(small(attachments=[ATTACHMENT | {name: value}]))


def context_2(**rows: Any) -> dict[str, Any]:
    return small(context=rows)


AGENT_ROW = {"objectType": "contextAgent", "agent": ANNA, "relevantTypes": ["https://academy.example/tutor"]}
GROUP_ROW = {"objectType": "contextGroup", "group": TEAM, "relevantTypes": ["https://academy.example/class"]}


def test_version_2_knows_further_agents_and_groups() -> None:
    check_statements([context_2(contextAgents=[AGENT_ROW], contextGroups=[GROUP_ROW])], "2.0.0")
    refused(context_2(contextAgents=[AGENT_ROW]), "1.0.3")


@pytest.mark.parametrize(
    "change",
    [
        {"objectType": "Agent"}, {"objectType": ...}, {"agent": ...}, {"agent": TEAM}, {"agent": {"key": "x"}},
        {"relevantTypes": []}, {"relevantTypes": ["abc"]}, {"relevantTypes": "https://a.example"}, {"x": 1},
    ],
)  # fmt: skip
def test_a_context_agent_with_a_wrong_value_is_refused(change: dict[str, Any]) -> None:
    row = {name: value for name, value in (AGENT_ROW | change).items() if value is not ...}
    refused(context_2(contextAgents=[row]), "2.0.0")
    refused(sub_statement(context={"contextAgents": [row]}), "2.0.0")


@pytest.mark.parametrize("change", [{"objectType": "contextAgent"}, {"group": ANNA}, {"relevantTypes": []}])
def test_a_context_group_with_a_wrong_value_is_refused(change: dict[str, Any]) -> None:
    refused(context_2(contextGroups=[GROUP_ROW | change]), "2.0.0")


@pytest.mark.parametrize("timestamp", ["2026-11-20T10:00:00", "2026-11-20T10:00:00+05", "2026-11-20T10:00:00+0530"])
def test_version_2_wants_the_zone_of_a_moment_in_full(timestamp: str) -> None:
    check_statements([small(timestamp=timestamp)], "1.0.3")
    refused(small(timestamp=timestamp), "2.0.0")


def test_version_2_takes_statements_of_both_versions() -> None:
    check_statements([small(version="2.0.0"), small(version="1.0.3")], "2.0.0")


def test_an_id_stands_for_one_statement_of_a_request() -> None:
    number = new_id()
    with pytest.raises(InvalidError, match="Statement 2 must have an id of its own"):
        check_statements([small(id=number), small(id=number.upper())], "1.0.3")


def test_the_wrong_one_of_many_is_named() -> None:
    with pytest.raises(InvalidError, match=r"Statement 3\.verb\.id must be an IRI"):
        check_statements([small(), small(), small(verb={"id": "x"})], "1.0.3")
