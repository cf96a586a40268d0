"""What of a statement becomes a cell."""

from typing import Any

import pytest

from courses.statements.cells import cell_at, cells_of, last_part
from tests.test_statements.lms import COURSE, SOME_ID, TEAM, full, small

MOMENT = "2026-03-01T10:00:00Z"


def cells(statement: dict[str, Any], *columns: str) -> list[str]:
    return list(cells_of({"timestamp": MOMENT} | statement, columns).values())


@pytest.mark.parametrize(
    ("actor", "learner", "email"),
    [
        ({"account": {"homePage": "https://x.example", "name": "4711"}}, "4711", ""),
        ({"objectType": "Agent", "mbox": "mailto:ben@mine.test"}, "ben@mine.test", "ben@mine.test"),
        ({"mbox_sha1sum": "a" * 40}, "a" * 40, ""),
        ({"openid": "https://id.example/dora"}, "https://id.example/dora", ""),
        (TEAM, "", ""),
        ({"objectType": "Group", "mbox": "mailto:all@mine.test"}, "", "all@mine.test"),
    ],
)
def test_who_learned(actor: dict[str, Any], learner: str, email: str) -> None:
    assert cells(small(actor=actor), "learner", "email") == [learner, email]


@pytest.mark.parametrize(
    ("iri", "code"),
    [
        (COURSE, "first-steps"), ("https://x.test/first-steps/", "first-steps"), ("urn:x:first-steps", "first-steps"),
        ("https://x.test/all#first-steps", "first-steps"), ("https://x.example/view?id=9", "view?id=9"), ("a:/", "a"),
    ],
)  # fmt: skip
def test_the_last_part_of_an_activity_is_its_code(iri: str, code: str) -> None:
    assert last_part(iri) == code
    assert cells(small(object={"id": iri}), "activity", "object.id") == [code, iri]


def test_only_an_activity_has_a_code() -> None:
    assert cells(small(object={"objectType": "StatementRef", "id": SOME_ID}), "activity") == [""]


@pytest.mark.parametrize(
    ("verb", "word"),
    [("http://adlnet.gov/expapi/verbs/passed", "passed"), ("https://x.example/verbs/passed", "https://x.example/verbs/passed")],
)  # fmt: skip
def test_a_verb_of_adl_goes_by_its_name(verb: str, word: str) -> None:
    assert cells(small(verb={"id": verb}), "verb", "verb.id") == [word, verb]


@pytest.mark.parametrize(
    ("path", "cell"),
    [
        ("actor.account.name", "anna"), ("object.id", COURSE), ("result.score.scaled", "0.8"),
        ("result.score.raw", "80"),
        ("result.success", "true"), ("context.extensions.https://academy.example/region", "N"), ("result.score", ""),
        ("context.contextActivities.parent.0.id", "https://academy.example/programmes/1"), ("nothing", ""), ("", ""),
        ("verb.display.en-GB", "completed"), ("object.definition.extensions.https://academy.example/x", ""),
        ("context.contextActivities.parent.1.id", ""), ("result.extensions", ""), ("actor.account.name.first", ""),
    ],
)  # fmt: skip
def test_values_are_found_by_their_path(path: str, cell: str) -> None:
    assert cells(full(), path) == [cell]


def test_names_with_dots_are_found_beside_others() -> None:
    assert cell_at({"a": {"b": {}, "b.c": 1}, "a.b": {"c": 2}}, "a.b.c") == "1"
    assert cell_at({"a": {"b": {}}, "a.b": {"c": 2}}, "a.b.c") == "2"


@pytest.mark.parametrize("zone", ["Z", "+05:30", "-0500", "+01"])
def test_a_moment_with_a_zone_stays_as_it_is(zone: str) -> None:
    moment = f"2026-03-01T10:00:00{zone}"
    assert cells(small(timestamp=moment), "timestamp") == [moment]


def test_a_moment_without_a_zone_is_utc() -> None:
    assert cells(small(timestamp="2026-03-01T10:00:00"), "timestamp") == [MOMENT]
