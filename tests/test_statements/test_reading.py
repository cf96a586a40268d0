"""Finding statements again: by id, by what they mention, in pages, in three formats, and never another partner's."""

from datetime import UTC, datetime
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from programs.models import Partner
from tests.factories import PartnerFactory
from tests.test_statements.lms import (
    ANNA,
    BEN,
    COURSE,
    REGISTRATION,
    SOME_ID,
    STATEMENTS,
    TEAM,
    LearningSystem,
    full,
    new_id,
    reference_to,
    small,
    voiding,
)

DORA = {"objectType": "Agent", "openid": "https://id.example/dora"}


def test_a_statement_is_found_by_its_id(either: LearningSystem) -> None:
    first, _ = either.store(small(), small())
    answer = either.get(statementId=first)
    assert (answer.status_code, answer.json()["id"]) == (200, first)
    assert answer["Content-Type"] == "application/json"


def test_the_answer_says_when_the_statement_was_stored(either: LearningSystem) -> None:
    number = either.store(small())[0]
    answer = either.get(statementId=number)
    stored = datetime.fromisoformat(answer.json()["stored"])
    assert datetime.strptime(answer["Last-Modified"], "%a, %d %b %Y %H:%M:%S GMT").replace(
        tzinfo=UTC
    ) == stored.replace(microsecond=0)


@pytest.mark.parametrize("name", ["statementId", "voidedStatementId"])
def test_a_statement_that_there_is_not_is_404(lms: LearningSystem, name: str) -> None:
    lms.store(small())
    assert lms.get(**{name: new_id()}).status_code == 404


def test_a_voided_statement_is_found_only_as_such(either: LearningSystem) -> None:
    number = either.store(small())[0]
    taking_back = either.store(voiding(number))[0]
    assert either.get(statementId=number).status_code == 404
    assert either.get(voidedStatementId=number).json()["id"] == number
    assert either.get(voidedStatementId=taking_back).status_code == 404
    assert either.found() == [taking_back]


@pytest.mark.parametrize("name", ["statementId", "voidedStatementId"])
@pytest.mark.parametrize(
    "other",
    [
        {"agent": ANNA}, {"verb": "a:b"}, {"activity": COURSE}, {"registration": REGISTRATION}, {"limit": 1},
        {"related_activities": True}, {"related_agents": True}, {"since": "2026-01-01T00:00:00Z"}, {"ascending": True},
        {"until": "2026-01-01T00:00:00Z"},
    ],
)  # fmt: skip
def test_an_id_goes_with_format_and_attachments_only(lms: LearningSystem, name: str, other: dict[str, Any]) -> None:
    assert lms.get(**{name: new_id()} | other).status_code == 400


def test_one_id_is_asked_for_at_a_time(lms: LearningSystem) -> None:
    assert lms.get(statementId=new_id(), voidedStatementId=new_id()).status_code == 400


@pytest.mark.parametrize(
    "params",
    [
        {"statementId": "x"}, {"statementId": ""}, {"agent": "Anna"}, {"agent": {}}, {"agent": TEAM}, {"agent": [ANNA]},
        {"verb": "completed"}, {"activity": "course"}, {"registration": "x"}, {"related_agents": "yes"},
        {"since": "yesterday"}, {"until": "2026-13-01T00:00:00Z"}, {"limit": -1}, {"limit": "many"}, {"limit": "1.5"},
        {"limit": "²"}, {"format": "short"}, {"attachments": "1"}, {"ascending": "TRUE"}, {"foo": "bar"}, {"LIMIT": 1},
        {"StatementId": SOME_ID}, {"more": "x"}, {"more": "x", "limit": 1}, {"agent": "\0"}, {"verb": "a:\0"},
    ],
)  # fmt: skip
def test_a_wrong_parameter_is_400(either: LearningSystem, params: dict[str, Any]) -> None:
    answer = either.get(**params)
    assert answer.status_code == 400
    assert answer.json()["detail"]
    assert answer["X-Experience-API-Consistent-Through"]


def test_a_parameter_that_is_given_twice_is_400(lms: LearningSystem) -> None:
    assert lms.get(f"{STATEMENTS}?limit=1&limit=2").status_code == 400


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ({}, "full small ben team sub"),
        ({"verb": "http://adlnet.gov/expapi/verbs/completed"}, "full small sub"),
        ({"verb": "a:inner"}, ""),
        ({"activity": COURSE}, "full small ben team"),
        ({"activity": COURSE, "related_activities": True}, "full small ben team sub"),
        ({"activity": "https://academy.example/profile"}, ""),
        ({"activity": "https://academy.example/profile", "related_activities": True}, "full sub"),
        ({"registration": REGISTRATION}, "full"),
        ({"registration": REGISTRATION.upper()}, "full"),
        ({"agent": ANNA}, "full small sub"),
        ({"agent": {"account": {"homePage": "https://academy.example", "name": "anna"}}}, "full small sub"),
        ({"agent": {"account": {"homePage": "https://other.example", "name": "anna"}}}, ""),
        ({"agent": BEN}, "ben team"),
        ({"agent": BEN, "related_agents": True}, "full ben team sub"),
        ({"agent": {"mbox": "mailto:carla@example.org"}}, ""),
        ({"agent": {"mbox": "mailto:carla@example.org"}, "related_agents": True}, "full sub"),
        ({"agent": DORA, "related_agents": True}, "sub"),
        ({"agent": DORA}, ""),
        ({"agent": BEN, "verb": "a:met"}, "ben"),
        ({"agent": BEN, "related_agents": True, "activity": COURSE}, "full ben team"),
        ({"agent": ANNA, "verb": "a:met"}, ""),
    ],
)
def test_statements_are_found_by_what_they_mention(
    either: LearningSystem, question: dict[str, Any], found: str
) -> None:
    inner = full(objectType="SubStatement", actor=DORA, verb={"id": "a:inner"})
    inner["context"].pop("registration")
    statements = {
        "full": full(),
        "small": small(),
        "ben": small(actor=BEN, verb={"id": "a:met"}),
        "team": small(actor=TEAM, verb={"id": "a:taught"}),
        "sub": small(object=inner),
    }
    names = dict(zip(either.store(*statements.values()), statements, strict=True))
    assert [names[number] for number in either.found(**question, ascending=True)] == found.split()


def test_an_agent_that_is_the_object_is_found_like_an_actor(lms: LearningSystem) -> None:
    number = lms.store(small(object=BEN))[0]
    assert lms.found(agent=BEN) == [number]


def test_further_agents_of_version_2_are_found_as_related(partner: Partner) -> None:
    lms = LearningSystem.of(partner, version="2.0.0")
    context = {
        "contextAgents": [{"objectType": "contextAgent", "agent": DORA}],
        "contextGroups": [{"objectType": "contextGroup", "group": TEAM}],
    }
    number = lms.store(small(context=context))[0]
    for agent in (DORA, BEN):
        assert lms.found(agent=agent, related_agents=True) == [number]
        assert lms.found(agent=agent) == []


def test_statements_are_found_by_who_vouches_for_them(lms: LearningSystem, partner: Partner) -> None:
    number = lms.store(small())[0]
    LearningSystem.of(partner).store(small())
    authority = lms.get(statementId=number).json()["authority"]
    assert lms.found(agent=authority, related_agents=True) == [number]
    assert lms.found(agent=authority) == []


def test_what_refers_to_a_match_is_found_with_it(either: LearningSystem) -> None:
    voided = either.store(small(verb={"id": "a:once"}))[0]
    taking_back = either.store(voiding(voided))[0]
    about = either.store(reference_to(voided, verb={"id": "a:once"}))[0]
    further = either.store(reference_to(about, verb={"id": "a:other"}))[0]
    either.store(small(), reference_to(new_id()))
    assert either.found(verb="a:once") == [further, about, taking_back]
    assert either.found(verb="a:once", limit=1) == [further]
    assert either.found(verb="a:once", ascending=True) == [taking_back, about, further]


def test_references_in_a_circle_end(lms: LearningSystem) -> None:
    first, second = new_id(), new_id()
    lms.store(reference_to(first, id=second), reference_to(second, id=first))
    assert set(lms.found(agent=ANNA)) == {first, second}


def test_a_partner_finds_nothing_of_another(lms: LearningSystem) -> None:
    number = lms.store(full())[0]
    for partner in (PartnerFactory.create(program=lms.token.program), PartnerFactory.create()):
        other = LearningSystem.of(partner)
        assert other.found() == other.found(agent=ANNA) == other.found(agent=BEN, related_agents=True) == []
        assert other.get(statementId=number).status_code == 404
        assert other.get("/xapi/activities", activityId=COURSE).json() == {"objectType": "Activity", "id": COURSE}
        assert other.get("/xapi/agents", agent={"mbox": "mailto:ben@example.org"}).json().get("name") is None


def test_tokens_of_one_partner_see_the_same(lms: LearningSystem, partner: Partner) -> None:
    number = lms.store(small())[0]
    assert LearningSystem.of(partner).found() == [number]


def test_a_question_takes_as_many_queries_for_many_statements(
    lms: LearningSystem, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    lms.store(full())
    lms.get()
    for number in (0, 20):
        lms.store(*[full() for _ in range(number)])
        with django_assert_num_queries(4):  # token, partner, how far the answer is complete, the statements
            lms.get(agent=BEN, related_agents=True)
