"""A statement as the cells of a row: paths of its values, and columns that are made of several of them."""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from courses.returns.profiles.statements import ACTIVITY, EMAIL, LEARNER, VERB, verb_word

MAILBOX = "mailto:"
TIMESTAMP = "timestamp"
BEFORE_THE_NAME = re.compile(r"[/#:]")


def cells_of(statement: dict[str, Any], columns: Iterable[str]) -> dict[str, str]:
    """The cells of a checked statement that has its `timestamp`, in these columns; empty where it says nothing.

    Besides the paths of `cell_at` there are four: `learner`, `email`, `activity` and `verb`.
    """
    made = made_of(statement)
    return {column: made[column] if column in made else cell_at(statement, column) for column in columns}


def cell_at(value: Any, path: str) -> str:  # noqa: ANN401
    """The value at a dotted path as text; empty where there is none, or an object or a list.

    `result.score.scaled`, `context.extensions.<iri>`; elements of a list by their place, from 0:
    `context.contextActivities.grouping.0.id`. Truth values are `true` and `false`, null is empty. Names may have dots.
    """
    if isinstance(value, list):
        value = {str(place): item for place, item in enumerate(value)}
    if not isinstance(value, dict):
        return ""
    if path in value and not isinstance(value[path], dict | list):
        return text_of(value[path])
    inside = (cell_at(item, path[len(name) + 1 :]) for name, item in value.items() if path.startswith(f"{name}."))
    return next(filter(None, inside), "")


def text_of(value: str | int | float | bool | None) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else repr(value)


def made_of(statement: dict[str, Any]) -> dict[str, str]:
    actor, about = statement["actor"], statement["object"]
    return {
        LEARNER: learner_in(actor),
        EMAIL: actor.get("mbox", "").removeprefix(MAILBOX),
        ACTIVITY: last_part(about["id"]) if about.get("objectType", "Activity") == "Activity" else "",
        VERB: verb_word(statement["verb"]["id"]),
        TIMESTAMP: with_zone(statement[TIMESTAMP]),
    }


def learner_in(actor: dict[str, Any]) -> str:
    """The name of the actor's account, else its address, hash of an address, or OpenID; a group is no learner."""
    if actor.get("objectType", "Agent") != "Agent":
        return ""
    if "account" in actor:
        name: str = actor["account"]["name"]
        return name
    mailbox: str = actor.get("mbox", "")
    return mailbox.removeprefix(MAILBOX) or actor.get("mbox_sha1sum") or actor.get("openid") or ""


def last_part(iri: str) -> str:
    """What stands behind the last `/`, `#` or `:`, one at the very end left out of account."""
    return BEFORE_THE_NAME.split(iri.rstrip("/#:"))[-1]


def with_zone(moment: str) -> str:
    """A moment without a zone, which xAPI 1.0.x lets through, means UTC."""
    return moment if datetime.fromisoformat(moment).tzinfo else f"{moment}Z"
