"""Finding statements again: by id, by what they mention, in pages, in three formats, and never another partner's."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection, transaction
from pytest_django import DjangoAssertNumQueries

from courses.statements.models import Statement
from courses.statements.reading import consistent_through
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


def test_moments_narrow_what_is_found(lms: LearningSystem) -> None:
    numbers = [lms.store(small())[0] for _ in range(3)]
    moments = [lms.get(statementId=number).json()["stored"] for number in numbers]
    assert lms.found(since=moments[0]) == numbers[:0:-1]
    assert lms.found(until=moments[1]) == numbers[1::-1]
    assert lms.found(since=moments[0], until=moments[1]) == [numbers[1]]
    assert lms.found(since="2012-06-01T19:09:13.245+02:00", limit=1) == [numbers[2]]


def test_pages_follow_each_other_without_gap_or_repetition(either: LearningSystem) -> None:
    numbers = either.store(*[small() for _ in range(7)])
    for ascending, expected in ((True, numbers), (False, numbers[::-1])):
        found, answer = list[str](), either.get(limit=3, ascending=ascending, verb=small()["verb"]["id"]).json()
        while True:
            found += [statement["id"] for statement in answer["statements"]]
            if not answer["more"]:
                break
            assert answer["more"].startswith("/xapi/statements?more=")
            answer = either.get(answer["more"]).json()
        assert found == expected


def test_an_answer_without_statements_is_one(either: LearningSystem) -> None:
    assert either.get(verb="a:none").json() == {"statements": [], "more": ""}


def test_a_link_to_more_serves_nobody_else(lms: LearningSystem) -> None:
    lms.store(small(), small())
    more = lms.get(limit=1).json()["more"]
    other = LearningSystem.of(PartnerFactory.create(program=lms.token.program))
    other.store(small(), small())
    assert other.get(more).status_code == 400
    seal = parse_qs(urlsplit(more).query)["more"][0]
    assert lms.get(more=seal[:-1] + ("A" if seal[-1] != "A" else "B")).status_code == 400


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


def test_statements_with_identifiers_only(either: LearningSystem) -> None:
    number = either.store(full())[0]
    for found in (
        either.get(statementId=number, format="ids").json(),
        either.get(format="ids").json()["statements"][0],
    ):
        assert found["actor"] == {name: ANNA[name] for name in ("objectType", "account")}
        assert found["verb"] == {"id": "http://adlnet.gov/expapi/verbs/completed"}
        assert found["object"] == {"id": COURSE}
        assert found["context"]["team"] == {
            "objectType": "Group",
            "member": [{k: BEN[k] for k in ("objectType", "mbox")}],
        }
        assert found["context"]["contextActivities"]["parent"] == [{"id": "https://academy.example/programmes/1"}]
        assert found["result"]["duration"] == "PT1H2M3.5S"


@pytest.mark.parametrize(
    ("asked", "tag"), [("de-AT,en;q=0.5", "de"), ("en", "en-GB"), ("en-US", "en-GB"), ("fr", "en-GB"), ("", "en-GB")]
)
def test_canonical_statements_speak_one_language(either: LearningSystem, asked: str, tag: str) -> None:
    either.store(small(object=full(objectType="SubStatement")), full())
    for found in either.get(format="canonical", headers={"Accept-Language": asked}).json()["statements"]:
        part = found["object"] if found["object"].get("objectType") == "SubStatement" else found
        definition = part["object"]["definition"]
        assert [list(texts) for texts in (part["verb"]["display"], definition["name"], definition["description"])] == [
            [tag]
        ] * 3
        assert list(definition["choices"][0]["description"]) == [tag]
        assert definition["type"] == "http://adlnet.gov/expapi/activities/course"


def test_exact_statements_speak_all_languages(lms: LearningSystem) -> None:
    lms.store(full())
    found = lms.get(headers={"Accept-Language": "de"}).json()["statements"][0]
    assert found["verb"]["display"] == {"en-GB": "completed", "de": "abgeschlossen"}


def test_everything_that_was_stored_is_consistent(lms: LearningSystem) -> None:
    number = lms.store(small())[0]
    answer = lms.get(statementId=number)
    through = datetime.fromisoformat(answer["X-Experience-API-Consistent-Through"])
    assert through > datetime.fromisoformat(answer.json()["stored"])


@pytest.mark.django_db(transaction=True)
def test_what_is_being_stored_holds_the_consistent_moment_back(lms: LearningSystem, partner: Partner) -> None:
    """Another connection has stored a statement and not committed it: nobody may believe to have seen all until now."""

    def read() -> datetime:
        try:
            return consistent_through(partner)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as other:
        before = other.submit(read).result()
        with transaction.atomic():
            lms.store(small())
            stored = Statement.objects.get().stored_at
            assert before < other.submit(read).result() <= stored
        assert other.submit(read).result() > stored


@pytest.mark.django_db(transaction=True)
def test_an_ascending_page_ends_before_what_is_being_stored(lms: LearningSystem) -> None:
    """Who reads on from its end would else never see the statement that was stored first and committed last."""

    def store_and_read(number: str) -> list[list[str]]:
        try:
            lms.store(small(id=number))
            return [lms.found(ascending=True), lms.found()]
        finally:
            connection.close()

    first, second = new_id(), new_id()
    lms.get()  # that the token is used is noted now, and not in the transaction
    with ThreadPoolExecutor(1) as other:
        with transaction.atomic():
            lms.store(small(id=first))
            assert other.submit(store_and_read, second).result() == [[], [second]]
        assert other.submit(store_and_read, second).result() == [[first, second], [second, first]]


def test_a_question_takes_as_many_queries_for_many_statements(
    lms: LearningSystem, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    lms.store(full())
    lms.get()
    for number in (0, 20):
        lms.store(*[full() for _ in range(number)])
        with django_assert_num_queries(4):  # token, partner, how far the answer is complete, the statements
            lms.get(agent=BEN, related_agents=True)


def test_a_page_has_as_many_statements_as_we_give(lms: LearningSystem) -> None:
    lms.store(*[small() for _ in range(501)])
    for limit in ({}, {"limit": 0}, {"limit": 1000}, {"limit": "9" * 400}):
        answer = lms.get(**limit).json()
        assert len(answer["statements"]) == 500
        assert answer["more"]
