"""The three ways to give a statement back: exactly, with identifiers only, or with one language (canonical)."""

from collections.abc import Callable, Sequence
from typing import Any

from django.utils.translation.trans_real import parse_accept_lang_header

from .checks.actors import IDENTIFIERS

Part = dict[str, Any]


def exact(statement: Part) -> Part:
    return statement


def ids(statement: Part) -> Part:
    """Only what agents, groups, activities and verbs are known by."""
    return changed(statement, actor=agent_ids, activity=lambda row: {"id": row["id"]}, verb=lambda v: {"id": v["id"]})


def canonical(languages: Sequence[str]) -> Callable[[Part], Part]:
    """Names and descriptions in one language each: of those that there are, the one that is asked for first."""

    def one_language(part: Part) -> Part:
        return {
            name: one(value) if name in ("display", "name", "description") else value for name, value in part.items()
        }

    def one(texts: dict[str, str]) -> dict[str, str]:
        tag = best(list(texts), languages)
        return {tag: texts[tag]} if tag else {}

    def activity(row: Part) -> Part:
        if "definition" not in row:
            return row
        definition = one_language(row["definition"])
        for name in ("choices", "scale", "source", "target", "steps"):
            if name in definition:
                definition[name] = [one_language(component) for component in definition[name]]
        return row | {"definition": definition}

    return lambda statement: changed(statement, actor=lambda row: row, activity=activity, verb=one_language)


def languages_asked(header: str) -> list[str]:
    """The languages of an Accept-Language header, the best first."""
    return [language for language, _ in parse_accept_lang_header(header.lower())]


def best(tags: list[str], asked: Sequence[str]) -> str | None:
    """Of the tags the one that was asked for first, by its whole or by its beginning; else the first of them."""
    for language in asked:
        for tag in tags:
            if tag.lower() == language:
                return tag
        for tag in tags:
            if tag.lower().split("-")[0] == language.split("-")[0]:
                return tag
    return tags[0] if tags else None


def agent_ids(actor: Part) -> Part:
    """The identifier with the object type; of a group that has none, its members' identifiers."""
    kept = {name: actor[name] for name in ("objectType", *IDENTIFIERS) if name in actor}
    if IDENTIFIERS & actor.keys():
        return kept
    return kept | {"member": [agent_ids(member) for member in actor.get("member", [])]}


Change = Callable[[Part], Part]


def changed(statement: Part, *, actor: Change, activity: Change, verb: Change) -> Part:
    """The statement or sub-statement with every agent, activity and verb in it changed."""
    made = statement | {"actor": actor(statement["actor"]), "verb": verb(statement["verb"])}
    about = statement["object"]
    kind = about.get("objectType", "Activity")
    if kind == "SubStatement":
        made["object"] = changed(about, actor=actor, activity=activity, verb=verb)
    elif kind in ("Agent", "Group"):
        made["object"] = actor(about)
    elif kind == "Activity":
        made["object"] = activity(about)
    if "authority" in statement:
        made["authority"] = actor(statement["authority"])
    if "context" in statement:
        made["context"] = changed_context(statement["context"], actor=actor, activity=activity)
    return made


def changed_context(context: Part, *, actor: Change, activity: Change) -> Part:
    made = context | {name: actor(context[name]) for name in ("instructor", "team") if name in context}
    if "contextActivities" in context:
        made["contextActivities"] = {
            name: [activity(row) for row in rows] for name, rows in context["contextActivities"].items()
        }
    for name, within in (("contextAgents", "agent"), ("contextGroups", "group")):
        if name in context:
            made[name] = [row | {within: actor(row[within])} for row in context[name]]
    return made
