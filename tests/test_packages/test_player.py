"""The interfaces that packages call, in a real browser: what they return and which errors they set."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Route

from courses.packages.elements import MODELS, model_for_player
from courses.packages.elements.claims import ClaimRefusedError, checked_claims
from courses.packages.views.launch import PLAYER, PLAYER_TYPES
from tests.test_packages.calls import FIRST, SECOND, Call

pytestmark = pytest.mark.browser
Api = Callable[..., list[tuple[Any, str]]]
SETUP = """
async ([standard, table, values, derived]) => {
  const { Model } = await import("/model.js");
  const { api12, api2004 } = await import("/api.js");
  const rules = Object.fromEntries(Object.entries(derived).map(([name, body]) => [name, new Function("values", body)]));
  window.saved = [];
  const saving = { soon: () => saved.push("soon"), now: () => saved.push("now"), finish: () => saved.push("finish") };
  window.model = new Model(table, values, rules);
  window.api = (standard === "scorm-1.2" ? api12 : api2004)(model, saving);
}
"""
RUN = """
(calls) => {
  const error = api.LMSGetLastError || api.GetLastError;
  return calls.map(([name, ...given]) => [api[name](...given), error()]);
}
"""


@pytest.fixture
def api(page: Page) -> Api:
    """Makes calls of a new interface, answers what each returned and the error that it left."""

    def answer(route: Route) -> None:
        name = route.request.url.rpartition("/")[2]
        path = PLAYER / name if name else None
        kind = PLAYER_TYPES[path.suffix] if path else "text/html"
        route.fulfill(body=path.read_text() if path else "<p>", content_type=kind)

    page.route("http://player.test/**", answer)
    page.goto("http://player.test/")

    def run(
        standard: str, *calls: Call, values: dict[str, str] | None = None, derived: dict[str, str] | None = None
    ) -> list[tuple[Any, str]]:
        page.evaluate(SETUP, [standard, model_for_player(standard), values or {}, derived or {}])
        return [tuple(one) for one in page.evaluate(RUN, list(calls))]

    return run


def results_12(api: Api, *calls: Call, **given: Any) -> list[tuple[Any, str]]:
    return api("scorm-1.2", ("LMSInitialize", ""), *calls, **given)[1:]


def results_2004(api: Api, *calls: Call, **given: Any) -> list[tuple[Any, str]]:
    return api("scorm-2004", ("Initialize", ""), *calls, **given)[1:]


def test_a_session_of_scorm_1_2_goes_its_way(api: Api) -> None:
    assert api(
        "scorm-1.2",
        ("LMSGetValue", "cmi.core.entry"), ("LMSSetValue", "cmi.core.exit", "suspend"), ("LMSCommit", ""),
        ("LMSFinish", ""), ("LMSInitialize", "x"), ("LMSInitialize", ""), ("LMSInitialize", ""),
        ("LMSGetValue", "cmi.core.entry"), ("LMSCommit", "x"), ("LMSCommit", ""), ("LMSFinish", "x"),
        ("LMSFinish", ""), ("LMSFinish", ""), ("LMSInitialize", ""), ("LMSGetValue", "cmi.core.entry"),
        ("LMSSetValue", "cmi.core.exit", ""),
    ) == [
        ("", "301"), ("false", "301"), ("false", "301"), ("false", "301"), ("false", "201"), ("true", "0"),
        ("false", "101"), ("ab-initio", "0"), ("false", "201"), ("true", "0"), ("false", "201"), ("true", "0"),
        ("false", "301"), ("false", "101"), ("", "301"), ("false", "301"),
    ]  # fmt: skip


def test_a_session_of_scorm_2004_goes_its_way(api: Api) -> None:
    assert api(
        "scorm-2004",
        ("GetValue", "cmi.entry"), ("SetValue", "cmi.exit", "suspend"), ("Commit", ""), ("Terminate", ""),
        ("Initialize", "x"), ("Initialize", ""), ("Initialize", ""), ("GetValue", "cmi.entry"), ("GetValue", ""),
        ("SetValue", "", "x"), ("Commit", "x"), ("Commit", ""), ("Terminate", "x"), ("Terminate", ""),
        ("Terminate", ""), ("Initialize", ""), ("GetValue", "cmi.entry"), ("SetValue", "cmi.exit", ""),
        ("Commit", ""),
    ) == [
        ("", "122"), ("false", "132"), ("false", "142"), ("false", "112"), ("false", "201"), ("true", "0"),
        ("false", "103"), ("ab-initio", "0"), ("", "301"), ("false", "351"), ("false", "201"), ("true", "0"),
        ("false", "201"), ("true", "0"), ("false", "113"), ("false", "104"), ("", "123"), ("false", "133"),
        ("false", "143"),
    ]  # fmt: skip


def test_errors_are_said_in_words_and_asking_for_them_changes_nothing(api: Api, page: Page) -> None:
    said = results_2004(
        api, ("GetValue", "cmi.nothing"), ("GetErrorString", "401"), ("GetErrorString", "9999"),
        ("GetErrorString", ""), ("GetDiagnostic", ""), ("GetDiagnostic", "401"), ("GetDiagnostic", "x" * 400),
    )  # fmt: skip
    assert [error for _, error in said] == ["401"] * 7
    texts = [text for text, _ in said]
    assert texts[:4] == ["", "Undefined data model element", "", ""]
    assert "cmi.nothing" in texts[4]
    assert max(len(text) for text in texts) <= 255
    first = results_12(api, ("LMSSetValue", "cmi.core.student_id", "x"), ("LMSGetErrorString", "403"))
    assert first == [("false", "403"), ("Element is read only", "403")]


def test_functions_work_when_they_are_taken_apart_from_the_interface(api: Api, page: Page) -> None:
    results_12(api)
    assert page.evaluate("(() => { const set = api.LMSSetValue; return set('cmi.core.score.raw', 80); })()") == "true"
    assert page.evaluate("(() => { const get = api.LMSGetValue; return get('cmi.core.score.raw'); })()") == "80"


def test_the_data_model_of_scorm_1_2_is_kept(api: Api) -> None:
    found = results_12(api, *(call for call, _, _ in FIRST))
    assert [(call, *one) for (call, _, _), one in zip(FIRST, found, strict=True)] == FIRST


def test_the_data_model_of_scorm_2004_is_kept(api: Api) -> None:
    found = results_2004(api, *(call for call, _, _ in SECOND))
    assert [(call, *one) for (call, _, _), one in zip(SECOND, found, strict=True)] == SECOND


RESPONSES: list[tuple[str, str, bool]] = [
    ("true-false", "true", True), ("true-false", "t", False),
    ("choice", "", True), ("choice", "a[,]b", True), ("choice", "a b", False), ("choice", "a[,]", False),
    ("fill-in", "{lang=en}car[,]{lang=hi}गाड़ी", True), ("fill-in", "{lang=1}car", False),
    ("long-fill-in", "any text at all", True),
    ("likert", "agree", True), ("likert", "", False),
    ("matching", "1[.]a[,]2[.]b", True), ("matching", "1[.]a[.]x", False), ("matching", "1", False),
    ("performance", "step[.]done[,][.]x", True), ("performance", "[.]", False),
    ("sequencing", "a[,]b[,]a", True), ("sequencing", "", False),
    ("numeric", "-3.25", True), ("numeric", "three", False),
    ("other", "whatever", True),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "said", "is_right"), RESPONSES)
def test_answers_have_the_form_of_their_kind(api: Api, kind: str, said: str, is_right: bool) -> None:
    found = results_2004(
        api, ("SetValue", "cmi.interactions.0.id", "i"), ("SetValue", "cmi.interactions.0.type", kind),
        ("SetValue", "cmi.interactions.0.learner_response", said),
    )  # fmt: skip
    assert found[-1] == (("true", "0") if is_right else ("false", "406"))


@pytest.mark.parametrize(
    ("kind", "said", "is_right"),
    [
        ("numeric", "1[:]10", True), ("numeric", "[:]", True), ("numeric", "10[:]1", False), ("numeric", "5", False),
        ("fill-in", "{case_matters=true}{order_matters=false}a[,]b", True),
        ("performance", "{order_matters=false}a[.]1", True), ("true-false", "maybe", False),
    ],
)  # fmt: skip
def test_right_answers_have_the_form_of_their_kind(api: Api, kind: str, said: str, is_right: bool) -> None:
    found = results_2004(
        api, ("SetValue", "cmi.interactions.0.id", "i"), ("SetValue", "cmi.interactions.0.type", kind),
        ("SetValue", "cmi.interactions.0.correct_responses.0.pattern", said),
    )  # fmt: skip
    assert found[-1] == (("true", "0") if is_right else ("false", "406"))


def test_scores_with_the_digits_that_javascript_writes_are_taken(api: Api) -> None:
    assert results_12(api, ("LMSSetValue", "cmi.core.score.raw", "66.66666666666667")) == [("true", "0")]
    assert results_2004(api, ("SetValue", "cmi.score.scaled", "0.6666666666666666")) == [("true", "0")]


def test_there_is_one_right_answer_where_there_can_be_only_one(api: Api) -> None:
    pattern = "cmi.interactions.0.correct_responses.{}.pattern"
    found = results_2004(
        api, ("SetValue", "cmi.interactions.0.id", "i"), ("SetValue", "cmi.interactions.0.type", "true-false"),
        ("SetValue", pattern.format(0), "true"), ("SetValue", pattern.format(1), "false"),
    )  # fmt: skip
    assert found[-1] == ("false", "351")


def test_a_status_that_a_threshold_decides_is_read_so(api: Api) -> None:
    rule = {"cmi.success_status": "return values.get('cmi.score.scaled') >= 0.5 ? 'passed' : 'unknown'"}
    found = results_2004(
        api, ("SetValue", "cmi.success_status", "failed"), ("GetValue", "cmi.success_status"),
        ("SetValue", "cmi.score.scaled", "0.5"), ("GetValue", "cmi.success_status"), derived=rule,
    )  # fmt: skip
    assert [value for value, _ in found] == ["true", "unknown", "true", "passed"]


def test_arrays_of_an_earlier_session_are_counted(api: Api) -> None:
    known = {"cmi.objectives.0.id": "a", "cmi.objectives.1.id": "b"}
    found = results_2004(
        api, ("GetValue", "cmi.objectives._count"), ("SetValue", "cmi.objectives.2.id", "c"), values=known
    )
    assert found == [("2", "0"), ("true", "0")]


@pytest.mark.parametrize("standard", MODELS)
def test_the_server_takes_what_the_player_takes_and_refuses_what_it_refuses(api: Api, standard: str) -> None:
    """Every element with values of every kind; answers to questions are left out, which only the player reads."""
    differ = list[tuple[str, str, str]]()
    samples = [
        "", "0", "1", "-1", "0.5", "1.01", "-1.01", "100", "101", "999", "1e3", "+5", "05", " 1", "passed", "unknown",
        "66.66666666666667", "0.6666666666666666", ".5", "5.", ".", "1.2.3", "-.5", "0." + "1" * 21,
        "true", "00:00:01", "0000:00:00.00", "24:00:00", "PT1S", "PT", "P1Y", "PT1.5S", "P1W", "2026", "2026-02-29",
        "2024-02-29", "2026-11-23T10:00:00.5+01:00", "en", "en-GB", "x y", "urn:x:y", "urn:", "{lang=en}x", "{lang=}x",
        "x" * 255, "x" * 256, "अ" * 255, "😀" * 255, "😀" * 256, "correct", "choice", "continue", "a\nb", "٣", "\u00a0",
    ]  # fmt: skip
    open_, set_ = ("LMSInitialize", "LMSSetValue") if standard == "scorm-1.2" else ("Initialize", "SetValue")
    known = {f"cmi.{array}.{n}.id": f"i{n}" for array in ("objectives", "interactions") for n in (0, 1)}
    for name, element in MODELS[standard].items():
        if "w" not in element.access or element.kind[0] in ("response", "pattern"):
            continue
        place = f"{name.removesuffix('.n.id')}.2.id" if name.count(".n") == 1 and name.endswith(".n.id") else name
        place = place.replace(".n", ".0")
        calls = [(set_, place, sample) for sample in samples]
        runs = [[call] for call in calls] if place.endswith(".id") else [calls]
        taken = [one for run in runs for one in api(standard, (open_, ""), *run, values=known)[1:]]
        for sample, (said, _) in zip(samples, taken, strict=True):
            if (said == "true") != is_taken(standard, known, place, sample):
                differ.append((place, sample, said))
    assert differ == []


def is_taken(standard: str, known: dict[str, str], name: str, value: str) -> bool:
    try:
        checked_claims(standard, known, {name: value})
    except ClaimRefusedError:
        return False
    return True
