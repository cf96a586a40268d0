"""Whether statements are what the specification says: one strict pass over each, by tables of checks."""

import re
from typing import Any, Literal

from . import objects
from .actors import actor, agent, authority, group, identified
from .objects import SIGNATURE, VOIDED
from .values import (
    Check,
    InvalidError,
    is_iri,
    is_uuid,
    one_of,
    shape,
    timestamp,
    timestamp_with_zone,
    uuid,
)

Edition = Literal["1.0.3", "2.0.0"]
EDITIONS: tuple[Edition, ...] = ("1.0.3", "2.0.0")
_VERSION_1 = re.compile(r"1\.0(?:\.\d{1,9})?", re.ASCII).fullmatch
_VERSION_2 = re.compile(r"2\.0(?:\.\d{1,9})?", re.ASCII).fullmatch


def edition_of(version: str) -> Edition | None:
    """The edition of the specification that serves a version such as 1.0.1; None for versions that nothing serves."""
    if _VERSION_1(version):
        return "1.0.3"
    return "2.0.0" if _VERSION_2(version) else None


def version_1(value: Any) -> None:  # noqa: ANN401
    if type(value) is not str or edition_of(value) != "1.0.3":
        raise InvalidError("must be 1.0.x, as the request is.")


def version_2(value: Any) -> None:  # noqa: ANN401
    if type(value) is not str or edition_of(value) is None:
        raise InvalidError("must be 2.0.x or 1.0.x.")


def object_check(sub_statement: Check | None) -> Check:
    """A check for what a statement is about; without `sub_statement`, for what a sub-statement is about."""
    kinds: dict[str, Check] = {
        "Activity": objects.activity,
        "Agent": agent,
        "Group": group,
        "StatementRef": objects.statement_ref,
    }
    if sub_statement:
        kinds["SubStatement"] = sub_statement

    def check(value: Any) -> None:  # noqa: ANN401
        kind = value.get("objectType", "Activity") if type(value) is dict else None
        within = kinds.get(kind) if type(kind) is str else None
        if within is None:
            raise InvalidError(f"must be one of: {', '.join(kinds)}.")
        within(value)

    return check


def whole(check: Check) -> Check:
    """The check of a statement, and what its parts must be to each other."""

    def together(value: Any) -> None:  # noqa: ANN401
        check(value)
        kind = value["object"].get("objectType", "Activity")
        context = value.get("context")
        if context and kind != "Activity" and ("revision" in context or "platform" in context):
            raise InvalidError("must have neither revision nor platform where the object is no activity.").at("context")
        if kind != "StatementRef" and value["verb"]["id"] == VOIDED:
            raise InvalidError("must be a StatementRef where the verb is “voided”.").at("object")

    return together


def statement_check(edition: Edition) -> Check:
    """The check of one statement by this edition of the specification."""
    first = edition == "1.0.3"
    moment = timestamp if first else timestamp_with_zone
    shared: dict[str, Check] = {
        "actor": actor,
        "verb": objects.verb,
        "result": objects.result,
        "context": objects.context_1 if first else objects.context_2,
        "timestamp": moment,
        "attachments": objects.attachments,
    }
    required = ("actor", "verb", "object")
    sub_statement = whole(
        shape(shared | {"objectType": one_of("SubStatement"), "object": object_check(None)}, required)
    )
    own: dict[str, Check] = {
        "id": uuid,
        "object": object_check(sub_statement),
        "stored": moment,
        "authority": authority,
        "version": version_1 if first else version_2,
    }
    return whole(shape(shared | own, required))


CHECKS: dict[Edition, Check] = {edition: statement_check(edition) for edition in EDITIONS}


def check_statements(statements: list[Any], edition: Edition) -> None:
    """Raises `InvalidError` for the first statement that is none, and where an id is used twice."""
    check = CHECKS[edition]
    ids = set[str]()
    for place, statement in enumerate(statements):
        try:
            check(statement)
        except InvalidError as error:
            raise error.at(f"Statement {place + 1}") from None
        if "id" in statement:
            number = statement["id"].lower()
            if number in ids:
                raise InvalidError("must have an id of its own in this request.").at(f"Statement {place + 1}")
            ids.add(number)


__all__ = [
    "CHECKS",
    "EDITIONS",
    "SIGNATURE",
    "VOIDED",
    "Edition",
    "InvalidError",
    "agent",
    "check_statements",
    "edition_of",
    "identified",
    "is_iri",
    "is_uuid",
]
