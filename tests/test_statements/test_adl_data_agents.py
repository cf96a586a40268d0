"""What the conformance suite asks of agents and groups, in every place where one may stand."""

from collections.abc import Callable
from itertools import permutations
from typing import Any

import pytest

from courses.statements.checks import EDITIONS, Edition, InvalidError, check_statements
from tests.test_statements.lms import full, small

Put = Callable[[Any], dict[str, Any]]


def inner(**changes: Any) -> dict[str, Any]:
    return small(object=small(objectType="SubStatement", **changes))


EVERYWHERE: dict[str, Put] = {
    "actor": lambda who: small(actor=who),
    "object": lambda who: small(object=who),
    "instructor": lambda who: small(context={"instructor": who}),
    "actor of a sub-statement": lambda who: inner(actor=who),
    "object of a sub-statement": lambda who: inner(object=who),
    "instructor of a sub-statement": lambda who: inner(context={"instructor": who}),
}
AUTHORITY: dict[str, Put] = {"authority": lambda who: small(authority=who)}
TEAM: dict[str, Put] = {
    "team": lambda who: small(context={"team": who}),
    "team of a sub-statement": lambda who: inner(context={"team": who}),
}
AGENT_PLACES, GROUP_PLACES = EVERYWHERE | AUTHORITY, EVERYWHERE | TEAM
ACCOUNT = {"homePage": "https://academy.example", "name": "4711"}
KNOWN_BY: dict[str, Any] = {
    "mbox": "mailto:anna@example.org",
    "mbox_sha1sum": "ab" * 20,
    "openid": "https://id.example/anna",
    "account": ACCOUNT,
}
WRONG_IDENTIFIERS: list[dict[str, Any]] = [
    {"mbox": "mailto:anna.example.org"}, {"mbox": "https://anna.example.org"}, {"mbox": {"x": 1}}, {"mbox": None},
    {"mbox_sha1sum": {"x": 1}}, {"mbox_sha1sum": 12}, {"mbox_sha1sum": "ab" * 19},
    {"openid": "ab=c://id.example"}, {"openid": "id.example/anna"}, {"openid": {"x": 1}}, {"openid": ""},
    {"account": {"name": "4711"}}, {"account": {"homePage": "https://academy.example"}}, {"account": "4711"},
    {"account": ACCOUNT | {"homePage": "ab=c://academy.example"}}, {"account": ACCOUNT | {"homePage": "a.example"}},
    {"account": ACCOUNT | {"name": {"x": 1}}}, {"account": ACCOUNT | {"name": 4711}}, {"account": {}},
    *({one: KNOWN_BY[one], other: KNOWN_BY[other]} for one, other in permutations(KNOWN_BY, 2)),
]  # fmt: skip


WRONG_PARTS: list[dict[str, Any]] = [
    {"objectType": 123}, {"objectType": {"x": 1}}, {"objectType": "agent"}, {"objectType": "group"},
    {"objectType": "Person"}, {"name": 123}, {"name": {"x": 1}}, {"name": None}, {"member": []}, {"x": 1},
]  # fmt: skip
ANNA, TEAM_OF_ANNA = ({"objectType": kind, "mbox": KNOWN_BY["mbox"]} for kind in ("Agent", "Group"))
WRONG_MEMBERS: list[Any] = [
    *(None, {}, ANNA, [], [{}], ["anna"], [TEAM_OF_ANNA], [ANNA, 12], [ANNA | {"openid": KNOWN_BY["openid"]}]),
]


@pytest.fixture(params=EDITIONS)
def edition(request: pytest.FixtureRequest) -> Edition:
    found: Edition = request.param
    return found


def passes(statement: dict[str, Any], edition: Edition) -> bool:
    try:
        check_statements([statement], edition)
    except InvalidError:
        return False
    return True


@pytest.mark.parametrize("place", AGENT_PLACES)
def test_an_agent_is_known_by_exactly_one_identifier(place: str, edition: Edition) -> None:
    put = AGENT_PLACES[place]
    for name, value in KNOWN_BY.items():
        assert passes(put({"objectType": "Agent", name: value}), edition)
        assert passes(put({"objectType": "Agent", "name": "Anna", name: value}), edition)
        assert passes(put({name: value}), edition) is not place.startswith("object"), "an object says that it is one"
    for identifiers in ({}, *WRONG_IDENTIFIERS):
        assert not passes(put({"objectType": "Agent"} | identifiers), edition), identifiers


@pytest.mark.parametrize("place", AGENT_PLACES)
def test_an_agent_has_a_type_and_a_name_as_they_are_written(place: str, edition: Edition) -> None:
    for change in WRONG_PARTS:
        assert not passes(AGENT_PLACES[place](ANNA | change), edition), change


@pytest.mark.parametrize("place", GROUP_PLACES)
def test_a_group_is_known_by_one_identifier_or_by_its_members(place: str, edition: Edition) -> None:
    put = GROUP_PLACES[place]
    members = [{"objectType": "Agent", "mbox": "mailto:a@example.org"}, {"account": ACCOUNT}]
    assert passes(put({"objectType": "Group", "member": members}), edition)
    for name, value in KNOWN_BY.items():
        assert passes(put({"objectType": "Group", name: value}), edition)
        assert passes(put({"objectType": "Group", "name": "Team", name: value, "member": members}), edition)
    for identifiers in ({}, *WRONG_IDENTIFIERS):
        assert not passes(put({"objectType": "Group"} | identifiers), edition), identifiers


@pytest.mark.parametrize("place", GROUP_PLACES | AUTHORITY)
def test_members_are_a_list_of_agents(place: str, edition: Edition) -> None:
    for members in WRONG_MEMBERS:
        group = {"objectType": "Group", "name": "Team", "member": members}
        assert not passes((GROUP_PLACES | AUTHORITY)[place](group), edition), members


@pytest.mark.parametrize("place", TEAM)
def test_a_team_is_a_group(place: str, edition: Edition) -> None:
    for value in (
        {"objectType": "Agent", "mbox": KNOWN_BY["mbox"]},
        {"mbox": KNOWN_BY["mbox"]},
        {"x": 1},
        "team",
        None,
    ):
        assert not passes(TEAM[place](value), edition), value


def test_an_authority_that_is_a_group_is_two_agents_without_an_identifier(edition: Edition) -> None:
    application, user = {"account": ACCOUNT}, {"mbox": KNOWN_BY["mbox"]}
    pair = {"objectType": "Group", "member": [application, user]}
    assert passes(full(authority=pair), edition)
    for name, value in KNOWN_BY.items():
        assert not passes(full(authority=pair | {name: value}), edition)
        assert not passes(full(authority={"objectType": "Group", name: value}), edition)
    for members in ([application], [application, user, {"mbox": "mailto:b@example.org"}]):
        assert not passes(full(authority=pair | {"member": members}), edition)
