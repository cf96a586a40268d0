"""Profiles that read xAPI statements: which ones, and what of a statement can be a column."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

VERBS = "http://adlnet.gov/expapi/verbs/"  # of a verb here, its name alone is enough
VOIDED = f"{VERBS}voided"
USUAL = ("completed", "passed", "failed")
TYPES = "http://adlnet.gov/expapi/activities/"
# ADL's activity types by their last words. They are listed so that a misspelt one is found before it hides statements.
ACTIVITY_TYPES = (
    *("assessment", "attempt", "cmi.interaction", "course", "file", "interaction", "lesson", "link", "media"),
    *("meeting", "module", "objective", "performance", "profile", "question", "simulation"),
)
# Columns that are made of several parts of a statement, beside the paths of its values.
LEARNER, EMAIL, ACTIVITY, VERB = "learner", "email", "activity", "verb"
MADE = (LEARNER, EMAIL, ACTIVITY, VERB)
ID = "id"
PATH = re.compile(r"(?:id|timestamp|version|(?:actor|verb|object|result|context|attachments)\..+)")


@dataclass(frozen=True)
class Statements:
    """Verbs and activity types of the statements that are read, and the partner's code if no other partner's are.

    Without types, activities of any type are read and those without one.
    """

    verbs: frozenset[str]
    partner: str = ""
    types: frozenset[str] = frozenset()

    def take(self, statement: dict[str, Any]) -> bool:
        """Whether this checked statement becomes a row."""
        if statement["verb"]["id"] not in self.verbs:
            return False
        return not self.types or statement["object"].get("definition", {}).get("type") in self.types


def statements_in(stored: dict[str, Any]) -> Statements | None:
    """What a checked profile says of statements; nothing if it reads files alone."""
    said = stored.get("statements")
    if said is None:
        return None
    verbs, types = map(verb_id, said.get("verbs", USUAL)), map(type_id, said.get("types", ()))
    return Statements(frozenset(verbs), said.get("partner", ""), frozenset(types))


def verb_id(word: str) -> str:
    return word if ":" in word else VERBS + word


def type_id(word: str) -> str:
    return word if ":" in word else TYPES + word


def verb_word(identifier: str) -> str:
    """How a verb is written in a profile and in the column `verb`."""
    return identifier.removeprefix(VERBS)


def statement_faults(content: dict[str, Any], columns: tuple[str, ...]) -> Iterator[str]:
    """What is wrong with a profile that reads statements, each by its key. `columns` are all that it reads."""
    said = statements_in(content)
    if said is None:
        return
    if VOIDED in said.verbs:
        yield "statements.verbs: voided takes statements back and brings none"
    if ID not in content["record_key"]:
        yield "record_key: needs id, that of the statement: each is a record of its own, so that voiding takes back one"
    for column in columns:
        if column not in MADE and not PATH.fullmatch(column):
            yield (
                f"{column!r} is no part of a statement: columns are {', '.join(MADE)}, id, timestamp, and paths such as"
                " actor.account.name, object.id, result.success"
            )
    if content["result"]["column"] == VERB:
        values = content["result"]["values"]
        yield from (
            f"result.values: does not say what {word} means"
            for word in sorted(map(verb_word, said.verbs))
            if word not in values
        )
