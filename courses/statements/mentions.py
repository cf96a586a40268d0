"""Whom and what a statement mentions, as keys by which it is found again.

A key stands for one partner, one relation and one identifier: the first 64 bits of a BLAKE2b hash. An agent or activity
that a statement mentions in several relations has the key of the nearest one.
"""

from collections.abc import Iterator
from functools import lru_cache
from hashlib import blake2b
from typing import Any, NamedTuple

AGENT, RELATED_AGENT = "agent", "related-agent"
ACTIVITY, RELATED_ACTIVITY = "activity", "related-activity"
VERB, REGISTRATION = "verb", "registration"

REMEMBERED = 300  # characters: longer values are not kept, so that nobody fills the memory with them

Statement = dict[str, Any]
Mention = tuple[str, str]  # relation and identifier


def key_of(partner: int, relation: str, identifier: str) -> int:
    """What the database keeps and looks for. Short ones are remembered: the same verbs and courses come again."""
    said = f"{partner}\n{relation}\n{identifier}"
    return remembered_hash(said) if len(said) <= REMEMBERED else hash_of(said)


def hash_of(said: str) -> int:
    return int.from_bytes(blake2b(said.encode(), digest_size=8).digest(), signed=True)


remembered_hash = lru_cache(maxsize=10_000)(hash_of)


def keys_of(partner: int, statement: Statement) -> list[int]:
    """All keys of a checked statement."""
    return [key_of(partner, relation, identifier) for relation, identifier in mentions(statement)]


def mentions(statement: Statement) -> list[Mention]:
    """The verb, the registration, every agent and every activity, each once."""
    agents = dict.fromkeys([*agents_in(statement["actor"]), *agents_of_object(statement["object"])], AGENT)
    activities = dict.fromkeys(activity_of_object(statement["object"]), ACTIVITY)
    context = statement.get("context", {})
    related_agents, related_activities = list(agents_in_context(context)), list(activities_in_context(context))
    if statement["object"].get("objectType") == "SubStatement":
        inner = statement["object"]
        within = inner.get("context", {})
        related_agents += [*agents_in(inner["actor"]), *agents_of_object(inner["object"]), *agents_in_context(within)]
        related_activities += [*activity_of_object(inner["object"]), *activities_in_context(within)]
    agents = dict.fromkeys(related_agents, RELATED_AGENT) | agents
    activities = dict.fromkeys(related_activities, RELATED_ACTIVITY) | activities
    found = [(VERB, statement["verb"]["id"])]
    if "registration" in context:
        found.append((REGISTRATION, context["registration"].lower()))
    found += [(relation, agent) for agent, relation in agents.items()]
    found += [(relation, activity) for activity, relation in activities.items()]
    return found


def identifier_of(actor: dict[str, Any]) -> str | None:
    """By what an agent or a group is known again; None for a group without an identifier."""
    if "mbox" in actor:
        return f"mbox {actor['mbox']}"
    if "account" in actor:
        return f"account {actor['account']['homePage']} {actor['account']['name']}"
    if "mbox_sha1sum" in actor:
        return f"mbox_sha1sum {actor['mbox_sha1sum'].lower()}"
    return f"openid {actor['openid']}" if "openid" in actor else None


def agents_in(actor: dict[str, Any]) -> Iterator[str]:
    """The agent, or the group with its members."""
    if known := identifier_of(actor):
        yield known
    for member in actor.get("member", ()):
        yield from agents_in(member)


def agents_of_object(about: dict[str, Any]) -> Iterator[str]:
    if about.get("objectType") in ("Agent", "Group"):
        yield from agents_in(about)


def agents_in_context(context: dict[str, Any]) -> Iterator[str]:
    for name in ("instructor", "team"):
        if name in context:
            yield from agents_in(context[name])
    for row in context.get("contextAgents", ()):
        yield from agents_in(row["agent"])
    for row in context.get("contextGroups", ()):
        yield from agents_in(row["group"])


def activity_of_object(about: dict[str, Any]) -> Iterator[str]:
    if about.get("objectType", "Activity") == "Activity":
        yield about["id"]


def activities_in_context(context: dict[str, Any]) -> Iterator[str]:
    for activities in context.get("contextActivities", {}).values():
        for activity in activities if type(activities) is list else [activities]:
            yield activity["id"]


class Reference(NamedTuple):
    """The statement that another one is about."""

    statement_id: str
    is_voiding: bool


def reference_in(statement: Statement, *, voided: str) -> Reference | None:
    """What the statement refers to, if its object is a reference; `voided` is the verb that takes back."""
    about = statement["object"]
    if about.get("objectType") != "StatementRef":
        return None
    return Reference(about["id"], statement["verb"]["id"] == voided)
